package dev.pabal.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A started broker's process. Closing stops it cleanly. */
final class Broker implements AutoCloseable {
    private static final int MAX_STOP_SECONDS = 180;

    /** Of the young and the old generation of the serial collector, and of nothing outside the heap. */
    private static final Pattern HEAP_USED = Pattern.compile("(?:def new|tenured|DefNew|Tenured)[^\\n]*used (\\d+)K");

    private final Process process;
    private final int port;
    private final List<Process> companions;

    private Broker(Process process, int port, List<Process> companions) {
        this.process = process;
        this.port = port;
        this.companions = companions;
    }

    /** Starts a command whose broker will listen on {@code port}; its output goes to {@code log}. */
    static Broker start(ProcessBuilder command, int port, Path log) throws IOException {
        command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new Broker(command.start(), port, List.of());
    }

    /** The same broker with a process that it needs and that ends after it. */
    Broker with(Process companion) {
        return new Broker(process, port, List.of(companion));
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** The broker's own process: a launcher that does not exec is looked through. */
    long pid() {
        List<ProcessHandle> java = process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .toList();
        return java.isEmpty() ? process.pid() : java.get(0).pid();
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** CPU-seconds of the broker's process and of those it has started. */
    double cpuSeconds() {
        return process.descendants()
                .mapToDouble(child -> Machine.cpuSecondsIfAlive(child.pid()))
                .reduce(Machine.cpuSeconds(process.pid()), Double::sum);
    }

    double residentMib() {
        return Machine.status(pid(), "VmRSS") / 1024.0;
    }

    /** Heap in use after a full collection of a broker that is a Java process, by the JDK's own jcmd. */
    double heapMib() throws IOException {
        jcmd("GC.run");
        long kib = 0;
        Matcher used = HEAP_USED.matcher(jcmd("GC.heap_info"));
        while (used.find()) {
            kib += Long.parseLong(used.group(1));
        }
        return kib / 1024.0;
    }

    private String jcmd(String command) throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process asked = new ProcessBuilder(jcmd.toString(), Long.toString(pid()), command)
                .redirectErrorStream(true)
                .start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    int descriptors() {
        return Machine.descriptors(pid());
    }

    /** SIGTERM, and wait. */
    @Override
    public void close() {
        end(false);
    }

    /** SIGKILL, and wait. */
    void kill() {
        end(true);
    }

    private void end(boolean forcibly) {
        if (forcibly) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        } else {
            ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroy);
        }
        try {
            if (!process.waitFor(MAX_STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the broker did not stop within " + MAX_STOP_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            companions.forEach(Process::destroy);
        }
    }

    /** A port of the loopback interface that was free a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

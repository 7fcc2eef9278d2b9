package dev.pabal.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A started broker's process. Closing stops it cleanly. */
final class Broker implements AutoCloseable {
    private static final int MAX_STOP_SECONDS = 180;

    private final Process process;
    private final int port;

    private Broker(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts a command whose broker will listen on {@code port}; its output goes to {@code log}. */
    static Broker start(ProcessBuilder command, int port, Path log) throws IOException {
        command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new Broker(command.start(), port);
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

    boolean isAlive() {
        return process.isAlive();
    }

    double cpuSeconds() {
        return Machine.cpuSeconds(pid());
    }

    double residentMib() {
        return Machine.status(pid(), "VmRSS") / 1024.0;
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
        List<ProcessHandle> all = process.descendants().toList();
        all.forEach(child -> {
            if (forcibly) {
                child.destroyForcibly();
            } else {
                child.destroy();
            }
        });
        if (forcibly) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        try {
            if (!process.waitFor(MAX_STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the broker did not stop within " + MAX_STOP_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** A port of the loopback interface that was free a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

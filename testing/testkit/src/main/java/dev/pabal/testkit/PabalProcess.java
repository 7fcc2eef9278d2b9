package dev.pabal.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A broker as a process of its own: started, waited for, stopped or killed, started again, and its memory and processor time read from
 * {@code /proc}. Not thread-safe, save for the reading methods.
 *
 * <pre>{@code
 * try (PabalProcess broker = PabalProcess.builder(dir).start()) {
 *     broker.bootstrapServers();
 *     broker.kill();       // as kill -9 does
 *     broker.restart();    // the same data, the same ports
 * }
 * }</pre>
 */
public final class PabalProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile(
            "pabal ready in (\\d+) ms: kafka=([^ ]+):(\\d+) amqp=([^ ]+):(\\d+) sqs=([^ ]+):(\\d+) http=([^ ]+):(\\d+)");
    private static final Duration START_TIMEOUT = Duration.ofSeconds(180);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(120);
    private static final int KEPT_LINES = 1_000;
    /** What the broker says of a port on which it cannot listen. */
    private static final String PORT_TAKEN = "it is in use";

    private static final long RETRY_NS = 200_000_000;

    private final Builder settings;
    private final List<String> output = new ArrayList<>();
    private volatile Process process;
    private volatile Ready ready;

    private PabalProcess(Builder settings) {
        this.settings = settings;
        CompletableFuture<Ready> said = new CompletableFuture<>();
        this.process = spawn(Ports.ANY, said);
        this.ready = await(said);
    }

    /** Settings for a broker on the data directory {@code data}. */
    public static Builder builder(Path data) {
        return new Builder(data);
    }

    /** The {@code bootstrap.servers} of Kafka clients. */
    public String bootstrapServers() {
        return ready.kafkaHost + ":" + ready.kafkaPort;
    }

    /** For example {@code http://127.0.0.1:41234}. */
    public String httpUrl() {
        return "http://" + ready.httpHost + ":" + ready.httpPort;
    }

    /** Host and port of AMQP 0-9-1. */
    public String amqpAddress() {
        return ready.amqpHost + ":" + ready.amqpPort;
    }

    public int amqpPort() {
        return ready.amqpPort;
    }

    /** The endpoint of SQS clients, for example {@code http://127.0.0.1:41234}. */
    public String sqsEndpoint() {
        return "http://" + ready.sqsHost + ":" + ready.sqsPort;
    }

    public int sqsPort() {
        return ready.sqsPort;
    }

    public int kafkaPort() {
        return ready.kafkaPort;
    }

    public int httpPort() {
        return ready.httpPort;
    }

    /** What the last ready line said, in ms since the process began. */
    public long readyMs() {
        return ready.afterMs;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The last lines of standard output and standard error, in the order they came. */
    public List<String> output() {
        synchronized (output) {
            return List.copyOf(output);
        }
    }

    /** Ends the process as {@code kill -9} does and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Asks the process to stop (SIGTERM), waits, and returns its exit code. */
    public int stop() {
        process.destroy();
        return awaitExit();
    }

    /**
     * Starts it again on the same data and the same ports; it must have ended. Where somebody has taken one of the ports meanwhile, as any
     * program's connection may, it is tried again for a while.
     */
    public void restart() {
        if (process.isAlive()) {
            throw new IllegalStateException("the broker still runs; stop or kill it first");
        }
        long untilNs = System.nanoTime() + START_TIMEOUT.toNanos();
        while (true) {
            CompletableFuture<Ready> said = new CompletableFuture<>();
            process = spawn(ready.ports(), said);
            try {
                ready = await(said);
                return;
            } catch (IllegalStateException e) {
                if (!String.valueOf(e.getMessage()).contains(PORT_TAKEN) || System.nanoTime() > untilNs) {
                    throw e;
                }
                awaitExit();
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }

    /** Waits until the process has ended by itself and returns its exit code. */
    public int awaitExit() {
        try {
            if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "the broker did not end within " + STOP_TIMEOUT + "; it said: " + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the broker's end", e);
        }
    }

    /** Resident memory in bytes ({@code VmRSS}). */
    public long residentBytes() {
        return statusKib("VmRSS:") * 1024;
    }

    /** Largest resident memory so far in bytes ({@code VmHWM}). */
    public long peakResidentBytes() {
        return statusKib("VmHWM:") * 1024;
    }

    /** Processor time used so far, user and system. */
    public Duration cpuTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Number of open descriptors. */
    public int openFiles() {
        String[] names = Path.of("/proc/" + pid() + "/fd").toFile().list();
        return names == null ? 0 : names.length;
    }

    private long statusKib(String field) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
                if (line.startsWith(field)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("no " + field + " in the status of process " + pid());
    }

    /** Kills the process where it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private Process spawn(Ports ports, CompletableFuture<Ready> said) {
        List<String> command = new ArrayList<>(settings.program());
        command.addAll(List.of("start", "--data", settings.data.toString()));
        command.addAll(List.of("--kafka-port", Integer.toString(ports.kafka)));
        command.addAll(List.of("--amqp-port", Integer.toString(ports.amqp)));
        command.addAll(List.of("--sqs-port", Integer.toString(ports.sqs)));
        command.addAll(List.of("--http-port", Integer.toString(ports.http)));
        command.addAll(settings.arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(settings.environment);
        try {
            Process started = builder.start();
            Thread reader = new Thread(() -> read(started, said), "pabal-output-" + started.pid());
            reader.setDaemon(true);
            reader.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("The broker cannot be started with " + command, e);
        }
    }

    private void read(Process from, CompletableFuture<Ready> said) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                keep(line);
                Matcher matcher = READY.matcher(line);
                if (matcher.matches()) {
                    said.complete(Ready.of(matcher));
                }
            }
        } catch (IOException e) {
            keep("(its output broke off: " + e.getMessage() + ")");
        }
        said.completeExceptionally(
                new IllegalStateException("the broker ended before it was ready; it said: " + output()));
    }

    private void keep(String line) {
        synchronized (output) {
            if (output.size() >= KEPT_LINES) {
                output.remove(0);
            }
            output.add(line);
        }
    }

    private Ready await(CompletableFuture<Ready> said) {
        try {
            return said.get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            close();
            throw new IllegalStateException(
                    "the broker was not ready within " + START_TIMEOUT + "; it said: " + output(), e);
        } catch (ExecutionException e) {
            throw (IllegalStateException) e.getCause();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the broker", e);
        }
    }

    private record Ports(int kafka, int amqp, int sqs, int http) {
        static final Ports ANY = new Ports(0, 0, 0, 0);
    }

    private record Ready(
            long afterMs,
            String kafkaHost,
            int kafkaPort,
            String amqpHost,
            int amqpPort,
            String sqsHost,
            int sqsPort,
            String httpHost,
            int httpPort) {
        static Ready of(Matcher matcher) {
            return new Ready(
                    Long.parseLong(matcher.group(1)),
                    matcher.group(2),
                    Integer.parseInt(matcher.group(3)),
                    matcher.group(4),
                    Integer.parseInt(matcher.group(5)),
                    matcher.group(6),
                    Integer.parseInt(matcher.group(7)),
                    matcher.group(8),
                    Integer.parseInt(matcher.group(9)));
        }

        Ports ports() {
            return new Ports(kafkaPort, amqpPort, sqsPort, httpPort);
        }
    }

    /** Says which program is started and how. */
    public static final class Builder {
        private final Path data;
        private final List<String> arguments = new ArrayList<>();
        private final List<String> jvmFlags = new ArrayList<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private @Nullable Path launcher;

        private Builder(Path data) {
            this.data = data;
            String home = System.getProperty("pabal.home");
            this.launcher = home == null ? null : Path.of(home, "bin", "pabal");
        }

        /** Uses this launcher script: {@code ./pabal} of a checkout or {@code bin/pabal} of a distribution. */
        public Builder launcher(Path script) {
            launcher = script;
            return this;
        }

        /**
         * Uses the classes of this JVM's class path instead of a launcher. The default, unless the system property {@code pabal.home} names an
         * unpacked distribution.
         */
        public Builder ownClassPath() {
            launcher = null;
            return this;
        }

        /** Adds arguments of {@code pabal start}. */
        public Builder arguments(String... more) {
            arguments.addAll(List.of(more));
            return this;
        }

        /** Adds flags of the JVM. */
        public Builder jvmFlags(String... more) {
            jvmFlags.addAll(List.of(more));
            return this;
        }

        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /**
         * Starts the broker and waits for its ready line.
         *
         * @throws IllegalStateException where it ends or says nothing for three minutes; the message holds what it printed
         */
        public PabalProcess start() {
            return new PabalProcess(this);
        }

        private List<String> program() {
            Path script = launcher;
            if (script != null) {
                if (!jvmFlags.isEmpty()) {
                    environment.put("PABAL_JAVA_OPTS", String.join(" ", jvmFlags));
                }
                return List.of(script.toString());
            }
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1g", "-Xss512k"));
            command.addAll(jvmFlags);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.pabal.cli.Pabal"));
            return command;
        }
    }
}

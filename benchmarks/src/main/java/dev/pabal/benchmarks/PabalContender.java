package dev.pabal.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Pabal by its own launcher, with its defaults: every acknowledgement waits for the sync. */
final class PabalContender implements Contender {
    private final ClassPaths classPaths;
    private final Path logs;
    private final Listener listener;

    /** The listener that a suite's clients use; the others take any free port. */
    enum Listener {
        KAFKA,
        AMQP,
        SQS
    }

    PabalContender(ClassPaths classPaths, Path logs, Listener listener) {
        this.classPaths = classPaths;
        this.logs = logs;
        this.listener = listener;
    }

    @Override
    public String name() {
        return "Pabal";
    }

    @Override
    public Broker start(Path data) throws IOException {
        int port = Broker.freePort();
        ProcessBuilder command = new ProcessBuilder(
                classPaths.root().resolve("pabal").toString(),
                "start",
                "--data",
                data.toString(),
                "--host",
                "127.0.0.1",
                "--kafka-port",
                Integer.toString(listener == Listener.KAFKA ? port : 0),
                "--amqp-port",
                Integer.toString(listener == Listener.AMQP ? port : 0),
                "--sqs-port",
                Integer.toString(listener == Listener.SQS ? port : 0),
                "--http-port",
                "0");
        Map<String, String> environment = command.environment();
        environment.put("PABAL_JAVA", classPaths.java());
        environment.put("PABAL_HEAP", "1g");
        return Broker.start(command, port, logs.resolve("pabal.log"));
    }
}

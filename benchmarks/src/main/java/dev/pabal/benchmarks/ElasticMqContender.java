package dev.pabal.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** ElasticMQ's server with its defaults, on loopback: queues in memory. Its heap is Pabal's. */
final class ElasticMqContender implements Contender {
    private final ClassPaths classPaths;
    private final Path logs;

    ElasticMqContender(ClassPaths classPaths, Path logs) {
        this.classPaths = classPaths;
        this.logs = logs;
    }

    @Override
    public String name() {
        return "ElasticMQ";
    }

    @Override
    public Broker start(Path data) throws IOException {
        int port = Broker.freePort();
        ProcessBuilder command = new ProcessBuilder(
                classPaths.java(),
                "-Xmx1g",
                "-Drest-sqs.bind-port=" + port,
                "-Drest-sqs.bind-hostname=127.0.0.1",
                "-Drest-stats.enabled=false",
                "-Dnode-address.port=" + port,
                "-cp",
                classPaths.elasticMq(),
                "org.elasticmq.server.Main");
        command.directory(data.toFile());
        return Broker.start(command, port, logs.resolve("elasticmq.log"));
    }
}

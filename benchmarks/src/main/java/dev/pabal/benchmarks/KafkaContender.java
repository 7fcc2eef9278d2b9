package dev.pabal.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Apache Kafka as one KRaft node with its defaults and the JVM flags of its own start script. */
final class KafkaContender implements Contender {
    private static final String CLUSTER_ID = "4L6g3nShT-eMCtK--X86sw";
    private static final List<String> KAFKAS_OWN_FLAGS = List.of(
            "-Xmx1G",
            "-Xms1G",
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-Djava.awt.headless=true");

    private final ClassPaths classPaths;
    private final Path logs;

    KafkaContender(ClassPaths classPaths, Path logs) {
        this.classPaths = classPaths;
        this.logs = logs;
    }

    @Override
    public String name() {
        return "Kafka";
    }

    @Override
    public void prepare(Path data) throws IOException {
        Files.createDirectories(data);
        Path config = configure(data, Broker.freePort(), Broker.freePort());
        List<String> command = java(
                "-Xmx256m",
                "kafka.tools.StorageTool",
                "format",
                "--standalone",
                "-t",
                CLUSTER_ID,
                "-c",
                config.toString());
        Machine.run(command.toArray(String[]::new));
    }

    @Override
    public Broker start(Path data) throws IOException {
        int port = Broker.freePort();
        Path config = configure(data, port, Broker.freePort());
        List<String> command = new ArrayList<>(List.of(classPaths.java()));
        command.addAll(KAFKAS_OWN_FLAGS);
        command.addAll(List.of("-cp", classPaths.kafka(), "kafka.Kafka", config.toString()));
        return Broker.start(new ProcessBuilder(command), port, logs.resolve("kafka.log"));
    }

    private List<String> java(String heap, String... mainAndArguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(classPaths.java(), heap, "-cp", classPaths.kafka()));
        command.addAll(Arrays.asList(mainAndArguments));
        return command;
    }

    /** Nothing but addresses, the folder, and the factors of 1 that a single node needs. */
    private static Path configure(Path data, int port, int controllerPort) throws IOException {
        return Files.writeString(
                data.resolveSibling(data.getFileName() + ".properties"),
                """
                process.roles=broker,controller
                node.id=1
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
                controller.quorum.bootstrap.servers=127.0.0.1:%2$d
                log.dirs=%3$s
                offsets.topic.replication.factor=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                """
                        .formatted(port, controllerPort, data));
    }
}

package dev.pabal.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the programs of the child processes lie. */
final class ClassPaths {
    private final Path root;

    /** @param root the project's folder, built */
    ClassPaths(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** The java of this process: brokers and clients all run on the same. */
    String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Kafka's broker and tools. */
    String kafka() throws IOException {
        Path module = root.resolve("testing/peers/kafka/target");
        return module.resolve("classes") + ":"
                + Files.readString(module.resolve("class-path.txt")).trim();
    }

    /** ElasticMQ's server. */
    String elasticMq() throws IOException {
        return Files.readString(root.resolve("testing/peers/elasticmq/target/class-path.txt"))
                .trim();
    }

    /** RabbitMQ's load generator. */
    String perfTest() throws IOException {
        return Files.readString(root.resolve("testing/peers/rabbitmq/target/class-path.txt"))
                .trim();
    }
}

package dev.pabal.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pabal.logkit.history.HistoryChecker;
import dev.pabal.testkit.PabalProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails, and a disk that is full. */
class DiskFaultTest {
    /** EX_IOERR: what the program exits with when its store can keep no promise. */
    private static final int STORE_FAILED = 74;

    @Test
    void acknowledgesNothingAfterAFailedSyncAndHalts(@TempDir Path data) throws Exception {
        Commands.requireRootAnd("strace");
        try (PabalProcess broker = PabalProcess.builder(data).start();
                Load load = Load.start(broker.bootstrapServers(), 2, 0)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> load.acknowledgedCount() > 500);
            Process strace = new ProcessBuilder(
                            "strace",
                            "-f",
                            "-qq",
                            "-o",
                            "/dev/null",
                            "-e",
                            "trace=fdatasync,fsync",
                            "-e",
                            "inject=fdatasync,fsync:error=EIO",
                            "-p",
                            Long.toString(broker.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                assertThat(broker.awaitExit())
                        .as("exit code; it said %s", broker.output())
                        .isEqualTo(STORE_FAILED);
            } finally {
                strace.destroyForcibly();
            }
            broker.restart();
            load.finish();
            assertThat(HistoryChecker.check(load.history())).isEmpty();
        }
    }

    @Test
    void refusesWritesOnAFullDiskGoesOnReadingAndHealsByItself(@TempDir Path folder) throws Exception {
        Commands.requireRootAnd("mount", "umount", "fallocate");
        Path mount = Files.createDirectory(folder.resolve("small"));
        Commands.run("mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", mount.toString());
        try (PabalProcess broker = PabalProcess.builder(mount.resolve("data")).start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                KafkaProducer<String, String> producer = producer(broker, 120_000);
                KafkaProducer<String, String> hasty = producer(broker, 4_000)) {
            admin.createTopics(List.of(new NewTopic(Load.TOPIC, 1, (short) 1), new NewTopic("other", 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>(Load.TOPIC, "before")).get(120, TimeUnit.SECONDS);
            fill(mount);
            assertThatThrownBy(() -> produceUntilRefused(hasty)).isInstanceOf(ExecutionException.class);
            assertThat(broker.isAlive()).isTrue();
            assertThat(Load.drain(broker.bootstrapServers(), 1, null)).isNotEmpty();
            admin.deleteTopics(List.of("other")).all().get(30, TimeUnit.SECONDS);
            Files.delete(mount.resolve("ballast"));
            assertThat(producer.send(new ProducerRecord<>(Load.TOPIC, "after"))
                            .get(120, TimeUnit.SECONDS)
                            .offset())
                    .isPositive();
            assertThat(Load.drain(broker.bootstrapServers(), 1, null))
                    .extracting(record -> record.value())
                    .contains("before", "after");
            broker.stop();
        } finally {
            Commands.run("umount", "--lazy", mount.toString());
        }
    }

    /** @param deliveryTimeoutMs how long it tries */
    private static KafkaProducer<String, String> producer(PabalProcess broker, int deliveryTimeoutMs) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "delivery.timeout.ms",
                        deliveryTimeoutMs,
                        "request.timeout.ms",
                        deliveryTimeoutMs * 3 / 4,
                        "linger.ms",
                        0),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Leaves a few MiB. */
    private static void fill(Path mount) throws Exception {
        long leave = 8L << 20;
        long length = Files.getFileStore(mount).getUsableSpace() - leave;
        Commands.run(
                "fallocate",
                "-l",
                Long.toString(length),
                mount.resolve("ballast").toString());
    }

    /** The broker looks at the free space now and then: until it does, it may still take what its own files have room for. */
    private static void produceUntilRefused(KafkaProducer<String, String> producer) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String value = "x".repeat(100_000);
        while (System.nanoTime() < deadline) {
            producer.send(new ProducerRecord<>(Load.TOPIC, value)).get(20, TimeUnit.SECONDS);
        }
    }
}

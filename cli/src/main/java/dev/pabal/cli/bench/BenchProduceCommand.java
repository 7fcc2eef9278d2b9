package dev.pabal.cli.bench;

import dev.pabal.cli.client.CommandFailure;
import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.Failures;
import dev.pabal.cli.client.Pace;
import dev.pabal.cli.client.ProducerOption;
import dev.pabal.cli.client.Progress;
import dev.pabal.cli.client.ServerOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Produces random records and measures the time from send to acknowledgement. */
@Command(
        name = "produce",
        mixinStandardHelpOptions = true,
        description = "Produces random records; measures throughput and the time from send to acknowledgement.",
        footer = {
            "",
            "Examples:",
            "  pabal bench produce load --records 1000000 --size 1024 --partitions 6",
            "  pabal bench produce load --rate 1000 --records 60000 --linger 0"
        })
final class BenchProduceCommand implements Callable<Integer> {
    private static final int PAYLOADS = 64;
    private static final long BUFFER_BYTES = 64L << 20;

    @Mixin
    private ServerOption server = new ServerOption();

    @Parameters(paramLabel = "TOPIC", description = "The topic; made if it does not exist.")
    private String topic = "";

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Number of records (default: ${DEFAULT-VALUE}).")
    private long records;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "1024",
            description = "Size of a record's value (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--rate", paramLabel = "N", description = "Records a second at most (default: as many as go).")
    private double rate;

    @Option(names = "--partitions", paramLabel = "N", description = "Partitions of the topic where it is made.")
    private @Nullable Integer partitions;

    @Mixin
    private ProducerOption sending = new ProducerOption();

    @Option(
            names = "--batch-size",
            paramLabel = "BYTES",
            defaultValue = "262144",
            description = "Largest batch of the producer (default: ${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(
            names = "--linger",
            paramLabel = "MS",
            defaultValue = "5",
            description = "How long the producer waits to fill a batch (default: ${DEFAULT-VALUE}).")
    private int lingerMs;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        ensureTopic();
        Meter meter = new Meter();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings())) {
            load(producer, meter, failure);
            producer.flush();
        }
        Exception first = failure.get();
        if (first != null) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "Only " + meter.records() + " records were acknowledged: " + Failures.sentence(first));
        }
        meter.summary(CommandOutput.of(spec), "Send to acknowledgement");
        return 0;
    }

    private void load(
            KafkaProducer<byte[], byte[]> producer, Meter meter, AtomicReference<@Nullable Exception> failure) {
        byte[][] payloads = payloads();
        Pace pace = new Pace(rate);
        Progress progress = Progress.everySecond();
        for (long i = 0; i < records && failure.get() == null; i++) {
            pace.await();
            long sentNs = System.nanoTime();
            byte[] value = payloads[(int) (i % PAYLOADS)];
            producer.send(new ProducerRecord<>(topic, value), (metadata, error) -> {
                if (error == null) {
                    meter.record(value.length, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - sentNs));
                } else {
                    failure.compareAndSet(null, error);
                }
            });
            progress.tick(meter::interval);
        }
        progress.clear();
    }

    /** Random bytes, so that a codec finds nothing to save; the same in each run. */
    private byte[][] payloads() {
        Random random = new Random(42);
        byte[][] payloads = new byte[PAYLOADS][size];
        for (byte[] payload : payloads) {
            random.nextBytes(payload);
        }
        return payloads;
    }

    private void ensureTopic() throws ExecutionException, InterruptedException {
        try (Admin admin = server.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.ofNullable(partitions), Optional.empty())))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = sending.settings(server, size);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, batchSize);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, lingerMs);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        return settings;
    }
}

package dev.pabal.cli.bench;

import dev.pabal.cli.client.CommandFailure;
import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.Progress;
import dev.pabal.cli.client.ServerOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Consumes as fast as it goes and measures the age of records when they arrive. */
@Command(
        name = "consume",
        mixinStandardHelpOptions = true,
        description = "Consumes as fast as it goes; measures throughput and how old records are when they arrive.",
        footer = {
            "",
            "With --follow, run beside 'pabal bench produce --rate', the age is the latency from end to end.",
            "",
            "Examples:",
            "  pabal bench consume load --records 1000000",
            "  pabal bench consume load --follow --records 60000"
        })
final class BenchConsumeCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(200);

    @Mixin
    private ServerOption server = new ServerOption();

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic = "";

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Ends after so many records (default: ${DEFAULT-VALUE}).")
    private long records;

    @Option(names = "--follow", description = "Begins at the end and waits for new records.")
    private boolean follow;

    @Option(
            names = "--timeout",
            paramLabel = "MS",
            defaultValue = "10000",
            description = "Ends when no record has come for so long (default: ${DEFAULT-VALUE}).")
    private long timeoutMs;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
            List<PartitionInfo> infos = consumer.partitionsFor(topic);
            if (infos == null || infos.isEmpty()) {
                throw new CommandFailure(
                        CommandFailure.FAILED,
                        "Topic " + topic + " does not exist; make it with 'pabal bench produce'.");
            }
            List<TopicPartition> partitions = infos.stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            if (follow) {
                consumer.seekToEnd(partitions);
            } else {
                consumer.seekToBeginning(partitions);
            }
            consume(consumer).summary(CommandOutput.of(spec), follow ? "Age at arrival" : "Age of what was stored");
        }
        return 0;
    }

    private Meter consume(KafkaConsumer<byte[], byte[]> consumer) {
        Meter meter = new Meter();
        Progress progress = Progress.everySecond();
        long lastNs = System.nanoTime();
        while (meter.records() < records && System.nanoTime() - lastNs < TimeUnit.MILLISECONDS.toNanos(timeoutMs)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                lastNs = System.nanoTime();
                long ageMs = System.currentTimeMillis() - record.timestamp();
                meter.record(Math.max(0, record.serializedValueSize()), TimeUnit.MILLISECONDS.toMicros(ageMs));
            }
            progress.tick(meter::interval);
        }
        progress.clear();
        return meter;
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = server.settings();
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        return settings;
    }
}

package dev.pabal.cli.record;

import dev.pabal.cli.client.CommandFailure;
import dev.pabal.cli.client.Moment;
import dev.pabal.cli.client.ServerOption;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints records. */
@Command(
        name = "consume",
        mixinStandardHelpOptions = true,
        description = "Prints the records of a topic, one a line.",
        footer = {
            "",
            "Without --follow it reads what is there now and ends. Where it begins: as --from-beginning, --offset or --from-time say; else"
                    + " where the --group has got to; else at the beginning, or with --follow at the end.",
            "",
            "Examples:",
            "  pabal consume orders",
            "  pabal consume orders --follow --format json",
            "  pabal consume orders --from-time PT1H --count 10",
            "  pabal consume orders --partition 2 --offset 1000 --key-separator :",
            "  pabal consume orders --group billing --follow"
        })
public final class ConsumeCommand implements Callable<Integer> {
    private static final int OUTPUT_BYTES = 256 * 1024;
    private static final int FETCH_BYTES = 4 << 20;

    @Mixin
    private ServerOption server = new ServerOption();

    @Parameters(paramLabel = "TOPIC", description = "The topic's name.")
    private String topic = "";

    @ArgGroup
    private Beginning beginning = new Beginning();

    @Option(names = "--partition", paramLabel = "N", description = "Reads this partition only.")
    private @Nullable Integer partition;

    @Option(
            names = "--group",
            paramLabel = "NAME",
            description = "Reads as a member of this group and commits what was printed.")
    private @Nullable String group;

    @Option(names = "--count", paramLabel = "N", description = "Ends after so many records.")
    private long count = Long.MAX_VALUE;

    @Option(names = "--follow", description = "Waits for new records instead of ending.")
    private boolean follow;

    @Option(
            names = "--timeout",
            paramLabel = "MS",
            description = "Ends when no record has come for so long (default: never with --follow, else 30000).")
    private @Nullable Long timeoutMs;

    @Option(
            names = "--format",
            paramLabel = "text|json",
            defaultValue = "text",
            description =
                    "text: values as they are; json: an object with offset, time, key, value and headers (default: text).")
    private Format format = Format.text;

    @Option(
            names = "--key-separator",
            paramLabel = "TEXT",
            description = "In text, prints key and this text before the value.")
    private @Nullable String keySeparator;

    /** Where to begin; at most one. */
    static final class Beginning {
        @Option(names = "--from-beginning", description = "Begins at the first record.")
        private boolean fromBeginning;

        @Option(names = "--offset", paramLabel = "N", description = "Begins at this offset.")
        private @Nullable Long offset;

        @Option(
                names = "--from-time",
                paramLabel = "TIME",
                description = "Begins at the first record at or after: " + Moment.FORMS + ".")
        private @Nullable String time;

        StartPosition position(boolean follow, boolean inGroup) {
            if (fromBeginning) {
                return StartPosition.BEGINNING;
            } else if (offset != null) {
                return new StartPosition(StartPosition.Kind.OFFSET, offset);
            } else if (time != null) {
                return new StartPosition(
                        StartPosition.Kind.TIME, Moment.parseMs("--from-time", time, System.currentTimeMillis()));
            } else if (inGroup) {
                return StartPosition.COMMITTED;
            }
            return follow ? StartPosition.END : StartPosition.BEGINNING;
        }
    }

    /** The words of {@code --format}, spelled as people type them. */
    enum Format {
        text,
        json
    }

    @Override
    public Integer call() throws IOException {
        if (group != null && partition != null) {
            throw new CommandFailure(
                    CommandFailure.USAGE,
                    "--group and --partition exclude each other: a group deals the partitions out itself.");
        }
        StartPosition start = beginning.position(follow, group != null);
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUTPUT_BYTES);
        RecordFormat chosen = format == Format.json ? new JsonFormat() : new TextFormat(keySeparator);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumerSettings())) {
            ConsumeLoop loop = new ConsumeLoop(consumer, chosen, out, count, follow, idleTimeoutMs());
            loop.assign(topic, partition, group != null, start);
            long printed = loop.run();
            System.err.printf(Locale.ROOT, "Consumed %,d records from %s.%n", printed, topic);
            return loop.complete() ? 0 : CommandFailure.FAILED;
        }
    }

    private long idleTimeoutMs() {
        if (timeoutMs != null) {
            return timeoutMs;
        }
        return follow ? Long.MAX_VALUE : 30_000;
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> settings = server.settings();
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, follow && group == null ? "latest" : "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        if (group != null) {
            settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
            settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        }
        return settings;
    }
}

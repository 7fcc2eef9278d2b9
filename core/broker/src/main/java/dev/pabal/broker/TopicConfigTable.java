package dev.pabal.broker;

import static dev.pabal.broker.Configs.Type.BOOLEAN;
import static dev.pabal.broker.Configs.Type.DOUBLE;
import static dev.pabal.broker.Configs.Type.INT;
import static dev.pabal.broker.Configs.Type.LIST;
import static dev.pabal.broker.Configs.Type.LONG;
import static dev.pabal.broker.Configs.Type.STRING;

import dev.pabal.broker.ConfigDefinition.BrokerSynonym;
import dev.pabal.broker.ConfigDefinition.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every topic config of Kafka 4.4, with Kafka's names, types, defaults and bounds ({@code org.apache.kafka.common.config.TopicConfig}), and
 * our own {@code durability}. Pure.
 */
final class TopicConfigTable {
    private static final String FOREVER = Long.toString(Long.MAX_VALUE);
    private static final String NO_EFFECT = " Taken for compatibility; it has no effect here, because ";

    private static final Map<String, ConfigDefinition> ALL = new TreeMap<>();

    static {
        cleanup();
        retention();
        messages();
        compressionLevels();
        files();
        replicas();
        notServedYet();
        remote();
    }

    private TopicConfigTable() {}

    static @Nullable ConfigDefinition find(String name) {
        return ALL.get(name);
    }

    static Collection<ConfigDefinition> all() {
        return Collections.unmodifiableCollection(ALL.values());
    }

    private static void cleanup() {
        add(
                "cleanup.policy",
                LIST,
                "delete",
                Rule.listOf("compact", "delete"),
                "What becomes of old records: delete removes them by age and size, compact keeps the last of each key; empty, nothing goes.",
                "log.cleanup.policy");
        add(
                "delete.retention.ms",
                LONG,
                "86400000",
                Rule.atLeast(0),
                "How long compaction keeps a tombstone, in ms.",
                "log.cleaner.delete.retention.ms");
        add(
                "max.compaction.lag.ms",
                LONG,
                FOREVER,
                Rule.atLeast(1),
                "A record is compacted at the latest after this many ms.",
                "log.cleaner.max.compaction.lag.ms");
        add(
                "min.cleanable.dirty.ratio",
                DOUBLE,
                "0.5",
                Rule.between(0, 1),
                "Compaction runs when this share of the bytes is new since its last run.",
                "log.cleaner.min.cleanable.ratio");
        add(
                "min.compaction.lag.ms",
                LONG,
                "0",
                Rule.atLeast(0),
                "Compaction leaves records younger than this many ms alone.",
                "log.cleaner.min.compaction.lag.ms");
    }

    private static void retention() {
        add(
                "retention.bytes",
                LONG,
                "-1",
                Rule.ANY,
                "Stored bytes of a partition beyond which the oldest data may go; -1 = no limit.",
                "log.retention.bytes");
        add(
                "retention.ms",
                LONG,
                "604800000",
                Rule.atLeast(-1),
                "Age in ms beyond which data may go; -1 = no limit.",
                new BrokerSynonym("log.retention.ms", 1),
                new BrokerSynonym("log.retention.minutes", 60_000),
                new BrokerSynonym("log.retention.hours", 3_600_000));
        add(
                "segment.bytes",
                INT,
                "1073741824",
                Rule.atLeast(1 << 20),
                "Bytes after which a segment is sealed.",
                "log.segment.bytes");
        add(
                "segment.ms",
                LONG,
                "604800000",
                Rule.atLeast(1),
                "Age in ms after which a segment is sealed.",
                new BrokerSynonym("log.roll.ms", 1),
                new BrokerSynonym("log.roll.hours", 3_600_000));
    }

    private static void messages() {
        add(
                "compression.type",
                STRING,
                "producer",
                Rule.oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
                "Codec that batches are stored in; producer keeps each as it came.",
                "compression.type");
        add(
                "durability",
                STRING,
                "fsync",
                Rule.oneOf("fsync", "os"),
                "What an acknowledged record has survived: fsync = loss of power, os = end of the process.",
                "durability");
        add(
                "max.message.bytes",
                INT,
                "1048588",
                Rule.atLeast(0),
                "The largest batch taken, in bytes, as it comes.",
                "message.max.bytes");
        add(
                "message.timestamp.after.max.ms",
                LONG,
                "3600000",
                Rule.atLeast(0),
                "How far in ms a record's timestamp may lie in the future.",
                "log.message.timestamp.after.max.ms");
        add(
                "message.timestamp.before.max.ms",
                LONG,
                FOREVER,
                Rule.atLeast(0),
                "How far in ms a record's timestamp may lie in the past.",
                "log.message.timestamp.before.max.ms");
        add(
                "message.timestamp.type",
                STRING,
                "CreateTime",
                Rule.oneOf("CreateTime", "LogAppendTime"),
                "Whether a record's timestamp is the producer's or the broker's.",
                "log.message.timestamp.type");
    }

    private static void compressionLevels() {
        String level = "The level of compression where the broker compresses itself." + NO_EFFECT
                + "the codec's default is used.";
        add(
                "compression.gzip.level",
                INT,
                "-1",
                value -> value.equals("-1") ? null : Rule.between(1, 9).objection(value),
                level,
                "compression.gzip.level");
        add("compression.lz4.level", INT, "9", Rule.between(1, 17), level, "compression.lz4.level");
        add("compression.zstd.level", INT, "3", Rule.between(-131072, 22), level, "compression.zstd.level");
    }

    private static void files() {
        String synced = NO_EFFECT + "records are synced before they are acknowledged.";
        add(
                "flush.messages",
                LONG,
                FOREVER,
                Rule.atLeast(1),
                "Records between syncs." + synced,
                "log.flush.interval.messages");
        add("flush.ms", LONG, FOREVER, Rule.atLeast(0), "Time in ms between syncs." + synced, "log.flush.interval.ms");
        String files = NO_EFFECT + "the store lays out its files itself.";
        add(
                "file.delete.delay.ms",
                LONG,
                "60000",
                Rule.atLeast(0),
                "Delay of deletions in ms." + files,
                "log.segment.delete.delay.ms");
        add(
                "index.interval.bytes",
                INT,
                "4096",
                Rule.atLeast(0),
                "Density of the index." + files,
                "log.index.interval.bytes");
        add("preallocate", BOOLEAN, "false", Rule.ANY, "Whether files are preallocated." + files, "log.preallocate");
        add(
                "segment.index.bytes",
                INT,
                "10485760",
                Rule.atLeast(4),
                "Size of an index." + files,
                "log.index.size.max.bytes");
        add(
                "segment.jitter.ms",
                LONG,
                "0",
                Rule.atLeast(0),
                "Spread of segment rolls." + files,
                new BrokerSynonym("log.roll.jitter.ms", 1),
                new BrokerSynonym("log.roll.jitter.hours", 3_600_000));
    }

    private static void replicas() {
        String replicas = NO_EFFECT + "one node keeps one replica, synced.";
        add("follower.replication.throttled.replicas", LIST, "", Rule.ANY, "Throttled followers." + replicas);
        add("leader.replication.throttled.replicas", LIST, "", Rule.ANY, "Throttled leaders." + replicas);
        add(
                "min.insync.replicas",
                INT,
                "1",
                Rule.atLeast(1),
                "Replicas that must be in sync." + replicas,
                "min.insync.replicas");
        add(
                "unclean.leader.election.enable",
                BOOLEAN,
                "false",
                Rule.ANY,
                "Whether a replica out of sync may lead." + replicas,
                "unclean.leader.election.enable");
    }

    private static void notServedYet() {
        add(
                "max.decompressed.message.bytes",
                INT,
                "2147483639",
                Rule.between(1, 2147483639),
                "Size of one decompressed record." + NO_EFFECT + "the broker bounds what it unpacks itself.",
                "max.decompressed.message.bytes");
        add(
                "errors.deadletterqueue.group.enable",
                BOOLEAN,
                "false",
                Rule.ANY,
                "Whether share groups may use the topic for dead letters." + NO_EFFECT
                        + "share groups are not served yet.");
    }

    private static void remote() {
        Rule off = value -> Boolean.parseBoolean(value) ? "tiered storage is not served" : null;
        String none = NO_EFFECT + "tiered storage is not served.";
        add(
                "local.retention.bytes",
                LONG,
                "-2",
                Rule.atLeast(-2),
                "Bytes kept locally." + none,
                "log.local.retention.bytes");
        add("local.retention.ms", LONG, "-2", Rule.atLeast(-2), "Age kept locally." + none, "log.local.retention.ms");
        add("remote.copy.lag.bytes", LONG, "-1", Rule.atLeast(-1), "Bytes before a copy." + none);
        add("remote.copy.lag.ms", LONG, "0", Rule.atLeast(-1), "Time before a copy." + none);
        add("remote.log.copy.disable", BOOLEAN, "false", Rule.ANY, "Whether copies stop." + none);
        add("remote.log.delete.on.disable", BOOLEAN, "false", Rule.ANY, "Whether copies are removed." + none);
        add("remote.storage.enable", BOOLEAN, "false", off, "Whether data is tiered. Only false is taken.");
    }

    private static void add(
            String name, Configs.Type type, String defaultValue, Rule rule, String documentation, String... synonyms) {
        List<BrokerSynonym> behind =
                Arrays.stream(synonyms).map(s -> new BrokerSynonym(s, 1)).toList();
        ALL.put(name, new ConfigDefinition(name, type, defaultValue, rule, documentation, behind, true));
    }

    private static void add(
            String name,
            Configs.Type type,
            String defaultValue,
            Rule rule,
            String documentation,
            BrokerSynonym nearest,
            BrokerSynonym... further) {
        List<BrokerSynonym> behind = new ArrayList<>(List.of(nearest));
        behind.addAll(List.of(further));
        ALL.put(name, new ConfigDefinition(name, type, defaultValue, rule, documentation, List.copyOf(behind), true));
    }
}

package dev.pabal.broker;

import static dev.pabal.broker.Configs.Type.BOOLEAN;
import static dev.pabal.broker.Configs.Type.INT;
import static dev.pabal.broker.Configs.Type.LIST;
import static dev.pabal.broker.Configs.Type.LONG;
import static dev.pabal.broker.Configs.Type.SHORT;
import static dev.pabal.broker.Configs.Type.STRING;

import dev.pabal.broker.ConfigDefinition.BrokerSynonym;
import dev.pabal.broker.ConfigDefinition.Rule;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The broker configs that mean something here, by Kafka's names, and those of consumer groups: the defaults behind topic configs, and what
 * groups, connections and topics are held to. Pure.
 */
final class BrokerConfigTable {
    private static final Map<String, ConfigDefinition> ALL = new TreeMap<>();
    private static final Map<String, ConfigDefinition> GROUPS = new TreeMap<>();

    static {
        topicDefaults();
        topics();
        connections();
        classicGroups();
        consumerGroups();
        coordinator();
        groupConfigs();
    }

    private BrokerConfigTable() {}

    static @Nullable ConfigDefinition find(String name) {
        return ALL.get(name);
    }

    static Collection<ConfigDefinition> all() {
        return Collections.unmodifiableCollection(ALL.values());
    }

    static @Nullable ConfigDefinition findGroup(String name) {
        return GROUPS.get(name);
    }

    static Collection<ConfigDefinition> allGroup() {
        return Collections.unmodifiableCollection(GROUPS.values());
    }

    /** The configs behind the topics' own take what those take. */
    private static void topicDefaults() {
        for (ConfigDefinition topic : TopicConfigTable.all()) {
            List<BrokerSynonym> synonyms = topic.synonyms();
            boolean several = synonyms.size() > 1;
            for (BrokerSynonym synonym : synonyms) {
                Configs.Type type = synonym.factor() == 1 ? topic.type() : INT;
                Rule rule = synonym.factor() == 1 ? topic.rule() : Rule.atLeast(-1);
                String own = several ? null : topic.defaultValue();
                if (several && synonym.equals(synonyms.get(synonyms.size() - 1)) && topic.defaultValue() != null) {
                    own = Long.toString(Long.parseLong(topic.defaultValue()) / synonym.factor());
                }
                boolean dynamic = synonym.factor() == 1;
                ALL.put(
                        synonym.name(),
                        new ConfigDefinition(
                                synonym.name(),
                                type,
                                own,
                                rule,
                                "Default of topics' " + topic.name() + ". " + topic.documentation(),
                                List.of(),
                                dynamic));
            }
        }
    }

    private static void topics() {
        add("auto.create.topics.enable", BOOLEAN, "true", Rule.ANY, "Whether the first use of a topic creates it.");
        add("delete.topic.enable", BOOLEAN, "true", Rule.ANY, "Whether topics can be deleted.");
        add("default.replication.factor", INT, "1", Rule.between(1, 1), "Replicas of a topic: one node keeps one.");
        add("num.partitions", INT, "1", Rule.atLeast(1), "Partitions of a topic where its creator does not say.");
        add(
                "producer.id.expiration.ms",
                INT,
                "86400000",
                Rule.atLeast(1),
                "How long in ms an idle producer's sequences are remembered.");
        add(
                "producer.id.expiration.check.interval.ms",
                INT,
                "600000",
                Rule.atLeast(1),
                "How often in ms idle producers are looked for.");
    }

    private static void connections() {
        add(
                "connections.max.idle.ms",
                LONG,
                "600000",
                Rule.atLeast(-1),
                "Idle time in ms after which a connection is closed.");
        add("max.connections", INT, "10000", Rule.atLeast(1), "Connections at one moment.");
        add("max.incremental.fetch.session.cache.slots", INT, "1000", Rule.atLeast(0), "Fetch sessions kept.");
        add("fetch.max.bytes", INT, "57671680", Rule.atLeast(1024), "Most bytes that one fetch returns.");
        add(
                "max.request.partition.size.limit",
                INT,
                "2000",
                Rule.atLeast(1),
                "Most partitions of one describe answer.");
        add("socket.request.max.bytes", INT, "104857600", Rule.atLeast(1024), "Largest request in bytes.");
        add("socket.send.buffer.bytes", INT, "-1", Rule.atLeast(-1), "Send buffer of a socket; -1 = the system's.");
        add(
                "socket.receive.buffer.bytes",
                INT,
                "-1",
                Rule.atLeast(-1),
                "Receive buffer of a socket; -1 = the system's.");
        add(
                "queued.max.request.bytes",
                LONG,
                "-1",
                Rule.atLeast(-1),
                "Bytes of requests in memory at one moment, 1 MiB at least; -1 = a quarter of the heap.");
    }

    private static void classicGroups() {
        add(
                "group.initial.rebalance.delay.ms",
                INT,
                "0",
                Rule.atLeast(0),
                "How long a new classic group waits for members; 0 as in the file that Kafka ships, 3000 where many start together.");
        add(
                "group.max.session.timeout.ms",
                INT,
                "1800000",
                Rule.atLeast(1),
                "Longest session timeout of classic members.");
        add(
                "group.min.session.timeout.ms",
                INT,
                "6000",
                Rule.atLeast(1),
                "Shortest session timeout of classic members.");
        add("group.max.size", INT, "2147483647", Rule.atLeast(1), "Most members of a classic group.");
    }

    private static void consumerGroups() {
        add(
                "group.consumer.assignment.interval.ms",
                INT,
                "1000",
                Rule.atLeast(0),
                "Time between assignments of a group.");
        add(
                "group.consumer.assignor.offload.enable",
                BOOLEAN,
                "true",
                Rule.ANY,
                "Whether assignments run in the background.");
        add(
                "group.consumer.assignors",
                LIST,
                "uniform,range",
                Rule.ANY,
                "Assignors of consumer groups, the default first.");
        add(
                "group.consumer.heartbeat.interval.ms",
                INT,
                "5000",
                Rule.atLeast(1),
                "Heartbeat interval of consumer groups.");
        add(
                "group.consumer.max.assignment.interval.ms",
                INT,
                "15000",
                Rule.atLeast(0),
                "Longest time between assignments.");
        add(
                "group.consumer.min.assignment.interval.ms",
                INT,
                "0",
                Rule.atLeast(0),
                "Shortest time between assignments.");
        add("group.consumer.max.heartbeat.interval.ms", INT, "15000", Rule.atLeast(1), "Longest heartbeat interval.");
        add("group.consumer.min.heartbeat.interval.ms", INT, "5000", Rule.atLeast(1), "Shortest heartbeat interval.");
        add("group.consumer.max.session.timeout.ms", INT, "60000", Rule.atLeast(1), "Longest session timeout.");
        add("group.consumer.min.session.timeout.ms", INT, "45000", Rule.atLeast(1), "Shortest session timeout.");
        add("group.consumer.session.timeout.ms", INT, "45000", Rule.atLeast(1), "Session timeout of consumer groups.");
        add("group.consumer.max.size", INT, "2147483647", Rule.atLeast(1), "Most members of a consumer group.");
        add(
                "group.consumer.migration.policy",
                STRING,
                "bidirectional",
                value -> Rule.oneOf("disabled", "downgrade", "upgrade", "bidirectional")
                        .objection(value.toLowerCase(Locale.ROOT)),
                "Which way groups may change their protocol while they live.");
        add(
                "group.consumer.regex.refresh.interval.ms",
                INT,
                "600000",
                Rule.atLeast(10_000),
                "How often in ms regular expressions of subscriptions are looked at anew.");
    }

    private static void coordinator() {
        add(
                "group.coordinator.append.linger.ms",
                INT,
                "-1",
                Rule.atLeast(-1),
                "Time in ms that writes gather; -1 = adaptive.");
        add(
                "group.coordinator.background.threads",
                INT,
                "2",
                Rule.atLeast(1),
                "Threads for assignments in the background.");
        add("group.coordinator.cached.buffer.max.bytes", INT, "1048588", Rule.atLeast(524_288), "Largest buffer kept.");
        add(
                "group.coordinator.rebalance.protocols",
                LIST,
                "classic,consumer",
                Rule.listOf("classic", "consumer", "streams", "share"),
                "Protocols of groups that are served.");
        add("group.coordinator.threads", INT, "1", Rule.atLeast(1), "Threads of the coordinator.");
        add("offset.metadata.max.bytes", INT, "4096", Rule.atLeast(0), "Largest metadata of a committed offset.");
        add("offsets.commit.timeout.ms", INT, "5000", Rule.atLeast(1), "How long in ms a commit may take.");
        add(
                "offsets.load.buffer.size",
                INT,
                "5242880",
                Rule.atLeast(1),
                "Bytes read at a time when groups are loaded.");
        add(
                "offsets.retention.check.interval.ms",
                LONG,
                "600000",
                Rule.atLeast(1),
                "How often old offsets are looked for.");
        add("offsets.retention.minutes", INT, "10080", Rule.atLeast(1), "How long offsets of an empty group are kept.");
        add("offsets.topic.compression.codec", INT, "0", Rule.between(0, 4), "Codec of the offsets' topic.");
        add("offsets.topic.num.partitions", INT, "50", Rule.atLeast(1), "Partitions of the offsets' topic.");
        add("offsets.topic.replication.factor", SHORT, "1", Rule.between(1, 1), "Replicas of the offsets' topic.");
        add("offsets.topic.segment.bytes", INT, "104857600", Rule.atLeast(1), "Segment size of the offsets' topic.");
    }

    private static void groupConfigs() {
        group("consumer.assignment.interval.ms", INT);
        group("consumer.assignor.offload.enable", BOOLEAN);
        group("consumer.heartbeat.interval.ms", INT);
        group("consumer.session.timeout.ms", INT);
    }

    private static void group(String name, Configs.Type type) {
        String behind = "group." + name;
        ConfigDefinition broker = ALL.get(behind);
        if (broker == null) {
            throw new IllegalStateException("no broker config stands behind " + name);
        }
        GROUPS.put(
                name,
                new ConfigDefinition(
                        name,
                        type,
                        broker.defaultValue(),
                        broker.rule(),
                        broker.documentation(),
                        List.of(new BrokerSynonym(behind, 1)),
                        true));
    }

    private static void add(String name, Configs.Type type, String defaultValue, Rule rule, String documentation) {
        ALL.put(name, new ConfigDefinition(name, type, defaultValue, rule, documentation, List.of(), false));
    }
}

package dev.pabal.kafka.group;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Partition;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Topic;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** The broker's own topic in which the coordinator keeps groups and their offsets. */
final class OffsetsTopic {
    static final String NAME = org.apache.kafka.common.internals.Topic.GROUP_METADATA_TOPIC_NAME;

    private final Broker broker;
    private volatile @Nullable UUID id;

    OffsetsTopic(Broker broker) {
        this.broker = broker;
    }

    boolean exists() {
        return broker.catalog().topic(NAME) != null;
    }

    /**
     * The topic, made where it does not exist. The number of partitions decides which group lives in which one, so an existing topic keeps its own.
     *
     * @param partitions number of partitions of a new topic
     * @param segmentBytes size in bytes of its segments
     */
    CompletableFuture<Topic> ensure(int partitions, int segmentBytes) {
        return broker.topics()
                .ensureInternal(NAME, partitions, configs(segmentBytes))
                .thenApply(topic -> {
                    id = topic.id();
                    return topic;
                });
    }

    private static Map<String, String> configs(int segmentBytes) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.COMPRESSION_TYPE_CONFIG,
                "producer",
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(segmentBytes));
    }

    /**
     * One of its partitions, after {@link #ensure} has completed.
     *
     * @throws BrokerException {@link Refusal#UNKNOWN_PARTITION} where it does not exist or its log was refused
     */
    Partition partition(int index) {
        UUID topicId = id;
        Partition partition = topicId == null ? null : broker.partition(topicId, index);
        if (partition == null) {
            throw new BrokerException(
                    Refusal.UNKNOWN_PARTITION,
                    NAME + "-" + index + " is not there: it was deleted, or its log was refused at the start");
        }
        return partition;
    }
}

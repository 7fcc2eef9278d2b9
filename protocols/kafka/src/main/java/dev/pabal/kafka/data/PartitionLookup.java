package dev.pabal.kafka.data;

import dev.pabal.broker.Broker;
import dev.pabal.broker.Partition;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.KafkaIds;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Finds partitions by what requests call them: a name in old versions, an id in new ones. Any thread. */
final class PartitionLookup {
    private final Broker broker;

    PartitionLookup(Broker broker) {
        this.broker = broker;
    }

    /** The topic, by id where one is given, otherwise by name; null where there is none. */
    @Nullable
    Topic topic(@Nullable String name, Uuid id) {
        if (!Uuid.ZERO_UUID.equals(id)) {
            return broker.catalog().topic(KafkaIds.javaId(id));
        }
        return name == null ? null : broker.catalog().topic(name);
    }

    /** The error for a topic that {@link #topic} did not find. */
    static Errors unknown(Uuid id) {
        return Uuid.ZERO_UUID.equals(id) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.UNKNOWN_TOPIC_ID;
    }

    @Nullable
    Partition partition(Topic topic, int index) {
        if (index < 0 || index >= topic.partitions()) {
            return null;
        }
        Partition partition = broker.partition(topic.id(), index);
        return partition == null || partition.deleted() ? null : partition;
    }

    /**
     * Compares the leader epoch that a client knows with the partition's (KIP-320).
     *
     * @param known the client's, -1 where it does not say
     */
    static Errors checkEpoch(Partition partition, int known) {
        if (known < 0) {
            return Errors.NONE;
        }
        int current = partition.log().epoch();
        if (known == current) {
            return Errors.NONE;
        }
        return known < current ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH;
    }
}

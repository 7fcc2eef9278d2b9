package dev.pabal.message;

import org.apache.kafka.common.utils.Utils;

/** Which partition a key belongs to: as Kafka's default partitioner says, so that all producers agree. */
public final class KeyHash {
    private KeyHash() {}

    /** A partition from 0 to {@code partitions - 1}. */
    public static int partition(byte[] key, int partitions) {
        return partitions == 1 ? 0 : Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}

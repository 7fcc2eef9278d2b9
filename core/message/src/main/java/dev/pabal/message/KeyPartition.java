package dev.pabal.message;

import org.apache.kafka.common.utils.Utils;

/** The partition that Kafka's producers choose for a key: messages from other protocols go where those would go. */
public final class KeyPartition {
    private KeyPartition() {}

    /** @param partitions at least 1 */
    public static int of(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}

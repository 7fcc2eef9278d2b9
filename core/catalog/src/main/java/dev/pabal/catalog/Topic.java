package dev.pabal.catalog;

import java.util.Map;
import java.util.UUID;

/**
 * A topic as the catalog knows it.
 *
 * @param id never used again
 * @param name unique at one moment
 * @param partitions number of partitions, at least 1; grows, never shrinks
 * @param firstShard the shard of partition 0; partition {@code i} lives in shard {@code (firstShard + i) mod shardCount}
 * @param configs configs set on the topic itself, by Kafka's names; what is absent takes the broker's default
 * @param internal kept by the broker for its own use; clients may read but not write
 */
public record Topic(
        UUID id, String name, int partitions, int firstShard, Map<String, String> configs, boolean internal) {
    public Topic {
        configs = Map.copyOf(configs);
        if (partitions < 1) {
            throw new IllegalArgumentException("a topic has at least one partition: " + name);
        }
    }

    public Topic withPartitions(int count) {
        return new Topic(id, name, count, firstShard, configs, internal);
    }

    public Topic withConfigs(Map<String, String> newConfigs) {
        return new Topic(id, name, partitions, firstShard, newConfigs, internal);
    }
}

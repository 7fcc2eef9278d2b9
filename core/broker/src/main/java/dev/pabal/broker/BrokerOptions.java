package dev.pabal.broker;

import java.util.Collection;
import java.util.Map;

/**
 * What a broker is started with.
 *
 * @param configs static broker configs by Kafka's names, as the server's configuration gives them; what is absent takes the default
 * @param shardCount number of shards, for the creation of a store only: later starts keep what it was created with
 * @param nodeId number of this node, for the creation of a store only
 */
public record BrokerOptions(Map<String, String> configs, int shardCount, int nodeId) {
    /** Shards of a store where nothing else is said. */
    public static final int DEFAULT_SHARDS = 8;

    public BrokerOptions {
        configs = Map.copyOf(configs);
    }

    /** Names of the broker configs that {@link #configs} may hold. */
    public static Collection<String> configKeys() {
        return BrokerConfigTable.all().stream().map(ConfigDefinition::name).toList();
    }

    /** These configs, and defaults for what is decided at the creation of a store. */
    public static BrokerOptions of(Map<String, String> configs) {
        return new BrokerOptions(configs, DEFAULT_SHARDS, 1);
    }
}

package dev.pabal.catalog;

import java.util.Map;
import java.util.UUID;

/** One thing that happened to the catalog: the only way an image changes, and what the catalog's log holds. */
public sealed interface CatalogChange {
    /** The store came to be: the first change of every catalog, and never again. */
    record StoreCreated(StoreIdentity identity) implements CatalogChange {}

    /** A topic came to be. */
    record TopicCreated(Topic topic) implements CatalogChange {}

    /** A topic went, with all its data. */
    record TopicDeleted(UUID topicId) implements CatalogChange {}

    /** A topic grew to {@code partitions} partitions in all. */
    record PartitionsAdded(UUID topicId, int partitions) implements CatalogChange {}

    /** A topic's own configs are now exactly these. */
    record TopicConfigsSet(UUID topicId, Map<String, String> configs) implements CatalogChange {
        public TopicConfigsSet {
            configs = Map.copyOf(configs);
        }
    }

    /** The dynamic configs of the broker ({@code name} empty: the default of all brokers) are now exactly these. */
    record BrokerConfigsSet(String name, Map<String, String> configs) implements CatalogChange {
        public BrokerConfigsSet {
            configs = Map.copyOf(configs);
        }
    }

    /** The configs of a consumer group are now exactly these. */
    record GroupConfigsSet(String group, Map<String, String> configs) implements CatalogChange {
        public GroupConfigsSet {
            configs = Map.copyOf(configs);
        }
    }

    /** Producer ids below {@code next} may have been handed out. */
    record ProducerIdsReserved(long next) implements CatalogChange {}
}

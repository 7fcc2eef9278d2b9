package dev.pabal.broker;

import dev.pabal.broker.queue.Queues;
import dev.pabal.broker.topology.Topology;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Topic;
import dev.pabal.log.LogStore;
import dev.pabal.log.seam.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the protocols see. Made by {@code BrokerRuntime}; all methods may be called by any thread and never block.
 */
public interface Broker extends AutoCloseable {
    /** What exists now. */
    CatalogImage catalog();

    /** Calls back when the catalog has changed, in order, on the catalog's thread. */
    void onCatalogChange(CatalogListener listener);

    /** Hears of the catalog's changes. */
    @FunctionalInterface
    interface CatalogListener {
        /** @param changes what led from {@code before} to {@code after} */
        void changed(CatalogImage before, CatalogImage after, List<CatalogChange> changes);
    }

    /** Creates, deletes and alters topics. */
    TopicAdmin topics();

    /** Exchanges, queues, bindings, and who may use them. */
    Topology topology();

    /** The running queues. */
    Queues queues();

    /** Definitions, defaults and effective values of configs. */
    Configs configs();

    @Nullable
    Partition partition(UUID topicId, int index);

    @Nullable
    Partition partition(String topic, int index);

    /** Identity of the whole cluster, made at the store's creation: 22 characters, as Kafka's are. */
    String clusterId();

    /** Number of this node. */
    int nodeId();

    /** A producer id that was never handed out before. */
    CompletableFuture<Long> newProducerId();

    LogStore store();

    Clock clock();

    /** Shard {@code index}. */
    Shard shard(int index);

    int shardCount();

    @Override
    void close();

    /** Changes to what exists: each is checked, written to the catalog's log, durable, applied, and only then answered. */
    interface TopicAdmin {
        /**
         * Creates a topic.
         *
         * @param partitions number of partitions; -1 takes the broker's default
         * @param validateOnly checks everything, changes nothing
         */
        CompletableFuture<Topic> create(String name, int partitions, Map<String, String> configs, boolean validateOnly);

        /** Makes sure that an internal topic exists. */
        CompletableFuture<Topic> ensureInternal(String name, int partitions, Map<String, String> configs);

        CompletableFuture<Void> delete(UUID topicId);

        /** Grows a topic to {@code partitions} in all. */
        CompletableFuture<Topic> grow(UUID topicId, int partitions, boolean validateOnly);

        /**
         * Changes the topic's own configs.
         *
         * @param change from the configs as they will be by then to those wanted; runs on the catalog's thread, so that concurrent changes of
         *     single keys do not undo one another; may throw a {@link BrokerException}
         */
        CompletableFuture<Topic> alterConfigs(
                UUID topicId, UnaryOperator<Map<String, String>> change, boolean validateOnly);

        /** As {@link #alterConfigs}, for the dynamic configs of a broker ({@code name} empty: of all brokers). */
        CompletableFuture<Void> alterBrokerConfigs(
                String name, UnaryOperator<Map<String, String>> change, boolean validateOnly);

        /** As {@link #alterConfigs}, for a group, which need not exist. */
        CompletableFuture<Void> alterGroupConfigs(
                String group, UnaryOperator<Map<String, String>> change, boolean validateOnly);

        /** Replaces the topic's own configs. */
        default CompletableFuture<Topic> setConfigs(UUID topicId, Map<String, String> configs, boolean validateOnly) {
            return alterConfigs(topicId, before -> configs, validateOnly);
        }

        /** Replaces the dynamic configs of a broker ({@code name} empty: of all brokers). */
        default CompletableFuture<Void> setBrokerConfigs(
                String name, Map<String, String> configs, boolean validateOnly) {
            return alterBrokerConfigs(name, before -> configs, validateOnly);
        }

        /** Replaces the configs of a group. */
        default CompletableFuture<Void> setGroupConfigs(
                String group, Map<String, String> configs, boolean validateOnly) {
            return alterGroupConfigs(group, before -> configs, validateOnly);
        }
    }
}

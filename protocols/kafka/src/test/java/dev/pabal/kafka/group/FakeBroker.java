package dev.pabal.kafka.group;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Configs;
import dev.pabal.broker.Partition;
import dev.pabal.broker.Refusal;
import dev.pabal.broker.Shard;
import dev.pabal.broker.queue.Queues;
import dev.pabal.broker.topology.Topology;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Topic;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogId;
import dev.pabal.log.LogStore;
import dev.pabal.log.seam.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** As much of a broker as the group coordinator needs: a catalog in memory and partitions over a given store. */
final class FakeBroker implements Broker, Broker.TopicAdmin {
    private final LogStore store;
    private final FakeConfigs configs;
    private final List<CatalogListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<LogId, Partition> partitions = new ConcurrentHashMap<>();
    private volatile CatalogImage catalog;
    /** Set to make the making of topics fail. */
    volatile @Nullable RuntimeException topicsRefused;
    /** How far the broker's wall clock is ahead of the machine's, in ms. */
    volatile long aheadMs;

    FakeBroker(LogStore store, CatalogImage catalog, Map<String, String> configs) {
        this.store = store;
        this.catalog = catalog;
        this.configs = new FakeConfigs(configs);
    }

    /** Puts another partition in the place of one of the broker's. */
    void replace(String topic, int index, Partition partition) {
        partitions.put(new LogId(catalog.topic(topic).id(), index), partition);
    }

    private synchronized void apply(CatalogChange change) {
        CatalogImage before = catalog;
        catalog = before.apply(change);
        listeners.forEach(listener -> listener.changed(before, catalog, List.of()));
    }

    @Override
    public CatalogImage catalog() {
        return catalog;
    }

    @Override
    public void onCatalogChange(CatalogListener listener) {
        listeners.add(listener);
    }

    @Override
    public TopicAdmin topics() {
        return this;
    }

    @Override
    public Configs configs() {
        return configs;
    }

    @Override
    public @Nullable Partition partition(UUID topicId, int index) {
        Topic topic = catalog.topic(topicId);
        if (topic == null || index >= topic.partitions()) {
            return null;
        }
        return partitions.computeIfAbsent(
                new LogId(topicId, index), id -> new FakePartition(topic, store.open(id, LogConfig.DEFAULT)));
    }

    @Override
    public @Nullable Partition partition(String topic, int index) {
        Topic found = catalog.topic(topic);
        return found == null ? null : partition(found.id(), index);
    }

    @Override
    public String clusterId() {
        return "AAAAAAAAAAAAAAAAAAAAAA";
    }

    @Override
    public int nodeId() {
        return 1;
    }

    @Override
    public CompletableFuture<Long> newProducerId() {
        throw new UnsupportedOperationException();
    }

    @Override
    public LogStore store() {
        return store;
    }

    @Override
    public Clock clock() {
        return new Clock() {
            @Override
            public long wallMs() {
                return Clock.SYSTEM.wallMs() + aheadMs;
            }

            @Override
            public long monotonicNs() {
                return Clock.SYSTEM.monotonicNs();
            }
        };
    }

    @Override
    public Shard shard(int index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int shardCount() {
        return 1;
    }

    @Override
    public void close() {}

    @Override
    public CompletableFuture<Topic> create(
            String name, int count, Map<String, String> topicConfigs, boolean validateOnly) {
        return add(new Topic(UUID.randomUUID(), name, count, 0, topicConfigs, false));
    }

    @Override
    public CompletableFuture<Topic> ensureInternal(String name, int count, Map<String, String> topicConfigs) {
        RuntimeException refused = topicsRefused;
        if (refused != null) {
            return CompletableFuture.failedFuture(refused);
        }
        Topic existing = catalog.topic(name);
        return existing != null
                ? CompletableFuture.completedFuture(existing)
                : add(new Topic(UUID.randomUUID(), name, count, 0, topicConfigs, true));
    }

    private CompletableFuture<Topic> add(Topic topic) {
        apply(new CatalogChange.TopicCreated(topic));
        return CompletableFuture.completedFuture(topic);
    }

    @Override
    public CompletableFuture<Void> delete(UUID topicId) {
        apply(new CatalogChange.TopicDeleted(topicId));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Topic> grow(UUID topicId, int count, boolean validateOnly) {
        apply(new CatalogChange.PartitionsAdded(topicId, count));
        return CompletableFuture.completedFuture(catalog.topic(topicId));
    }

    @Override
    public CompletableFuture<Topic> alterConfigs(
            UUID topicId, UnaryOperator<Map<String, String>> change, boolean validateOnly) {
        throw new BrokerException(Refusal.INVALID_REQUEST, "not in this fake");
    }

    @Override
    public CompletableFuture<Void> alterBrokerConfigs(
            String name, UnaryOperator<Map<String, String>> change, boolean validateOnly) {
        throw new BrokerException(Refusal.INVALID_REQUEST, "not in this fake");
    }

    @Override
    public CompletableFuture<Void> alterGroupConfigs(
            String group, UnaryOperator<Map<String, String>> change, boolean validateOnly) {
        apply(new CatalogChange.GroupConfigsSet(group, change.apply(catalog.groupConfigs(group))));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Topology topology() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Queues queues() {
        throw new UnsupportedOperationException();
    }
}

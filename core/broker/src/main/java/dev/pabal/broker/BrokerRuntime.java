package dev.pabal.broker;

import dev.pabal.broker.queue.CatalogRoutes;
import dev.pabal.broker.queue.QueuePartition;
import dev.pabal.broker.queue.Queues;
import dev.pabal.broker.queue.RunningQueues;
import dev.pabal.broker.topology.Topology;
import dev.pabal.broker.topology.TopologyRuntime;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.QueueTopics;
import dev.pabal.catalog.StoreIdentity;
import dev.pabal.catalog.Topic;
import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.LogState;
import dev.pabal.log.LogStore;
import dev.pabal.log.seam.Clock;
import dev.pabal.message.KeyHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker as a running thing: replays the catalog, keeps topics and partitions, and joins them to the store and to the shards' threads.
 *
 * <p>The store is the caller's: it must have been opened with {@link #states()}, and is closed by the caller, after the broker.
 */
public final class BrokerRuntime implements Broker {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerRuntime.class);

    /** A catalog's log with fewer changes is not worth shortening. */
    private static final long SHORT_ENOUGH_CHANGES = 20_000;

    private final LogStore store;
    private final Clock clock;
    private final StoreIdentity identity;
    private final List<Shard> shards;
    private final ConfigRegistry configs;
    private final CatalogWriter writer;
    private final TopicChanges topics;
    private final ProducerIds producerIds;
    private final TopologyRuntime topology;
    private final RunningQueues queues;
    private final Map<String, TopicRuntime> byName = new ConcurrentHashMap<>();
    private final Map<UUID, TopicRuntime> byId = new ConcurrentHashMap<>();
    /** What holds for queues' logs: the same for most of them. */
    private final Map<Map<String, String>, TopicConfig> queueConfigs = new ConcurrentHashMap<>();

    private final List<CatalogListener> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledFuture<?> expiry;
    private volatile CatalogImage image;

    /** Makes the state that every log of a store needs so that a broker can run on it. */
    public static LogState.Factory states() {
        return id -> id.equals(CatalogLog.ID) ? LogState.NONE : new ProducerState();
    }

    /**
     * Starts a broker; blocks until the catalog is read, and, on an empty store, until it is made.
     *
     * @param loops run the shards, in turn
     * @throws IllegalArgumentException where a newer program wrote the catalog, or a static config is not valid
     */
    public static BrokerRuntime start(BrokerOptions options, LogStore store, List<ShardLoop> loops, Clock clock) {
        CatalogLog log = new CatalogLog(store, clock);
        if (log.isEmpty()) {
            log.append(FirstChanges.ofStore(new StoreIdentity(newClusterId(), options.nodeId(), options.shardCount())))
                    .join();
        }
        CatalogReplay catalog = new CatalogReplay();
        log.replay(catalog::apply);
        if (!catalog.anyVhost()) {
            List<CatalogChange> missing = FirstChanges.ofVirtualHosts();
            log.append(missing).join();
            missing.forEach(catalog::apply);
        }
        removeLeftovers(store, catalog.deleted());
        shorten(log, catalog);
        BrokerRuntime broker = new BrokerRuntime(options, store, loops, clock, log, catalog.image());
        broker.warnOfUnknown();
        return broker;
    }

    private BrokerRuntime(
            BrokerOptions options,
            LogStore store,
            List<ShardLoop> loops,
            Clock clock,
            CatalogLog log,
            CatalogImage image) {
        this.store = store;
        this.clock = clock;
        this.image = image;
        StoreIdentity found = image.identity();
        if (found == null) {
            throw new IllegalArgumentException(
                    "the catalog does not begin with the store's creation: it is not a catalog");
        }
        this.identity = found;
        this.shards = shards(loops, found.shardCount());
        this.configs = new ConfigRegistry(options.configs(), this::catalog, found.nodeId());
        this.writer = new CatalogWriter(shards.get(0), log, image, this::publish);
        this.topics = new TopicChanges(writer, configs, image, found.shardCount());
        this.producerIds = new ProducerIds(writer);
        this.topology = new TopologyRuntime(writer, topics, this::catalog, this::queues);
        image.topics().forEach(this::addTopic);
        image.queues().forEach(this::addLogOf);
        this.queues = new RunningQueues(
                store,
                clock,
                shards,
                this::catalog,
                topology,
                new CatalogRoutes(this::catalog, topology::routes, this::partitionByKey),
                this::partitionOf);
        openStored();
        queues.start(image);
        long everyMs = configs.brokerLong("producer.id.expiration.check.interval.ms");
        this.expiry = shards.get(0)
                .loop()
                .scheduleWithFixedDelay(this::expireProducers, everyMs, everyMs, TimeUnit.MILLISECONDS);
    }

    private static List<Shard> shards(List<ShardLoop> loops, int count) {
        List<Shard> shards = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ShardLoop loop = loops.get(i % loops.size());
            shards.add(new Shard(i, loop.executor(), loop.inLoop()));
        }
        return List.copyOf(shards);
    }

    /** Kafka's form of a cluster id: 16 random bytes in URL-safe base 64. */
    private static String newClusterId() {
        UUID random = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(random.getMostSignificantBits())
                .putLong(random.getLeastSignificantBits())
                .array();
        // A leading dash reads as an option on command lines.
        bytes[0] &= 0x7f;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Logs with content are opened now, so that retention and compaction go on by their topics' configs; empty ones wait for their first use. */
    private void openStored() {
        for (LogId id : store.ids()) {
            PartitionRuntime partition = (PartitionRuntime) partition(id.owner(), id.index());
            if (partition != null) {
                try {
                    partition.log();
                } catch (BrokerException e) {
                    LOG.error("partition {}-{} is refused: {}", partition.topic(), partition.index(), e.getMessage());
                }
            }
        }
    }

    /** A deletion whose data had not gone when the process ended is carried on. */
    private static void removeLeftovers(LogStore store, Set<UUID> deleted) {
        List<LogId> leftovers =
                store.ids().stream().filter(id -> deleted.contains(id.owner())).toList();
        if (!leftovers.isEmpty()) {
            LOG.info("removing {} logs of topics that were deleted before the last stop", leftovers.size());
            store.delete(leftovers).join();
        }
    }

    /** A catalog that changes all the time would grow for ever. What was deleted is gone by now, so nobody needs to know of it. */
    private static void shorten(CatalogLog log, CatalogReplay catalog) {
        List<CatalogChange> shorter = catalog.shorter(SHORT_ENOUGH_CHANGES);
        if (shorter.isEmpty()) {
            return;
        }
        try {
            log.replace(shorter);
        } catch (LogException e) {
            LOG.warn("the catalog's log stays long, the next start tries again: {}", e.getMessage());
        }
    }

    private void warnOfUnknown() {
        for (LogId id : store.ids()) {
            if (!byId.containsKey(id.owner()) && !id.equals(CatalogLog.ID) && !RunningQueues.owns(id)) {
                LOG.warn("log {} is stored but the catalog does not know it: it is left alone", id);
            }
        }
    }

    /** On the catalog's thread. */
    private CompletableFuture<Void> publish(CatalogImage after, List<CatalogChange> changes) {
        CatalogImage before = image;
        image = after;
        topology.policiesChanged(before, after, changes);
        List<LogId> gone = new ArrayList<>();
        changes.forEach(change -> apply(change, after, gone));
        if (changes.stream().anyMatch(CatalogChange.BrokerConfigsSet.class::isInstance)) {
            queueConfigs.clear();
            after.topics().forEach(this::updateTopic);
            after.vhosts().forEach(vhost -> updateStreams(after, vhost.name()));
        }
        topology.changed(after, changes);
        tellListeners(before, after, changes);
        return gone.isEmpty() ? CompletableFuture.completedFuture(null) : store.delete(gone);
    }

    /** Does what a change means to topics and queues that run; adds the logs that nobody needs any more. */
    private void apply(CatalogChange change, CatalogImage after, List<LogId> gone) {
        if (change instanceof CatalogChange.TopicCreated c) {
            addTopic(c.topic());
        } else if (change instanceof CatalogChange.TopicDeleted c) {
            gone.addAll(removeTopic(c.topicId()));
        } else if (change instanceof CatalogChange.PartitionsAdded c) {
            updateTopic(after.topic(c.topicId()));
        } else if (change instanceof CatalogChange.TopicConfigsSet c) {
            updateTopic(after.topic(c.topicId()));
        } else if (change instanceof CatalogChange.QueueCreated c) {
            addLogOf(c.queue());
            queues.created(c.queue());
        } else if (change instanceof CatalogChange.QueueArgumentsSet c) {
            queues.changed(after.queue(c.queueId()));
        } else if (change instanceof CatalogChange.QueueDeleted c) {
            queues.deleted(c.queueId());
            gone.addAll(removeTopic(c.queueId()));
        } else if (change instanceof CatalogChange.PolicySet c) {
            updateStreams(after, c.policy().vhost());
        } else if (change instanceof CatalogChange.PolicyDeleted c) {
            updateStreams(after, c.vhost());
        }
    }

    private void tellListeners(CatalogImage before, CatalogImage after, List<CatalogChange> changes) {
        for (CatalogListener listener : listeners) {
            try {
                listener.changed(before, after, changes);
            } catch (RuntimeException e) {
                LOG.error("a listener failed on a change of the catalog; the change holds", e);
            }
        }
    }

    private void addTopic(Topic topic) {
        TopicRuntime runtime = new TopicRuntime(topic, configs.effective(withPolicy(topic)), shards, store, clock);
        byId.put(topic.id(), runtime);
        byName.put(topic.name(), runtime);
    }

    /** A queue's log is a partition like any other, whether or not a topic shows it. */
    private void addLogOf(Queue queue) {
        if (queue.view() == Queue.View.SHARED || byId.containsKey(queue.id())) {
            return;
        }
        Topic topic = withPolicy(queue, QueueTopics.logOf(queue));
        TopicConfig config = queueConfigs.computeIfAbsent(topic.configs(), c -> configs.effective(topic));
        if (!queue.stored()) {
            config = config.inMemory();
        }
        TopicRuntime runtime = new TopicRuntime(topic, config, shards, store, clock);
        byId.put(topic.id(), runtime);
        if (queue.topic() != null) {
            byName.put(topic.name(), runtime);
        }
    }

    /** The partition that is a queue's log. */
    private @Nullable QueuePartition partitionOf(Queue queue) {
        String topic = queue.topic();
        TopicRuntime runtime =
                queue.view() == Queue.View.SHARED && topic != null ? byName.get(topic) : byId.get(queue.id());
        return runtime == null ? null : runtime.partition(0);
    }

    /** The partition of a topic that a routing key chooses, as Kafka's own producers choose by a record's key. */
    private @Nullable QueuePartition partitionByKey(String topic, String routingKey) {
        TopicRuntime runtime = byName.get(topic);
        return runtime == null
                ? null
                : runtime.partition(KeyHash.partition(
                        routingKey.getBytes(StandardCharsets.UTF_8),
                        runtime.partitions().size()));
    }

    private void updateTopic(@Nullable Topic topic) {
        TopicRuntime runtime = topic == null ? null : byId.get(topic.id());
        if (runtime != null && topic != null) {
            runtime.update(topic, configs.effective(withPolicy(topic)));
        }
    }

    /** Policies of a virtual host have changed: its streams keep messages as they say now. */
    private void updateStreams(CatalogImage after, String vhost) {
        if (after.vhost(vhost) == null) {
            return;
        }
        for (Queue queue : after.queues(vhost)) {
            if (queue.type() == Queue.Type.STREAM && queue.view() == Queue.View.NONE) {
                Topic shown = queue.topic() == null ? null : after.topic(queue.topic());
                updateTopic(shown != null ? shown : QueueTopics.logOf(queue));
            }
        }
    }

    private Topic withPolicy(Topic topic) {
        Queue queue = image.queue(topic.id());
        return queue == null ? topic : withPolicy(queue, topic);
    }

    /** The topic of a stream with what policies say of how long it keeps messages. */
    private Topic withPolicy(Queue queue, Topic topic) {
        Map<String, String> said = queue.view() == Queue.View.NONE ? topology.streamConfigs(queue) : Map.of();
        if (said.isEmpty()) {
            return topic;
        }
        Map<String, String> configs = new HashMap<>(topic.configs());
        configs.putAll(said);
        return topic.withConfigs(configs);
    }

    private List<LogId> removeTopic(UUID id) {
        TopicRuntime runtime = byId.remove(id);
        if (runtime == null) {
            return List.of();
        }
        byName.remove(runtime.name(), runtime);
        runtime.partitions().forEach(PartitionRuntime::markDeleted);
        return runtime.partitions().stream().map(PartitionRuntime::id).toList();
    }

    private void expireProducers() {
        long nowMs = clock.wallMs();
        long idleMs = configs.brokerLong("producer.id.expiration.ms");
        for (TopicRuntime topic : byId.values()) {
            topic.partitions().forEach(partition -> partition.expireProducers(nowMs, idleMs));
        }
    }

    @Override
    public CatalogImage catalog() {
        return image;
    }

    @Override
    public void onCatalogChange(CatalogListener listener) {
        listeners.add(listener);
    }

    @Override
    public TopicAdmin topics() {
        return topics;
    }

    @Override
    public Configs configs() {
        return configs;
    }

    @Override
    public @Nullable Partition partition(UUID topicId, int index) {
        TopicRuntime topic = byId.get(topicId);
        return topic == null ? null : topic.partition(index);
    }

    @Override
    public @Nullable Partition partition(String name, int index) {
        TopicRuntime topic = byName.get(name);
        return topic == null ? null : topic.partition(index);
    }

    @Override
    public String clusterId() {
        return identity.clusterId();
    }

    @Override
    public int nodeId() {
        return identity.nodeId();
    }

    @Override
    public CompletableFuture<Long> newProducerId() {
        return producerIds.take();
    }

    @Override
    public LogStore store() {
        return store;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Shard shard(int index) {
        return shards.get(index);
    }

    @Override
    public int shardCount() {
        return shards.size();
    }

    /** Takes no more changes of the catalog. The store stays open: what is on its way completes when the caller closes it. */
    @Override
    public void close() {
        expiry.cancel(false);
        writer.close();
        queues.close();
    }

    @Override
    public Topology topology() {
        return topology;
    }

    @Override
    public Queues queues() {
        return queues;
    }
}

package dev.pabal.broker.queue;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Partition.Produced;
import dev.pabal.broker.Refusal;
import dev.pabal.broker.Shard;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Queue;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.LogStore;
import dev.pabal.log.seam.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All queues of a broker as running things: starts them as the catalog says, brings back from each shard's journal what was known of them, and
 * stops them in order. Queues come and go on the catalog's thread; everything else may be called by any thread.
 */
public final class RunningQueues implements Queues, AutoCloseable {
    /** Owner of the shards' view journals: index = shard. */
    public static final UUID JOURNAL = UUID.fromString("9e3b5f04-61c3-4b0e-8d3a-0f5f6a76a001");
    /** Owner of the shards' checkpoints of views: index = shard. */
    public static final UUID CHECKPOINTS = UUID.fromString("9e3b5f04-61c3-4b0e-8d3a-0f5f6a76a002");

    private static final Logger LOG = LoggerFactory.getLogger(RunningQueues.class);
    private static final LogConfig JOURNAL_CONFIG = LogConfig.DEFAULT.keepForever();
    /** Small segments: a checkpoint is read whole at each start, and only sealed segments are compacted. */
    private static final int CHECKPOINT_SEGMENT_BYTES = 8 << 20;

    /** Records of messages that are due soon, of all queues. */
    private static final int FETCH_BYTES = 32 << 20;

    private static final long STOP_TIMEOUT_MS = 10_000;

    private final LogStore store;
    private final Supplier<CatalogImage> catalog;
    private final QueueDirectory directory;
    private final Function<Queue, @Nullable QueuePartition> partitions;
    private final List<ShardQueues> shards = new ArrayList<>();
    private final List<Shard> threads;
    private final Map<UUID, QueueRuntime> running = new ConcurrentHashMap<>();
    private final Host host;

    /**
     * Reads what the shards' journals hold; blocks until that is done. Queues run from {@link #start} on.
     *
     * @param partitions the partition that is a queue's log, null where there is none any more
     */
    public RunningQueues(
            LogStore store,
            Clock clock,
            List<Shard> threads,
            Supplier<CatalogImage> catalog,
            QueueDirectory directory,
            CatalogRoutes routes,
            Function<Queue, @Nullable QueuePartition> partitions) {
        this.store = store;
        this.catalog = catalog;
        this.directory = directory;
        this.partitions = partitions;
        this.threads = threads;
        this.host = new Host(directory, routes.with(this, partitions), clock);
        FetchMemory fetchMemory = new FetchMemory(FETCH_BYTES);
        for (Shard shard : threads) {
            Log journal = store.open(new LogId(JOURNAL, shard.index()), JOURNAL_CONFIG);
            Log checkpoints = store.open(new LogId(CHECKPOINTS, shard.index()), checkpointConfig());
            StoredViews stored = StoredViews.read(checkpoints, journal);
            shards.add(new ShardQueues(shard, clock, journal, checkpoints, stored, fetchMemory));
        }
        directory.onSettingsChanged(this::settingsChanged);
    }

    /** Whether the log is one of those that shards keep for their views. */
    public static boolean owns(LogId id) {
        return id.owner().equals(JOURNAL) || id.owner().equals(CHECKPOINTS);
    }

    private static LogConfig checkpointConfig() {
        LogConfig all = LogConfig.DEFAULT.compacted();
        return new LogConfig(
                all.durability(),
                all.deletes(),
                all.compacts(),
                all.retentionMs(),
                all.retentionBytes(),
                CHECKPOINT_SEGMENT_BYTES,
                all.segmentMs(),
                all.deleteRetentionMs(),
                all.minCompactionLagMs(),
                all.maxCompactionLagMs(),
                all.minCleanableRatio());
    }

    /** Runs the queues of the image; those with messages or news in the journal begin to load, the others wait for their first use. */
    public void start(CatalogImage image) {
        for (Queue queue : image.queues()) {
            QueueRuntime made = add(queue);
            if (made != null && hasSomething(made)) {
                made.durable();
            }
        }
        for (Shard shard : threads) {
            shard.loop().execute(() -> forgetUnknown(shard.index()));
        }
    }

    private boolean hasSomething(QueueRuntime queue) {
        StoredView stored = shards.get(queue.definition().shard()).stored().get(queue.id());
        if (stored != null && stored.hasEntries() || queue.settings().expiresMs() >= 0) {
            return true;
        }
        QueuePartition partition = (QueuePartition) queue.partition();
        Log log = store.find(new LogId(partition.topicId(), partition.index()));
        return log != null && log.durableEnd() > log.startOffset();
    }

    /** What the journal holds of queues that are deleted goes. */
    private void forgetUnknown(int shard) {
        ShardQueues queues = shards.get(shard);
        for (UUID id : List.copyOf(queues.stored().keySet())) {
            if (!running.containsKey(id)) {
                queues.forgetStored(id);
            }
        }
    }

    /** A queue came to be. On the catalog's thread. */
    public void created(Queue queue) {
        QueueRuntime made = add(queue);
        if (made != null
                && (queue.view() == Queue.View.SHARED || made.settings().expiresMs() >= 0)) {
            made.durable();
        }
    }

    private @Nullable QueueRuntime add(Queue queue) {
        if (queue.view() == Queue.View.NONE) {
            return null;
        }
        QueuePartition partition = partitions.apply(queue);
        if (partition == null) {
            LOG.error(
                    "queue '{}' in vhost '{}' has no log: its topic '{}' does not exist. Delete the queue",
                    queue.name(),
                    queue.vhost(),
                    queue.topic());
            return null;
        }
        QueueRuntime made =
                new QueueRuntime(queue, directory.settings(queue), partition, shards.get(queue.shard()), host);
        running.put(queue.id(), made);
        return made;
    }

    /** A queue went. On the catalog's thread. */
    public void deleted(UUID id) {
        QueueRuntime gone = running.remove(id);
        if (gone != null) {
            gone.delete();
        }
    }

    /** A queue has other arguments. On the catalog's thread. */
    public void changed(@Nullable Queue queue) {
        if (queue != null) {
            settingsChanged(queue, directory.settings(queue));
        }
    }

    private void settingsChanged(Queue queue, QueueSettings settings) {
        QueueRuntime changed = running.get(queue.id());
        if (changed != null) {
            changed.configure(queue, settings);
        }
    }

    @Override
    public @Nullable MessageQueue find(String vhost, String name) {
        return findRunning(vhost, name);
    }

    @Nullable
    QueueRuntime findRunning(String vhost, String name) {
        CatalogImage image = catalog.get();
        Queue queue = image.vhost(vhost) == null ? null : image.queue(vhost, name);
        return queue == null ? null : running.get(queue.id());
    }

    @Override
    public @Nullable MessageQueue find(UUID id) {
        return running.get(id);
    }

    @Override
    public Collection<MessageQueue> all() {
        return Collections.unmodifiableCollection(running.values());
    }

    /** Does what is due by the clock now, for tests with clocks of their own; the loops' timers do it otherwise. */
    void tick() {
        for (int i = 0; i < threads.size(); i++) {
            threads.get(i).loop().execute(shards.get(i)::tick);
        }
    }

    /** Makes each shard write a checkpoint soon, for tests. */
    void checkpoint() {
        for (int i = 0; i < threads.size(); i++) {
            threads.get(i).loop().execute(shards.get(i)::checkpoint);
        }
    }

    /** Stops in order: every view's last word is appended when this returns, at the latest after some seconds. The store must still be open. */
    @Override
    public void close() {
        CountDownLatch stopping = new CountDownLatch(threads.size());
        for (Shard shard : threads) {
            try {
                shard.execute(() -> stop(shard.index(), stopping));
            } catch (RejectedExecutionException e) {
                stopping.countDown();
            }
        }
        try {
            if (!stopping.await(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("queues did not stop in time: some messages will be marked as redelivered at the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(int shard, CountDownLatch stopping) {
        try {
            shards.get(shard)
                    .stop(running.values().stream()
                            .filter(queue -> queue.definition().shard() == shard)
                            .toList());
        } catch (RuntimeException e) {
            LOG.error("the queues of shard {} did not stop in order", shard, e);
        } finally {
            stopping.countDown();
        }
    }

    /** What queues ask of those around them. */
    private record Host(QueueDirectory directory, DeadLetterRoutes deadLetterRoutes, Clock clock) implements QueueHost {
        @Override
        public void trim(QueueRuntime queue, long offset) {
            try {
                queue.partition().log().trim(offset).whenComplete((start, error) -> {
                    if (error != null) {
                        LOG.debug("the log of {} could not be trimmed: {}", queue, error.getMessage());
                    }
                });
            } catch (BrokerException | LogException e) {
                LOG.debug("the log of {} could not be trimmed: {}", queue, e.getMessage());
            }
        }

        @Override
        public void unused(QueueRuntime queue) {
            directory.unused(queue.id());
        }

        @Override
        public void expired(QueueRuntime queue) {
            directory.expired(queue.id());
        }

        @Override
        public CompletableFuture<Produced> orDeadLetter(QueueRuntime queue, PublishBatch batch) {
            RefusedBatch attempt = new RefusedBatch(queue, batch, deadLetterRoutes, clock.wallMs());
            CompletableFuture<Produced> published = ((QueuePartition) queue.partition()).publish(attempt.guarded());
            boolean full = published.isCompletedExceptionally() && isFull(published);
            attempt.decide(full);
            return published;
        }

        private static boolean isFull(CompletableFuture<?> failed) {
            return failed.handle(
                            (result, error) -> error instanceof BrokerException e && e.refusal() == Refusal.QUEUE_FULL)
                    .join();
        }
    }
}

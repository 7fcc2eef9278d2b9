package dev.pabal.kafka.group;

import dev.pabal.broker.Broker;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Topic;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Kafka's group coordinator on the broker's logs. It comes to life in the background: at the start where groups are stored, otherwise
 * when the first request needs it, so that a broker without groups pays nothing for it.
 *
 * <p>Threads: all methods may be called by any thread; only {@link #close} waits. Starting, loading and metadata happen on one thread of the
 * host's own, which ends when it has had nothing to do for a while.
 */
final class CoordinatorHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorHost.class);
    private static final long WORKER_IDLE_MS = 5_000;
    /** After this long, requests are let through to partitions that still load, and clients are told so. */
    private static final long READY_WAIT_MS = 500;

    private static final long STOP_WAIT_MS = 5_000;
    /** Following the catalog costs a walk over all topics, so that it is given this share of a thread's time at most: one in so many. */
    private static final int CATALOG_SHARE = 20;

    private final Broker broker;
    private final OffsetsTopic topic;
    private final long reloadAfterMs;
    /** Numbers the elections: the coordinator heeds one only if its number is greater than the last. */
    private final AtomicInteger elections = new AtomicInteger();

    private final ThreadPoolExecutor worker;
    private final AtomicBoolean catalogMoved = new AtomicBoolean();
    private final Object lock = new Object();

    // Guarded by lock.
    private @Nullable CompletableFuture<GroupCoordinator> ready;
    private boolean closed;

    private volatile @Nullable HostedCoordinator hosted;
    /** When, on the monotonic clock, the catalog may be looked at again. */
    private volatile long nextCatalogNs;
    // Touched by the worker only; what the hosted coordinator knows of the catalog.
    private CatalogMetadata metadata;
    private CatalogImage groupConfigsApplied = CatalogImage.empty();

    /**
     * @param reloadAfterMs how long in ms a partition that failed to load is left alone
     */
    CoordinatorHost(Broker broker, long reloadAfterMs) {
        this.broker = broker;
        this.reloadAfterMs = reloadAfterMs;
        this.topic = new OffsetsTopic(broker);
        this.metadata = new CatalogMetadata(broker.nodeId());
        this.nextCatalogNs = broker.clock().monotonicNs();
        this.worker = new ThreadPoolExecutor(
                1, 1, WORKER_IDLE_MS, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "pabal-groups");
                    thread.setDaemon(true);
                    return thread;
                });
        worker.allowCoreThreadTimeOut(true);
    }

    /** Follows the catalog from now on, and begins to load in the background where groups are stored. Returns at once. */
    void start() {
        broker.onCatalogChange((before, after, changes) -> catalogChanged());
        if (topic.exists()) {
            coordinator();
        }
    }

    /** Whether anything was ever stored of groups; where not, there is nothing to ask the coordinator for. */
    boolean storesGroups() {
        return topic.exists();
    }

    /**
     * The coordinator; begins to start it where that has not been done.
     *
     * @return completes when it can take requests; fails with {@link CoordinatorNotAvailableException}, and a later call tries anew
     */
    CompletableFuture<GroupCoordinator> coordinator() {
        CompletableFuture<GroupCoordinator> starting;
        synchronized (lock) {
            if (closed) {
                return CompletableFuture.failedFuture(new CoordinatorNotAvailableException("the broker is stopping"));
            }
            if (ready != null) {
                return ready;
            }
            starting = new CompletableFuture<>();
            ready = starting;
        }
        worker.execute(() -> begin(starting));
        return starting;
    }

    private void begin(CompletableFuture<GroupCoordinator> starting) {
        long startNs = broker.clock().monotonicNs();
        try {
            CoordinatorConfigs configs = new CoordinatorConfigs(broker.configs(), broker.nodeId());
            GroupCoordinatorConfig coordinator = configs.coordinator();
            topic.ensure(coordinator.offsetsTopicPartitions(), coordinator.offsetsTopicSegmentBytes())
                    .thenAcceptAsync(stored -> launch(stored, configs, starting, startNs), worker)
                    .exceptionally(failure -> abandon(starting, failure));
        } catch (RuntimeException e) {
            abandon(starting, e);
        }
    }

    private void launch(
            Topic stored, CoordinatorConfigs configs, CompletableFuture<GroupCoordinator> starting, long startNs) {
        HostedCoordinator coordinator = new HostedCoordinator(
                broker,
                topic,
                configs,
                worker,
                settled -> {
                    if (settled == stored.partitions()) {
                        runOnWorker(() -> announce(starting, stored, startNs));
                    }
                },
                this::reloadLater);
        metadata = new CatalogMetadata(broker.nodeId());
        groupConfigsApplied = CatalogImage.empty();
        hosted = coordinator;
        coordinator.startup(stored.partitions());
        applyCatalog();
        for (int partition = 0; partition < stored.partitions(); partition++) {
            elect(coordinator, partition);
        }
        starting.completeOnTimeout(coordinator.service(), READY_WAIT_MS, TimeUnit.MILLISECONDS);
    }

    private void announce(CompletableFuture<GroupCoordinator> starting, Topic stored, long startNs) {
        HostedCoordinator coordinator = hosted;
        if (coordinator != null) {
            LOG.debug(
                    "groups are served: {} partitions loaded in {} ms",
                    stored.partitions(),
                    TimeUnit.NANOSECONDS.toMillis(broker.clock().monotonicNs() - startNs));
            starting.complete(coordinator.service());
        }
    }

    private @Nullable Void abandon(CompletableFuture<GroupCoordinator> starting, Throwable failure) {
        LOG.error(
                "the group coordinator did not start; consumer groups wait and the next request tries again", failure);
        stopHosted();
        synchronized (lock) {
            if (ready == starting) {
                ready = null;
            }
        }
        starting.completeExceptionally(new CoordinatorNotAvailableException("the group coordinator did not start"));
        return null;
    }

    private void elect(HostedCoordinator coordinator, int partition) {
        coordinator.elect(partition, elections.incrementAndGet());
    }

    private void reloadLater(int partition) {
        CompletableFuture.delayedExecutor(reloadAfterMs, TimeUnit.MILLISECONDS)
                .execute(() -> runOnWorker(() -> {
                    HostedCoordinator coordinator = hosted;
                    if (coordinator != null) {
                        elect(coordinator, partition);
                    }
                }));
    }

    private void catalogChanged() {
        if (hosted != null && catalogMoved.compareAndSet(false, true)) {
            long waitNs = nextCatalogNs - broker.clock().monotonicNs();
            if (waitNs <= 0) {
                runOnWorker(this::applyCatalog);
            } else {
                CompletableFuture.delayedExecutor(waitNs, TimeUnit.NANOSECONDS)
                        .execute(() -> runOnWorker(this::applyCatalog));
            }
        }
    }

    /** Brings the coordinator up to the catalog as it is now, however many changes that is. */
    private void applyCatalog() {
        catalogMoved.set(false);
        HostedCoordinator coordinator = hosted;
        if (coordinator == null) {
            return;
        }
        long startNs = broker.clock().monotonicNs();
        try {
            CatalogImage now = broker.catalog();
            metadata.advance(now, broker.clock().wallMs(), coordinator.service()::onMetadataUpdate);
            applyGroupConfigs(coordinator, now);
        } catch (RuntimeException e) {
            LOG.error("the group coordinator did not take a change of topics; restart the broker to mend it", e);
        }
        long endNs = broker.clock().monotonicNs();
        nextCatalogNs = endNs + CATALOG_SHARE * (endNs - startNs);
    }

    private void applyGroupConfigs(HostedCoordinator coordinator, CatalogImage now) {
        Set<String> groups = new HashSet<>(groupConfigsApplied.groupsWithConfigs());
        groups.addAll(now.groupsWithConfigs());
        for (String group : groups) {
            if (!groupConfigsApplied.groupConfigs(group).equals(now.groupConfigs(group))) {
                coordinator.configs().updateGroup(group, now.groupConfigs(group));
            }
        }
        groupConfigsApplied = now;
    }

    private void runOnWorker(Runnable task) {
        try {
            worker.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the group coordinator is stopping");
        }
    }

    private void stopHosted() {
        HostedCoordinator coordinator = hosted;
        hosted = null;
        if (coordinator != null) {
            coordinator.close();
        }
    }

    /** Stops the coordinator; requests that it still holds are failed. Waits at most a few seconds. */
    @Override
    public void close() {
        CompletableFuture<GroupCoordinator> starting;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            starting = ready;
        }
        HostedCoordinator coordinator = hosted;
        if (coordinator != null) {
            coordinator.interruptLoads();
        }
        try {
            CompletableFuture.runAsync(this::stopHosted, worker).get(STOP_WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("the group coordinator did not stop cleanly; what it acknowledged is stored all the same", e);
        } finally {
            worker.shutdownNow();
            if (starting != null) {
                starting.completeExceptionally(new CoordinatorNotAvailableException("the broker is stopping"));
            }
        }
    }
}

package dev.pabal.kafka.group;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime.CoordinatorState;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntimeMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the coordinator's runtime reports, in a few words of memory where Kafka's own metrics would keep histograms. It also tells when
 * partitions have settled, because the runtime reports each change of state while no request can come between.
 */
final class CoordinatorStats implements CoordinatorRuntimeMetrics {
    private final AtomicInteger settled = new AtomicInteger();
    private final IntConsumer onSettled;
    private final LongAdder events = new LongAdder();
    private final LongAdder loads = new LongAdder();
    private volatile @Nullable Supplier<Integer> queueSize;

    /**
     * @param onSettled called with the number of partitions that have become active or failed so far, on the coordinator's thread: short
     */
    CoordinatorStats(IntConsumer onSettled) {
        this.onSettled = onSettled;
    }

    /** Events processed since the start. */
    long events() {
        return events.sum();
    }

    /** Partitions loaded since the start. */
    long loads() {
        return loads.sum();
    }

    /** Events that wait now. */
    int queued() {
        Supplier<Integer> size = queueSize;
        return size == null ? 0 : size.get();
    }

    @Override
    public void recordPartitionStateChange(CoordinatorState from, CoordinatorState to) {
        if (to == CoordinatorState.ACTIVE || to == CoordinatorState.FAILED) {
            onSettled.accept(settled.incrementAndGet());
        }
    }

    @Override
    public void recordPartitionLoadSensor(long startMs, long endMs) {
        loads.increment();
    }

    @Override
    public void recordEventQueueTime(long durationMs) {}

    @Override
    public void recordEventProcessingTime(long durationMs) {
        events.increment();
    }

    @Override
    public void recordEventPurgatoryTime(long durationMs) {}

    @Override
    public void recordLingerTime(long durationMs) {}

    @Override
    public void recordFlushTime(long durationMs) {}

    @Override
    public void recordThreadIdleTime(double idleMs) {}

    @Override
    public void recordBackgroundQueueTime(long durationMs) {}

    @Override
    public void recordBackgroundProcessingTime(long durationMs) {}

    @Override
    public void recordBackgroundThreadBusyTime(double busyMs) {}

    @Override
    public void registerEventQueueSizeGauge(Supplier<Integer> size) {
        queueSize = size;
    }

    @Override
    public void registerBufferCacheSizeGauge(Supplier<Long> sizeInBytes) {}

    @Override
    public void recordBufferCacheDiscarded() {}

    @Override
    public void close() {}
}

package dev.pabal.kafka.group;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime.CoordinatorState;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntimeMetrics;

/**
 * Tells when the coordinator's partitions have settled: its runtime reports each change of state to its metrics, while no request can come
 * between. All else that it reports is left alone, where Kafka's own metrics would keep histograms.
 */
final class SettledPartitions implements CoordinatorRuntimeMetrics {
    private final AtomicInteger settled = new AtomicInteger();
    private final IntConsumer onSettled;

    /**
     * @param onSettled called with the number of partitions that have become active or failed so far, on the coordinator's thread: short
     */
    SettledPartitions(IntConsumer onSettled) {
        this.onSettled = onSettled;
    }

    @Override
    public void recordPartitionStateChange(CoordinatorState from, CoordinatorState to) {
        if (to == CoordinatorState.ACTIVE || to == CoordinatorState.FAILED) {
            onSettled.accept(settled.incrementAndGet());
        }
    }

    @Override
    public void recordPartitionLoadSensor(long startMs, long endMs) {}

    @Override
    public void recordEventQueueTime(long durationMs) {}

    @Override
    public void recordEventProcessingTime(long durationMs) {}

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
    public void registerEventQueueSizeGauge(Supplier<Integer> size) {}

    @Override
    public void registerBufferCacheSizeGauge(Supplier<Long> sizeInBytes) {}

    @Override
    public void recordBufferCacheDiscarded() {}

    @Override
    public void close() {}
}

package dev.pabal.server.metrics;

import dev.pabal.log.LogStore;
import dev.pabal.log.LogStore.StoreStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Meters of the store: {@link LogStore#stats} read once for each scrape. */
public final class StoreMeters implements MeterSource {
    private final LogStore store;
    private @Nullable StoreStats stats;

    public StoreMeters(LogStore store) {
        this.store = store;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "pabal.store.journal",
                "bytes",
                "Journal that a start now would read again",
                StoreStats::journalBytes);
        gauge(
                registry,
                "pabal.store.unflushed",
                "bytes",
                "Appended data that no segment holds yet",
                StoreStats::unflushedBytes);
        gauge(registry, "pabal.store.cached", "bytes", "Tail of the logs kept in memory", StoreStats::cachedBytes);
        gauge(registry, "pabal.store.segments", "bytes", "Data in segment files", StoreStats::segmentBytes);
        gauge(registry, "pabal.store.segment.files", "files", "Segment files", StoreStats::segmentFiles);
        gauge(registry, "pabal.store.open.files", "files", "Descriptors that the store holds", StoreStats::openFiles);
        gauge(registry, "pabal.store.usable", "bytes", "Free space on the disk", StoreStats::usableBytes);
        gauge(
                registry,
                "pabal.store.writable",
                null,
                "1 while appends are taken, 0 without room",
                s -> s.writable() ? 1 : 0);
        counter(registry, "pabal.store.syncs", null, "Syncs of the journal", StoreStats::syncs);
        counter(registry, "pabal.store.appends", null, "Appends", StoreStats::appends);
        counter(registry, "pabal.store.appended", "bytes", "Appended data", StoreStats::appendedBytes);
    }

    @Override
    public void refresh() {
        stats = store.stats();
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            @Nullable String unit,
            String meaning,
            ToDoubleFunction<StoreStats> figure) {
        Gauge.builder(name, this, self -> self.read(figure))
                .baseUnit(unit)
                .description(meaning)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry,
            String name,
            @Nullable String unit,
            String meaning,
            ToDoubleFunction<StoreStats> figure) {
        FunctionCounter.builder(name, this, self -> self.read(figure))
                .baseUnit(unit)
                .description(meaning)
                .register(registry);
    }

    private double read(ToDoubleFunction<StoreStats> figure) {
        StoreStats current = stats;
        return current == null ? Double.NaN : figure.applyAsDouble(current);
    }
}

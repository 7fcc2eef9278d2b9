package dev.pabal.cli.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Counts records and bytes and records latencies; any thread records, one reads. */
final class Meter {
    private static final long MAX_LATENCY_US = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 3;

    private final Recorder latencies = new Recorder(MAX_LATENCY_US, DIGITS);
    private final Histogram total = new Histogram(MAX_LATENCY_US, DIGITS);
    private final long startedNs = System.nanoTime();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder records = new LongAdder();
    private long intervalNs = startedNs;
    private long intervalRecords;
    private long intervalBytes;

    void record(int sizeInBytes, long latencyUs) {
        records.increment();
        bytes.add(sizeInBytes);
        latencies.recordValue(Math.max(0, Math.min(latencyUs, MAX_LATENCY_US)));
    }

    long records() {
        return records.sum();
    }

    /** What happened since the last call, in a line. */
    String interval() {
        long now = System.nanoTime();
        long recordsNow = records.sum();
        long bytesNow = bytes.sum();
        Histogram part = latencies.getIntervalHistogram();
        total.add(part);
        String line = line(recordsNow - intervalRecords, bytesNow - intervalBytes, now - intervalNs, part);
        intervalNs = now;
        intervalRecords = recordsNow;
        intervalBytes = bytesNow;
        return String.format(Locale.ROOT, "%,d records; ", recordsNow) + line;
    }

    /** Prints throughput and latency of the whole run. */
    void summary(PrintWriter out, String latencyOf) {
        total.add(latencies.getIntervalHistogram());
        double seconds = (System.nanoTime() - startedNs) / 1e9;
        out.printf(
                Locale.ROOT,
                "%,d records, %,d bytes in %.2f s: %,.0f records/s, %.1f MB/s%n",
                records.sum(),
                bytes.sum(),
                seconds,
                records.sum() / seconds,
                bytes.sum() / seconds / 1e6);
        out.printf(
                Locale.ROOT,
                "%s in ms: p50 %.2f, p95 %.2f, p99 %.2f, p99.9 %.2f, max %.2f%n",
                latencyOf,
                ms(50),
                ms(95),
                ms(99),
                ms(99.9),
                total.getMaxValue() / 1e3);
        out.flush();
    }

    private double ms(double percentile) {
        return total.getValueAtPercentile(percentile) / 1e3;
    }

    private static String line(long records, long bytes, long ns, Histogram latencies) {
        double seconds = ns / 1e9;
        return String.format(
                Locale.ROOT,
                "%,.0f records/s, %.1f MB/s, p50 %.2f ms, p99 %.2f ms",
                records / seconds,
                bytes / seconds / 1e6,
                latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3);
    }
}

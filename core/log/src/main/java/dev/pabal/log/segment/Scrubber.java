package dev.pabal.log.segment;

import dev.pabal.log.LogException;
import dev.pabal.log.seam.Clock;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads sealed segments again, slowly and for ever, to find damage before a consumer does. What it finds is said once per round and counted;
 * nothing is changed. Flusher only.
 */
final class Scrubber {
    private static final System.Logger LOG = System.getLogger(Scrubber.class.getName());

    /** A round begins this long after the one before has ended, at the earliest. */
    private static final long ROUND_NS = TimeUnit.HOURS.toNanos(1);

    private final SegmentIndex index;
    private final ExtentTables tables;
    private final ExtentBuffer buffer;
    private final Clock clock;
    private final long bytesPerSecond;

    private long file;
    private int extent;
    private int part;
    private long lastNs;
    private long nextRoundNs;
    private double allowance;

    Scrubber(SegmentIndex index, ExtentTables tables, ExtentBuffer buffer, Clock clock, long bytesPerSecond) {
        this.index = index;
        this.tables = tables;
        this.buffer = buffer;
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
        lastNs = clock.monotonicNs();
        nextRoundNs = lastNs;
    }

    /** Verifies as many extents as the rate allows by now, one at least when it allows any and no more than {@code maxBytes} of them. */
    void step(int maxBytes) {
        long nowNs = clock.monotonicNs();
        allowance = Math.min(maxBytes, allowance + (nowNs - lastNs) * (double) bytesPerSecond / 1e9);
        lastNs = nowNs;
        if (nowNs - nextRoundNs < 0) {
            return;
        }
        while (allowance > 0) {
            SegmentFile at = current();
            if (at == null) {
                return;
            }
            allowance -= verifyNext(at);
        }
    }

    /** The sealed file to go on with; null where there is none. */
    private @Nullable SegmentFile current() {
        Map.Entry<Long, SegmentFile> entry = index.files.ceilingEntry(file);
        while (entry != null && !entry.getValue().sealed) {
            entry = index.files.higherEntry(entry.getKey());
        }
        if (entry == null) {
            file = 0;
            extent = 0;
            part = 0;
            nextRoundNs = clock.monotonicNs() + ROUND_NS;
            return null;
        }
        if (entry.getKey() != file) {
            file = entry.getKey();
            extent = 0;
            part = 0;
        }
        return entry.getValue();
    }

    /** Verifies one extent that is still wanted; returns its size. */
    private int verifyNext(SegmentFile at) {
        while (part < at.parts.size()) {
            Part one = at.parts.get(part);
            extent = Math.max(extent, one.skippedExtents);
            if (one.dead || extent >= one.extentCount) {
                part++;
                extent = 0;
                continue;
            }
            ExtentList table = table(at);
            if (table == null) {
                break;
            }
            Extent next = table.extent(one.log.id, at, one.firstExtent + extent++);
            verify(at, next);
            return next.sizeInBytes();
        }
        file++;
        part = 0;
        extent = 0;
        return 0;
    }

    /** The file's extents; null where nothing more of it can be verified. */
    private @Nullable ExtentList table(SegmentFile at) {
        try {
            return tables.table(at);
        } catch (IOException | LogException e) {
            damaged(at, e);
            return null;
        }
    }

    private void verify(SegmentFile at, Extent next) {
        try {
            buffer.load(next);
        } catch (IOException | LogException e) {
            damaged(at, e);
        }
    }

    /** What cannot be read or verified concerns this file: the store goes on. */
    private static void damaged(SegmentFile at, Exception e) {
        at.damaged |= e instanceof LogException;
        LOG.log(System.Logger.Level.ERROR, "scrubbing found damage or cannot read {0}: {1}", at, e.getMessage());
    }
}

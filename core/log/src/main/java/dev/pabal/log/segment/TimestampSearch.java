package dev.pabal.log.segment;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.segment.SegmentStore.MaxTimestamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds batches by timestamp: the tables of parts and extents name the extent, whose batch headers name the batch. Runs on threads that may
 * wait for the disk.
 */
final class TimestampSearch {
    private final SegmentIndex index;
    private final ExtentCache cache;
    private final ColdReader reader;
    private final ExtentIo io;

    TimestampSearch(SegmentIndex index, ExtentCache cache, ColdReader reader, ExtentIo io) {
        this.index = index;
        this.cache = cache;
        this.reader = reader;
        this.io = io;
    }

    /** Base offset of the first batch at or after the log's start whose largest timestamp is at or after {@code timestampMs}; or -1. */
    long firstAtOrAfter(LogIndex log, long timestampMs) throws IOException {
        long at = start(log);
        while (true) {
            Extent extent = next(log, at, timestampMs);
            if (extent == null) {
                return -1;
            }
            Found found = search(extent, log, at, timestampMs);
            if (found.offset >= 0) {
                return found.offset;
            }
            at = extent.nextOffset();
        }
    }

    /** First batch at or after the log's start with the largest timestamp. */
    MaxTimestamp max(LogIndex log) throws IOException {
        long start = start(log);
        MaxTimestamp best = MaxTimestamp.NONE;
        for (Long base : partBases(log)) {
            best = max(log, Math.max(base, start), best, start);
        }
        return best;
    }

    /** The part that contains {@code at}, against the best so far. */
    private MaxTimestamp max(LogIndex log, long at, MaxTimestamp best, long start) throws IOException {
        long end;
        long upperBound;
        long upperBoundOffset;
        synchronized (log) {
            int i = log.firstEndingAfter(at);
            if (i == log.parts.size()) {
                return best;
            }
            Part part = log.parts.get(i);
            end = part.nextOffset;
            upperBound = part.maxTimestamp;
            upperBoundOffset = part.maxTimestampOffset;
        }
        if (upperBound <= best.timestampMs() && best.baseOffset() >= 0) {
            return best;
        }
        if (upperBoundOffset >= start) {
            return new MaxTimestamp(upperBoundOffset, upperBound);
        }
        MaxTimestamp found = best;
        long offset = at;
        while (offset < end) {
            Extent extent = find(log, offset);
            if (extent == null || extent.baseOffset() >= end) {
                break;
            }
            if (extent.maxTimestamp() > found.timestampMs() || found.baseOffset() < 0) {
                found = extent.maxTimestampOffset() >= start
                        ? new MaxTimestamp(extent.maxTimestampOffset(), extent.maxTimestamp())
                        : maxWithin(log, extent, start, found);
            }
            offset = extent.nextOffset();
        }
        return found;
    }

    private MaxTimestamp maxWithin(LogIndex log, Extent extent, long start, MaxTimestamp best) throws IOException {
        Found found = search(extent, log, start, Long.MAX_VALUE);
        return found.maxOffset >= 0 && (found.maxTimestamp > best.timestampMs() || best.baseOffset() < 0)
                ? new MaxTimestamp(found.maxOffset, found.maxTimestamp)
                : best;
    }

    private static long start(LogIndex log) {
        synchronized (log) {
            return log.startOffset;
        }
    }

    private static List<Long> partBases(LogIndex log) {
        synchronized (log) {
            List<Long> bases = new ArrayList<>(log.parts.size());
            log.parts.forEach(part -> bases.add(part.baseOffset));
            return bases;
        }
    }

    /** The first extent that ends after {@code at} and may hold a timestamp at or after the given one. */
    private @Nullable Extent next(LogIndex log, long at, long timestampMs) throws IOException {
        long offset = at;
        while (true) {
            synchronized (log) {
                int i = log.firstEndingAfter(offset);
                while (i < log.parts.size() && log.parts.get(i).maxTimestamp < timestampMs) {
                    i++;
                }
                if (i == log.parts.size()) {
                    return null;
                }
                offset = Math.max(offset, log.parts.get(i).baseOffset);
            }
            Extent extent = find(log, offset);
            if (extent == null || extent.maxTimestamp() >= timestampMs) {
                return extent;
            }
            offset = extent.nextOffset();
        }
    }

    private @Nullable Extent find(LogIndex log, long offset) throws IOException {
        try {
            return index.find(log, offset, true);
        } catch (SegmentIndex.NotResident e) {
            throw new IOException(e);
        }
    }

    /** Looks at the headers of the extent's batches that end after {@code from}. */
    private Found search(Extent extent, LogIndex log, long from, long timestampMs) throws IOException {
        Extent wanted = extent;
        for (int attempt = 0; attempt < 16 && wanted != null; attempt++) {
            try {
                LoadedExtent loaded = cache.load(wanted, false);
                if (loaded == null) {
                    return searchAside(wanted, from, timestampMs);
                }
                try {
                    return walk(loaded.memory(), loaded.start(), loaded.end(), from, timestampMs);
                } finally {
                    reader.release(List.of(loaded), 0);
                }
            } catch (ExtentIo.Removed e) {
                wanted = find(log, extent.baseOffset());
            }
        }
        throw new IOException(extent.file() + " went away while it was searched; try again");
    }

    /** Slow consumers hold all read buffers: one search to a thread in memory of its own does not wait for them. */
    private Found searchAside(Extent extent, long from, long timestampMs) throws IOException {
        ExtentBuffer aside = new ExtentBuffer(io);
        aside.load(extent);
        return walk(aside.memory(), aside.start(), aside.end(), from, timestampMs);
    }

    private static Found walk(ByteBuffer memory, int start, int end, long from, long timestampMs) {
        Found found = new Found();
        for (int at = start; at < end; at += BatchHeader.sizeInBytes(memory, at)) {
            long timestamp = BatchHeader.maxTimestamp(memory, at);
            if (BatchHeader.nextOffset(memory, at) <= from) {
                continue;
            }
            if (timestamp >= timestampMs && found.offset < 0) {
                found.offset = BatchHeader.baseOffset(memory, at);
            }
            if (timestamp > found.maxTimestamp || found.maxOffset < 0) {
                found.maxTimestamp = timestamp;
                found.maxOffset = BatchHeader.baseOffset(memory, at);
            }
        }
        return found;
    }

    /** What a walk over headers found; -1 for nothing. */
    private static final class Found {
        long offset = -1;
        long maxOffset = -1;
        long maxTimestamp = -1;
    }
}

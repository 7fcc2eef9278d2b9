package dev.pabal.log.segment;

import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What segments hold of one log: its chain of parts. Changed by the flusher only, under this object's monitor; read by any thread under it.
 */
final class LogIndex {
    final LogId id;
    /** In offset order, without overlap; gaps are where compaction removed everything. */
    final List<Part> parts = new ArrayList<>();

    long startOffset;
    long nextOffset;
    long sizeInBytes;
    /** Why nothing of the log is served: a file of its own was damaged when the store was opened. */
    volatile @Nullable LogException refusal;
    /** What nobody will read again, where anything was released. Flusher only. */
    @Nullable
    Released released;
    /** Everything before this offset was compacted at least once. */
    long cleanedOffset;

    /** Retention or compaction failed: not to be tried again before this time. Flusher only. */
    long noUpkeepBeforeNs = Long.MIN_VALUE;
    /** The log's own unsealed segment. Flusher only. */
    @Nullable
    SegmentFile ownSegment;

    LogIndex(LogId id, long startOffset) {
        this.id = id;
        this.startOffset = startOffset;
        this.nextOffset = startOffset;
    }

    /** Index of the first part that ends after {@code offset}; the number of parts where none does. */
    int firstEndingAfter(long offset) {
        int low = 0;
        int high = parts.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (parts.get(middle).nextOffset > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}

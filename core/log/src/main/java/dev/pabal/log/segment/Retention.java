package dev.pabal.log.segment;

import dev.pabal.log.LogConfig;
import dev.pabal.log.seam.Clock;
import java.io.IOException;

/**
 * Removes what is too old or too much: extents at a log's start, as the log's policies say. Only the start moves; a file goes when nothing in
 * it is wanted. The offsets of a log outlive its last extent. Flusher only.
 */
final class Retention {
    private final SegmentIndex index;
    private final Clock clock;

    Retention(SegmentIndex index, Clock clock) {
        this.index = index;
        this.clock = clock;
    }

    /** Applies the policies to one log. */
    void apply(LogIndex log, LogConfig config, SegmentStore.TrimListener trimmed) throws IOException {
        if (!config.deletes() || log.parts.isEmpty()) {
            return;
        }
        long start = log.startOffset;
        long wanted = start;
        if (config.retentionMs() >= 0) {
            wanted = Math.max(wanted, startByTime(log, clock.wallMs() - config.retentionMs()));
        }
        if (config.retentionBytes() >= 0) {
            wanted = Math.max(wanted, startBySize(log, config.retentionBytes()));
        }
        if (wanted > start) {
            index.trim(log, wanted);
            trimmed.trimmed(log.id, wanted);
        }
    }

    /** The offset behind the extents at the front whose timestamps all lie before {@code oldestMs}. */
    private long startByTime(LogIndex log, long oldestMs) throws IOException {
        long start = log.startOffset;
        for (Part part : log.parts) {
            if (index.oldestTimestamp(part) >= oldestMs) {
                return start;
            }
            long newest = part.maxTimestamp < 0 ? part.file.createdMs() : part.maxTimestamp;
            if (newest < oldestMs) {
                start = part.nextOffset;
                continue;
            }
            ExtentList extents = index.extents(part);
            int first = SegmentIndex.firstIndex(part);
            for (int i = first + part.skippedExtents; i < first + part.extentCount; i++) {
                if (SegmentIndex.timestamp(part, extents, i) >= oldestMs) {
                    return start;
                }
                start = extents.nextOffset(i);
            }
        }
        return start;
    }

    /** The offset behind the extents at the front without which the log still has {@code limitBytes}. */
    private long startBySize(LogIndex log, long limitBytes) throws IOException {
        long excess = log.sizeInBytes - limitBytes;
        long start = log.startOffset;
        for (Part part : log.parts) {
            if (excess <= 0) {
                return start;
            }
            if (part.liveBytes() <= excess) {
                excess -= part.liveBytes();
                start = part.nextOffset;
                continue;
            }
            ExtentList extents = index.extents(part);
            int first = SegmentIndex.firstIndex(part);
            for (int i = first + part.skippedExtents; i < first + part.extentCount; i++) {
                excess -= extents.sizeInBytes(i);
                if (excess < 0) {
                    return start;
                }
                start = extents.nextOffset(i);
            }
        }
        return start;
    }
}

package dev.pabal.log.segment;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of one log in one file: extents that follow each other with none of the log's in another file between them. A log is a chain of
 * parts in offset order. Guarded by the monitor of its {@link LogIndex}; changed by the flusher only.
 */
final class Part {
    static final long UNKNOWN = Long.MIN_VALUE;

    final LogIndex log;
    final SegmentFile file;
    final long baseOffset;
    long nextOffset;
    /** Index of the first extent in the file's footer; meaningless while the file is unsealed. */
    int firstExtent;
    /** Index of this part in the file's footer; meaningless while the file is unsealed. */
    int footerIndex = -1;

    int extentCount;
    /** Bytes of the batches of all extents, skipped ones too. */
    long totalBytes;
    /** Extents at the front that lie before the log's start. */
    int skippedExtents;

    long skippedBytes;
    /** Bytes of released records in extents that are not skipped, about: an extent's bytes are shared out evenly among its offsets. */
    long releasedBytes;
    /** Wanted no more: trimmed, deleted or replaced. */
    boolean dead;
    /** Nothing is added to it any more: what follows is another part. */
    boolean closed;
    /** Largest timestamp of the first extent that is not skipped, {@link #UNKNOWN} until somebody needed it. Flusher only. */
    long oldestTimestamp = UNKNOWN;
    /** Largest timestamp of all extents, skipped ones too: an upper bound once some are skipped. */
    long maxTimestamp = Long.MIN_VALUE;

    long maxTimestampOffset = -1;
    /** The extents while the file is unsealed; afterwards they are in its footer. */
    @Nullable
    ExtentList extents;

    Part(LogIndex log, SegmentFile file, long baseOffset) {
        this.log = log;
        this.file = file;
        this.baseOffset = baseOffset;
        this.nextOffset = baseOffset;
    }

    long liveBytes() {
        return totalBytes - skippedBytes - releasedBytes;
    }

    /** Takes over the extents of a write that has succeeded. */
    void extend(ExtentList added) {
        ExtentList list = extents;
        if (list == null) {
            list = new ExtentList(added.size());
            extents = list;
        }
        list.addAll(added, 0, added.size());
        for (int i = 0; i < added.size(); i++) {
            totalBytes += added.sizeInBytes(i);
            if (added.maxTimestamp(i) > maxTimestamp) {
                maxTimestamp = added.maxTimestamp(i);
                maxTimestampOffset = added.maxTimestampOffset(i);
            }
        }
        extentCount += added.size();
        nextOffset = added.nextOffset(added.size() - 1);
    }
}

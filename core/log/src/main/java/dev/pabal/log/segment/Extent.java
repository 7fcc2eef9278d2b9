package dev.pabal.log.segment;

import dev.pabal.log.LogId;

/**
 * Where one extent lies and what it holds.
 *
 * @param log whose batches these are
 * @param file the segment file
 * @param baseOffset base offset of the first batch
 * @param nextOffset the offset after the last batch
 * @param position of the extent's header in the file
 * @param sizeInBytes bytes of the batches, header not counted
 * @param maxTimestamp largest timestamp of the batches in ms, -1 where they have none
 * @param maxTimestampOffset base offset of the first batch that has it
 */
record Extent(
        LogId log,
        SegmentFile file,
        long baseOffset,
        long nextOffset,
        long position,
        int sizeInBytes,
        long maxTimestamp,
        long maxTimestampOffset) {

    /** Bytes in the file, header included. */
    int storedBytes() {
        return ExtentHeader.BYTES + sizeInBytes;
    }
}

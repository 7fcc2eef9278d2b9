package dev.pabal.log.segment;

/**
 * Bounds of the segments of one store. Sizes are in bytes.
 *
 * @param ownRunBytes a run of at least this size goes to a segment of its log's own, a smaller one to a shared segment
 * @param sharedSegmentBytes size at which a shared segment is sealed
 * @param openFiles descriptors kept at most
 * @param readThreads threads for cold reads
 * @param readBufferBytes memory for cold reads in flight and in the cache together; when it is used up, reads get one batch at a time, in
 *     as much memory again, and then wait
 * @param cacheBytes part of it that keeps extents read lately, or ahead, although nobody reads them just now
 * @param pendingReads reads that may wait at most; more are refused
 * @param tableBytes memory for the extent tables of sealed segments
 * @param stepBytes bytes that one step of upkeep reads or writes at most, save for one larger batch
 * @param retentionIntervalMs time between two looks at a log's retention and compaction
 * @param keyMapBytes memory for the keys of one compaction; a log with more keys takes several passes
 * @param scrubBytesPerSecond rate at which sealed extents are read again to verify them; 0 = never
 */
public record SegmentOptions(
        int ownRunBytes,
        long sharedSegmentBytes,
        int openFiles,
        int readThreads,
        long readBufferBytes,
        long cacheBytes,
        int pendingReads,
        long tableBytes,
        int stepBytes,
        long retentionIntervalMs,
        int keyMapBytes,
        long scrubBytesPerSecond) {

    private static final int MIB = 1 << 20;

    /** What suits one broker on one machine. */
    public static final SegmentOptions DEFAULT = new SegmentOptions(
            MIB / 4, 256L * MIB, 256, 2, 64L * MIB, 16L * MIB, 16_384, 8L * MIB, 4 * MIB, 5_000, 16 * MIB, 2L * MIB);

    public SegmentOptions {
        if (openFiles < 4 || readThreads < 1 || pendingReads < 1) {
            throw new IllegalArgumentException("at least 4 open files, 1 read thread and 1 pending read are needed");
        }
        if (readBufferBytes < ReadMemory.SLAB_BYTES || cacheBytes > readBufferBytes) {
            throw new IllegalArgumentException("read buffers take at least one extent, the cache at most all of them");
        }
    }
}

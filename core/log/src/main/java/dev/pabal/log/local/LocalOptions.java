package dev.pabal.log.local;

import dev.pabal.log.seam.FileStore;

/**
 * Sizes and times of a local store; {@link #DEFAULT} is meant for everybody.
 *
 * @param journalFileBytes size of a journal file, which bounds what one append may hold
 * @param slabBytes size of the pieces of memory that groups are built in
 * @param tailBytes memory for what was appended last, allocated when first needed
 * @param flushBytes bytes that gather in memory before they are written to segments
 * @param checkpointBytes bytes of journal after which a checkpoint is written: what a start after a crash has to read, about
 * @param checkpointMs time in ms after which a checkpoint is written if anything changed
 * @param reserveBytes free space on the disk below which nothing is taken any more
 * @param upkeepMs time in ms between two looks at retention and compaction
 * @param threads whether the store has threads of its own; without, {@link LocalLogStore#doWork} drives it
 */
public record LocalOptions(
        long journalFileBytes,
        int slabBytes,
        long tailBytes,
        long flushBytes,
        long checkpointBytes,
        long checkpointMs,
        long reserveBytes,
        long upkeepMs,
        boolean threads) {
    public static final LocalOptions DEFAULT =
            new LocalOptions(64L << 20, 4 << 20, 128L << 20, 32L << 20, 128L << 20, 60_000, 64L << 20, 5_000, true);

    public LocalOptions {
        if (journalFileBytes % FileStore.ALIGNMENT != 0 || slabBytes % FileStore.ALIGNMENT != 0) {
            throw new IllegalArgumentException(
                    "sizes of journal files and slabs are multiples of " + FileStore.ALIGNMENT);
        }
        if (journalFileBytes > 1 << 30) {
            throw new IllegalArgumentException("a journal file is at most 1 GiB");
        }
    }

    /** The same, driven by its owner. */
    public LocalOptions withoutThreads() {
        return new LocalOptions(
                journalFileBytes,
                slabBytes,
                tailBytes,
                flushBytes,
                checkpointBytes,
                checkpointMs,
                reserveBytes,
                upkeepMs,
                false);
    }

    /** Journal files that are kept for use again: as many as one checkpoint frees, and a few. */
    int spareJournalFiles() {
        return (int) (checkpointBytes / journalFileBytes) + 2;
    }
}

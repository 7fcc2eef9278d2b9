package dev.pabal.log.local;

import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Free space on the disk, as of a moment ago, against what must still fit on it. */
final class Space {
    private static final long LITTLE_BYTES = 1 << 20;

    private final FileStore files;
    private final long reserveBytes;
    /** Bytes appended that no segment holds yet. */
    private final AtomicLong unflushed = new AtomicLong();

    private volatile long usableBytes = Long.MAX_VALUE;
    private volatile boolean blocked;
    /** Size of the largest append that was refused and for which there was no room since; at most {@link #LITTLE_BYTES}. */
    private volatile long wantedBytes;

    Space(FileStore files, long reserveBytes) {
        this.files = files;
        this.reserveBytes = reserveBytes;
    }

    /** Asks the disk again. */
    void refresh() throws IOException {
        usableBytes = files.usableBytes();
    }

    long usableBytes() {
        return usableBytes;
    }

    void appended(long bytes) {
        unflushed.addAndGet(bytes);
    }

    void flushed(long bytes) {
        unflushed.addAndGet(-bytes);
    }

    long unflushedBytes() {
        return unflushed.get();
    }

    /** A write to a segment found no room; until one succeeds nothing is taken. */
    void block(boolean full) {
        blocked = full;
    }

    /** Whether that many bytes more are sure to fit, besides what the journal's next file needs. */
    boolean hasRoom(long bytes, long journalBytesMissing) {
        return !blocked && usableBytes - journalBytesMissing - reserveBytes >= unflushed.get() + bytes;
    }

    /** As {@link #hasRoom}, of an append: one that is refused is remembered, so that the disk counts as full until it would fit. */
    boolean takes(long bytes, long journalBytesMissing) {
        if (hasRoom(bytes, journalBytesMissing)) {
            return true;
        }
        wantedBytes = Math.max(wantedBytes, Math.min(bytes, LITTLE_BYTES));
        return false;
    }

    /** Whether appends are refused for want of space. */
    boolean isFull(long journalBytesMissing) {
        boolean full = !hasRoom(wantedBytes, journalBytesMissing);
        if (!full) {
            wantedBytes = 0;
        }
        return full;
    }

    /** Whether the disk is so full that a failed write is explained by it. */
    boolean isShort() {
        return usableBytes < Math.max(reserveBytes, LITTLE_BYTES);
    }
}

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

    /** Whether the disk is so full that a failed write is explained by it. */
    boolean isShort() {
        return usableBytes < Math.max(reserveBytes, LITTLE_BYTES);
    }
}

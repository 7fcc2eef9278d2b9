package dev.pabal.log.segment;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** A verified extent in memory, used by the cache and by reads: it lives until the last of them has released it. Safe for any thread. */
final class LoadedExtent {
    final Extent extent;
    private final ReadMemory.Piece piece;
    /** Where the first batch starts in the memory, which also holds what shares the extent's first block. */
    private final int contentAt;

    private final ByteBuffer readOnly;
    private final AtomicInteger users = new AtomicInteger(1);
    /** Brought in ahead of a reader and not read yet. Guarded by the cache. */
    boolean ahead;

    LoadedExtent(Extent extent, ReadMemory.Piece piece, int contentAt) {
        this.extent = extent;
        this.piece = piece;
        this.contentAt = contentAt;
        this.readOnly = piece.memory.asReadOnlyBuffer();
    }

    /** The memory; batches are from {@link #start} to {@link #end}. */
    ByteBuffer memory() {
        return readOnly;
    }

    int start() {
        return contentAt;
    }

    int end() {
        return contentAt + extent.sizeInBytes();
    }

    int memoryBytes() {
        return piece.memory.capacity();
    }

    ReadMemory.Piece piece() {
        return piece;
    }

    /** One more user; false where the last one has gone already. */
    boolean retain() {
        int before;
        do {
            before = users.get();
            if (before == 0) {
                return false;
            }
        } while (!users.compareAndSet(before, before + 1));
        return true;
    }

    /** One user less; true for the last one, who gives the memory back. */
    boolean release() {
        return users.decrementAndGet() == 0;
    }

    /** Whether nobody but the caller uses it. */
    boolean unshared() {
        return users.get() == 1;
    }
}

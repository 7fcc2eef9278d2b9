package dev.pabal.log.local;

import dev.pabal.log.seam.FileStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A piece of aligned direct memory that journal groups are built in, written from, and read from as the tail of their logs. It goes back
 * where it came from when the store and all readers have let go of it.
 */
final class Slab {
    private final Home home;
    private final ByteBuffer memory;
    private final ByteBuffer readable;
    private final boolean pooled;
    /** The store's own hold, and one for each open read. */
    private final AtomicInteger holds = new AtomicInteger();
    /** Groups in here that no segment holds yet. */
    private final AtomicInteger undrained = new AtomicInteger();

    /** What of this slab can be read as the tail of some log; the journal's thread only. */
    final List<TailEntry> entries = new ArrayList<>();
    /** Bytes taken by groups, aligned; the journal's thread only. */
    private int used;

    Slab(Home home, int bytes, boolean pooled) {
        this.home = home;
        this.pooled = pooled;
        this.memory = ByteBuffer.allocateDirect(bytes + FileStore.ALIGNMENT)
                .alignedSlice(FileStore.ALIGNMENT)
                .slice(0, bytes);
        this.readable = memory.asReadOnlyBuffer();
    }

    /** Where a slab goes when nobody holds it any more. */
    @FunctionalInterface
    interface Home {
        /** Any thread. */
        void recycle(Slab slab);
    }

    ByteBuffer memory() {
        return memory;
    }

    /** The bytes from {@code from} to before {@code to}, to be read only. */
    ByteBuffer slice(int from, int to) {
        return readable.slice(from, to - from);
    }

    int sizeInBytes() {
        return memory.capacity();
    }

    boolean pooled() {
        return pooled;
    }

    int used() {
        return used;
    }

    int remaining() {
        return memory.capacity() - used;
    }

    void use(int bytes) {
        used += bytes;
    }

    /** The store takes it into use, from the start. */
    void begin() {
        used = 0;
        holds.set(1);
    }

    /** A reader takes hold; only while the store holds it, which the lock of a log with an entry here ensures. */
    void hold() {
        holds.incrementAndGet();
    }

    void release() {
        if (holds.decrementAndGet() == 0) {
            home.recycle(this);
        }
    }

    void groupAdded() {
        undrained.incrementAndGet();
    }

    void groupDrained() {
        undrained.decrementAndGet();
    }

    /** Whether nobody but the store holds it. */
    boolean isHeldOnce() {
        return holds.get() == 1;
    }

    boolean drained() {
        return undrained.get() == 0;
    }
}

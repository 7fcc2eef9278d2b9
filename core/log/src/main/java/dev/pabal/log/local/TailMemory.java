package dev.pabal.log.local;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where groups are built, and how they become readable: the journal's thread, and recovery before there is one. */
final class TailMemory {
    private final SlabPool pool;
    private @Nullable Slab current;

    TailMemory(SlabPool pool) {
        this.pool = pool;
    }

    /** Sees to it that {@link #current} has room; false where all memory holds what is not in a segment yet. */
    boolean makeRoom(long bytes) {
        Slab slab = current;
        if (slab != null && slab.remaining() >= bytes) {
            return true;
        }
        if (slab != null) {
            pool.filled(slab);
            current = null;
        }
        current = pool.take(Math.toIntExact(bytes));
        return current != null;
    }

    Slab current() {
        return Objects.requireNonNull(current, "room was made");
    }

    /** Asks for the next slab when the present one is half full, so that nobody waits for it. */
    void prepareNext() {
        if (current != null && current.remaining() < current.sizeInBytes() / 2) {
            pool.want();
        }
    }

    /** Lets go of all memory that segments hold as well. */
    void evictAll() {
        if (current != null) {
            pool.filled(current);
            current = null;
        }
        pool.evictDrained();
    }

    /** A change is as durable as promised: readers see it from now on. */
    static void publish(Change change) {
        if (change instanceof TailEntry entry) {
            entry.slab().entries.add(entry);
            entry.log().published(entry);
        } else if (change instanceof Change.Trim trim) {
            trim.log().trimmed(trim.offset());
        }
    }

    /** Bytes of batches that these changes bring. */
    static long batchBytes(List<Change> changes) {
        long bytes = 0;
        for (Change change : changes) {
            bytes += change instanceof TailEntry entry ? entry.sizeInBytes() : 0;
        }
        return bytes;
    }
}

package dev.pabal.log.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the tail: slabs up to a budget, allocated when first needed. The journal's thread takes them; where none is free it takes
 * the oldest one whose groups are all in segments away from the tail.
 *
 * <p>Slabs that slow readers hold are not waited for: the budget may be exceeded by as much again for those.
 */
final class SlabPool implements Slab.Home {
    private static final int FIRST_SLAB_BYTES = 256 << 10;

    private final int slabBytes;
    private final long budgetBytes;
    private final ConcurrentLinkedQueue<Slab> free = new ConcurrentLinkedQueue<>();
    private final AtomicLong allocated = new AtomicLong();
    /** Full slabs, oldest first; the journal's thread only. */
    private final Deque<Slab> full = new ArrayDeque<>();

    private volatile boolean starved;
    private volatile boolean wanted;

    SlabPool(int slabBytes, long budgetBytes) {
        this.slabBytes = slabBytes;
        this.budgetBytes = Math.max(budgetBytes, 3L * slabBytes);
    }

    int slabBytes() {
        return slabBytes;
    }

    /** Memory that is allocated. */
    long allocatedBytes() {
        return allocated.get();
    }

    /** Whether the journal waits for segments to take over what a slab holds. */
    boolean starved() {
        return starved;
    }

    /** Takes a slab of at least {@code bytes}; null where all are in use and hold what is not in a segment yet. */
    @Nullable
    Slab take(int bytes) {
        Slab slab = bytes <= slabBytes ? takePooled(bytes) : takeDedicated(bytes);
        starved = slab == null;
        if (slab != null) {
            slab.begin();
        }
        return slab;
    }

    private @Nullable Slab takePooled(int bytes) {
        Slab slab = free.poll();
        if (slab == null && allocated.get() == 0 && bytes <= FIRST_SLAB_BYTES && slabBytes > FIRST_SLAB_BYTES) {
            // New memory is dear, and a store that does little will never need more than this.
            return allocate(FIRST_SLAB_BYTES, false);
        }
        if (slab == null && allocated.get() + slabBytes <= budgetBytes) {
            return allocate(slabBytes, true);
        }
        while (slab == null && evictOldest()) {
            slab = free.poll();
        }
        if (slab == null && full.isEmpty() && allocated.get() + slabBytes <= 2 * budgetBytes) {
            // Nothing waits for a segment, so readers hold it all.
            return allocate(slabBytes, true);
        }
        return slab;
    }

    private @Nullable Slab takeDedicated(int bytes) {
        while (allocated.get() + bytes > budgetBytes && evictOldest()) {
            // each turn gives memory back
        }
        // With nothing left that waits for a segment it must be taken, however large.
        return allocated.get() + bytes <= budgetBytes || full.isEmpty() ? allocate(bytes, false) : null;
    }

    private Slab allocate(int bytes, boolean pooled) {
        allocated.addAndGet(bytes);
        return new Slab(this, bytes, pooled);
    }

    /** A slab will be needed soon. */
    void want() {
        if (free.isEmpty()) {
            wanted = true;
        }
    }

    /** Whether the flusher has a slab to allocate. */
    boolean wanted() {
        return wanted;
    }

    /** Flusher: allocates what is wanted, as far as the budget goes, for the journal's thread has no time to. */
    boolean prepare() {
        if (!wanted) {
            return false;
        }
        wanted = false;
        if (free.isEmpty() && allocated.get() + slabBytes <= budgetBytes) {
            free.add(allocate(slabBytes, true));
        }
        return true;
    }

    /** Nothing more is put into this slab. */
    void filled(Slab slab) {
        full.add(slab);
    }

    /** Takes the oldest slab that segments hold all of away from the tails of its logs. */
    private boolean evictOldest() {
        Iterator<Slab> oldestFirst = full.iterator();
        if (!oldestFirst.hasNext()) {
            return false;
        }
        Slab slab = oldestFirst.next();
        if (!slab.drained()) {
            return false; // groups are drained in order, so no later slab is either
        }
        oldestFirst.remove();
        for (TailEntry entry : slab.entries) {
            entry.log().evict(entry);
        }
        slab.entries.clear();
        slab.release();
        return true;
    }

    /** Takes all slabs that segments hold all of away from the tails, and gives their memory back. */
    void evictDrained() {
        while (evictOldest()) {
            // each turn takes one away
        }
        for (Slab slab = free.poll(); slab != null; slab = free.poll()) {
            allocated.addAndGet(-slab.sizeInBytes());
        }
    }

    @Override
    public void recycle(Slab slab) {
        if (slab.pooled() && allocated.get() <= budgetBytes) {
            free.add(slab);
        } else {
            allocated.addAndGet(-slab.sizeInBytes());
        }
    }
}

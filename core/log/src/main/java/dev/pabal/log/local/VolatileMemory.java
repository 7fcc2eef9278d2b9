package dev.pabal.log.local;

import dev.pabal.log.LogException;
import dev.pabal.log.journal.GroupFormat;
import dev.pabal.log.segment.Run;
import dev.pabal.log.segment.SegmentStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where logs with {@link dev.pabal.log.Durability#MEMORY} keep their batches: slabs that all of them share, each used again once nothing in
 * it is wanted. Beyond the budget the oldest slabs go to segments; beyond twice the budget appends wait until that has happened.
 *
 * <p>Any thread, but for what says flusher. A log's lock may be held when coming here; no log's lock is taken under this one's.
 */
final class VolatileMemory implements Slab.Home {
    private static final int MAX_SLAB_BYTES = 256 << 10;
    /** What is gathered for one write at most. */
    private static final long MAX_SPILL_BYTES = 8L << 20;

    private static final int MAX_SPARES = 16;

    private final int slabBytes;
    private final long budgetBytes;
    private final Deque<Slab> spare = new ArrayDeque<>();
    /** Slabs that nothing more is put into and that hold something wanted, oldest first. */
    private final Deque<Slab> full = new ArrayDeque<>();
    /** Appends that found no room, oldest first. Only the flusher takes any away. */
    private final Deque<Pending> waiting = new ArrayDeque<>();

    private @Nullable Slab current;
    /** Bytes of slabs that hold something wanted. */
    private long heldBytes;

    private volatile long allocatedBytes;
    private volatile boolean spillWanted;
    private volatile Runnable wake = () -> {};
    private boolean unbounded;

    /** @param budgetBytes what stays in memory without being asked for */
    VolatileMemory(int slabBytes, long budgetBytes) {
        this.slabBytes = Math.min(slabBytes, MAX_SLAB_BYTES);
        this.budgetBytes = Math.max(budgetBytes, 2L * this.slabBytes);
    }

    /** How to wake the flusher. */
    void wakeWith(Runnable newWake) {
        wake = newWake;
    }

    /** Memory that is allocated, what only readers still hold included. */
    long allocatedBytes() {
        return allocatedBytes;
    }

    /**
     * Copies one append.
     *
     * @param newest the log's newest entry: what follows it in the same slab becomes one with it
     * @return the entry that holds it, {@code newest}'s batches included where it joined those; null where there is no room just now
     */
    synchronized @Nullable TailEntry put(
            VolatileLog log,
            @Nullable TailEntry newest,
            ByteBuffer content,
            long base,
            long next,
            long maxTimestampMs) {
        int bytes = content.remaining();
        Slab slab = room(bytes);
        if (slab == null) {
            return null;
        }
        int at = slab.used();
        slab.memory().put(at, content, content.position(), bytes);
        slab.use(bytes);
        if (newest != null && joins(newest, slab, at, bytes)) {
            TailEntry joined = new TailEntry(
                    log,
                    slab,
                    newest.position(),
                    newest.sizeInBytes() + bytes,
                    newest.baseOffset(),
                    next,
                    Math.max(newest.maxTimestampMs(), maxTimestampMs));
            slab.entries.set(slab.entries.size() - 1, joined);
            return joined;
        }
        TailEntry entry = new TailEntry(log, slab, at, bytes, base, next, maxTimestampMs);
        slab.entries.add(entry);
        slab.groupAdded();
        return entry;
    }

    private static boolean joins(TailEntry newest, Slab slab, int at, int bytes) {
        return newest.slab() == slab
                && newest.position() + newest.sizeInBytes() == at
                && newest.sizeInBytes() + bytes <= TailEntry.MAX_BYTES;
    }

    private @Nullable Slab room(int bytes) {
        Slab slab = current;
        if (slab != null && slab.remaining() >= bytes) {
            return slab;
        }
        int wanted = Math.max((int) GroupFormat.paddedBytes(bytes), slabBytes);
        if (heldBytes + wanted > budgetBytes && !spillWanted) {
            spillWanted = true;
            wake.run();
        }
        boolean fits = heldBytes + wanted <= 2 * budgetBytes && allocatedBytes + wanted <= 4 * budgetBytes;
        // The first one must be taken however large it is.
        if (!fits && !unbounded && heldBytes > 0) {
            return null;
        }
        retireCurrent();
        slab = bytes <= slabBytes ? spare.poll() : null;
        if (slab == null) {
            allocatedBytes = allocatedBytes + wanted;
            slab = new Slab(this, wanted, bytes <= slabBytes);
        }
        slab.begin();
        heldBytes += slab.sizeInBytes();
        current = slab;
        return slab;
    }

    private void retireCurrent() {
        Slab slab = current;
        current = null;
        if (slab == null) {
            return;
        }
        if (slab.drained()) {
            letGo(slab);
        } else {
            full.add(slab);
        }
    }

    private void letGo(Slab slab) {
        heldBytes -= slab.sizeInBytes();
        slab.entries.clear();
        slab.release();
        wakeForWaiting();
    }

    private void wakeForWaiting() {
        if (!waiting.isEmpty()) {
            spillWanted = true;
            wake.run();
        }
    }

    /** The log wants this entry no more, or segments have it. */
    synchronized void dropped(TailEntry entry) {
        Slab slab = entry.slab();
        slab.groupDrained();
        if (!slab.drained()) {
            return;
        }
        if (slab != current) {
            full.remove(slab);
            letGo(slab);
        } else if (slab.isHeldOnce()) {
            // Nobody can find anything in it any more: what comes next takes the same bytes, which the processor has at
            // hand.
            slab.entries.clear();
            slab.begin();
        }
    }

    @Override
    public synchronized void recycle(Slab slab) {
        if (slab.pooled() && spare.size() < MAX_SPARES) {
            spare.add(slab);
        } else {
            allocatedBytes = allocatedBytes - slab.sizeInBytes();
        }
        wakeForWaiting();
    }

    /** Under the log's lock: an append that found no room waits for the flusher. */
    void await(Pending append) {
        synchronized (this) {
            waiting.add(append);
            spillWanted = true;
        }
        wake.run();
    }

    /** Whether memory runs short. */
    boolean spillWanted() {
        return spillWanted;
    }

    /**
     * Flusher. Moves the oldest slabs to segments and lets those in that wait.
     *
     * @param all whether everything is to go, however much room there is
     * @return whether there is more to move
     * @throws IOException where the disk refuses: everything is kept, and the next call tries again
     */
    boolean spill(SegmentStore segments, boolean all) throws IOException {
        List<Slab> slabs = new ArrayList<>();
        List<TailEntry> entries = new ArrayList<>();
        gather(all, slabs, entries);
        try {
            Runs runs = new Runs();
            entries.forEach(runs::add);
            List<Run> toWrite = runs.toRuns(segments);
            if (!toWrite.isEmpty()) {
                segments.write(toWrite);
                runs.trimWritten(segments);
            }
            for (TailEntry entry : entries) {
                ((VolatileLog) entry.log()).spilled(entry);
            }
        } finally {
            slabs.forEach(Slab::release);
        }
        admit();
        synchronized (this) {
            // Where only readers hold memory there is nothing to move: whoever lets go of some wakes the flusher.
            spillWanted = !full.isEmpty() && (!waiting.isEmpty() || heldBytes > budgetBytes);
            return spillWanted || (all && !full.isEmpty());
        }
    }

    /** The oldest slabs, held, and what lies in them. */
    private synchronized void gather(boolean all, List<Slab> slabs, List<TailEntry> entries) {
        if (all || full.isEmpty()) {
            retireCurrent();
        }
        long bytes = 0;
        long excess = all ? Long.MAX_VALUE : heldBytes - budgetBytes / 2;
        for (Slab slab : full) {
            if (bytes >= MAX_SPILL_BYTES || bytes >= excess) {
                return;
            }
            slab.hold();
            slabs.add(slab);
            entries.addAll(slab.entries);
            bytes += slab.sizeInBytes();
        }
    }

    private void admit() {
        for (Pending next = firstWaiting(); next != null; next = firstWaiting()) {
            VolatileLog log = (VolatileLog) Objects.requireNonNull(next.log);
            if (!log.admit(next)) {
                return;
            }
        }
    }

    private synchronized @Nullable Pending firstWaiting() {
        return waiting.peek();
    }

    /** Flusher: the oldest of those that wait has its place, or will never have one. */
    synchronized void admitted() {
        waiting.remove();
    }

    /** The store closes: who waits for memory gets it. */
    void close() {
        synchronized (this) {
            unbounded = true;
        }
        admit();
    }

    /** Flusher: the store has failed. */
    void fail(LogException cause) {
        List<Pending> all;
        synchronized (this) {
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(pending -> pending.fail(cause));
    }
}

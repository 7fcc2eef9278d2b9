package dev.pabal.log.local;

import dev.pabal.log.Append;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.LogState;
import dev.pabal.log.segment.Released;
import dev.pabal.log.segment.SegmentStore;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A log with {@link dev.pabal.log.Durability#MEMORY}: its batches lie in {@link VolatileMemory}, and in segments only where that ran short.
 * No journal and no checkpoint knows of it, so a restart finds nothing of it but what segments hold, and removes that.
 */
final class VolatileLog extends LocalLog {
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final VolatileMemory memory;
    /** Hands a change over to the flusher; true where it concerns what lies in files. */
    private final BiConsumer<Change, Boolean> marks;

    /** Appends that wait for memory, and those that were let in but not told of yet. Guarded by the log's lock. */
    private int waiting;
    /** Segments hold something of this log. Guarded by the log's lock. */
    private boolean spilled;
    /** Whoever lets an append in is telling the listener: the writer, or the flusher while appends wait; never both. */
    private boolean telling;

    VolatileLog(
            LogId id,
            LogConfig config,
            LogState state,
            Commits commits,
            SegmentStore segments,
            VolatileMemory memory,
            BiConsumer<Change, Boolean> marks) {
        super(id, config, state, commits, segments);
        this.memory = memory;
        this.marks = marks;
    }

    @Override
    boolean isVolatile() {
        return true;
    }

    @Override
    Append append(ByteBuffer batches, @Nullable Runnable released, boolean fromReserve) {
        checkWhole(batches);
        Append append;
        synchronized (lock) {
            checkAppend(batches, fromReserve);
            long base = appendedEnd();
            long maxTimestampMs = assign(batches, base);
            long next = appendedEnd();
            if (waiting > 0 || !take(batches, base, next, maxTimestampMs)) {
                Pending pending = Pending.append(this, batches, base, next, maxTimestampMs, released);
                waiting++;
                memory.await(pending);
                return new Append(base, next - 1, pending);
            }
            append = new Append(base, next - 1, DONE);
        }
        if (released != null) {
            Guard.run(released);
        }
        tell();
        return append;
    }

    /** Under the lock. */
    private boolean take(ByteBuffer batches, long base, long next, long maxTimestampMs) {
        TailEntry newest = tail.newest();
        TailEntry entry = memory.put(this, newest, batches, base, next, maxTimestampMs);
        if (entry == null) {
            return false;
        }
        boolean joined = newest != null && entry.baseOffset() == newest.baseOffset();
        if (joined) {
            tail.replaceNewest(entry);
        } else {
            tail.add(entry);
        }
        grown(batches.remaining(), next);
        return true;
    }

    /** Flusher: tries again to take an append that waited; false where there is no room yet. */
    boolean admit(Pending append) {
        synchronized (lock) {
            if (!isDeleted() && !take(append.content, append.baseOffset, append.nextOffset, append.maxTimestampMs)) {
                return false;
            }
        }
        memory.admitted();
        if (isDeleted()) {
            append.fail(deletedException());
        } else {
            append.releaseContent();
            append.complete(null);
            tell();
        }
        synchronized (lock) {
            waiting--; // only now, so that nobody is told of a later append before
        }
        return true;
    }

    /** Tells the listener; where that appends to this log again, the call under way goes on, so that the stack does not grow. */
    private void tell() {
        if (telling) {
            return;
        }
        telling = true;
        long told;
        do {
            told = durableEnd();
            tellListener();
        } while (told != durableEnd());
        telling = false;
    }

    @Override
    public CompletableFuture<Long> trim(long offset) {
        synchronized (lock) {
            LogException refusal = refusalToTrim(offset);
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            long start = Math.max(offset, startOffset());
            moveStart(start);
            if (spilled) {
                marks.accept(new Change.Trim(this, start, new CompletableFuture<>()), true);
            }
            return CompletableFuture.completedFuture(start);
        }
    }

    @Override
    void dropTailBefore(long offset) {
        for (TailEntry entry = tail.pollBefore(offset); entry != null; entry = tail.pollBefore(offset)) {
            shrunk(entry.sizeInBytes());
            memory.dropped(entry);
        }
    }

    /** What is released at the front of memory leaves it at once; what lies behind something wanted goes with that, or when memory runs short. */
    @Override
    void released(Released all) {
        for (TailEntry oldest = tail.oldest(); oldest != null; oldest = tail.oldest()) {
            if (!all.covers(Math.max(oldest.baseOffset(), startOffset()), oldest.nextOffset())) {
                return;
            }
            dropTailBefore(oldest.nextOffset());
        }
    }

    /** Flusher: segments hold this entry now, unless the log had done with it before. */
    void spilled(TailEntry entry) {
        synchronized (lock) {
            spilled = true;
            dropTailBefore(entry.nextOffset());
            if (isDeleted()) {
                marks.accept(new Change.Delete(this), true);
            }
        }
    }

    @Override
    CompletableFuture<Void> delete() {
        synchronized (lock) {
            markDeleted();
            dropTailBefore(Long.MAX_VALUE);
            marks.accept(new Change.Delete(this), spilled);
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Nothing of it outlives the process. */
    @Override
    @Nullable
    ByteBuffer save() {
        return null;
    }
}

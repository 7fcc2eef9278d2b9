package dev.pabal.broker.queue;

import dev.pabal.log.Log;
import dev.pabal.log.LogRead;
import dev.pabal.queue.DueTimes;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One way through a log, from its start to its end, that copies the records of messages due up to a time: block by block of offsets, one read at a
 * time, each piece of the disk once. The shard's thread does a slice of it at a time and never waits. For the shard's thread.
 */
final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    /** How it ended. */
    enum End {
        /** All that could be fetched is there. */
        WHOLE,
        /** There was no room for all. */
        FULL,
        /** The log could not be read. */
        FAILED
    }

    /** Where wanted records lie close together, so much is read at once; otherwise a batch, with which the disk brings its neighbours. */
    private static final int READ_BYTES = 1 << 20;

    private static final int CLOSE_OFFSETS = 2048;
    /** Reads in one slice, and records looked at in one. */
    private static final int SLICE_READS = 4;

    private static final int SLICE_RECORDS = 4096;

    private final Log log;
    private final DueTimes times;
    private final List<FetchedRecords> before;
    private final FetchedRecords lot;
    private final Executor shard;
    private final Consumer<Sweep> ended;
    private final long endOffset;

    /** The next block of offsets, -1 after the last. */
    private long nextBlock;
    /** Offsets of one block, in order from {@link #next} on. */
    private long[] wanted = new long[256];

    private int next;
    private int size;
    /** What was read last and has more that is wanted. */
    private @Nullable BatchWalk walk;

    private boolean forOverdue;
    private boolean cancelled;
    private End end = End.WHOLE;

    /**
     * @param before what was fetched before: not to be fetched again
     * @param lot takes the copies
     * @param ended told at the end, in any case, on the shard's thread; not by {@link #go} itself
     */
    Sweep(
            Log log,
            DueTimes times,
            List<FetchedRecords> before,
            FetchedRecords lot,
            Executor shard,
            Consumer<Sweep> ended) {
        this.log = log;
        this.times = times;
        this.before = before;
        this.lot = lot;
        this.shard = shard;
        this.ended = ended;
        this.endOffset = log.durableEnd();
    }

    FetchedRecords lot() {
        return lot;
    }

    End end() {
        return end;
    }

    /** Says whether it is about messages that are due already. */
    void forOverdue(boolean yes) {
        forOverdue = yes;
    }

    boolean isForOverdue() {
        return forOverdue;
    }

    /** Whether the offset's record may come, if it is due. */
    boolean mayFetch(long offset) {
        if (offset >= endOffset || size == 0 && nextBlock < 0) {
            return false;
        }
        return nextBlock >= 0 && offset >= nextBlock || Arrays.binarySearch(wanted, next, size, offset) >= 0;
    }

    /** Begins. */
    void go() {
        later(this::slice);
    }

    /** Nobody wants it any more; it ends as soon as no read is under way. */
    void cancel() {
        cancelled = true;
    }

    private void later(Runnable task) {
        try {
            shard.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the shard has ended, and with it all that it was about to deliver");
        }
    }

    private void slice() {
        try {
            if (goOn()) {
                later(this::slice);
            }
        } catch (RuntimeException e) {
            LOG.warn("records that become due could not be fetched beforehand; each is read when its turn comes", e);
            end = End.FAILED;
            finish();
        }
    }

    /** True where there is more to do at once; otherwise it has ended, or waits for a read. */
    private boolean goOn() {
        for (int reads = 0; reads < SLICE_READS; reads++) {
            if (cancelled || !copy() || !seek()) {
                finish();
                return false;
            }
            if (walk != null) {
                return true;
            }
            CompletableFuture<LogRead> reading = log.read(wanted[next], Long.MAX_VALUE, readSize());
            if (!reading.isDone()) {
                reading.whenComplete(this::hop);
                return false;
            }
            if (reading.isCompletedExceptionally()) {
                end = End.FAILED;
                finish();
                return false;
            }
            take(reading.join());
        }
        return true;
    }

    /** Goes to the next offset that is wanted and may be there; false where there is none. */
    private boolean seek() {
        long startOffset = log.startOffset();
        while (next == size || wanted[next] < startOffset) {
            if (next < size) {
                next++;
            } else if (!gather()) {
                return false;
            }
        }
        return true;
    }

    /** Looks what is wanted of the next block; false where there is nothing more. */
    private boolean gather() {
        next = 0;
        size = 0;
        while (size == 0 && nextBlock >= 0) {
            nextBlock = times.show(nextBlock, lot.untilMs(), this::want);
            if (nextBlock >= endOffset) {
                nextBlock = -1;
            }
        }
        Arrays.sort(wanted, 0, size);
        return size > 0;
    }

    private void want(long offset) {
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i).contains(offset)) {
                return;
            }
        }
        if (offset < endOffset) {
            if (size == wanted.length) {
                wanted = Arrays.copyOf(wanted, size * 2);
            }
            wanted[size++] = offset;
        }
    }

    private int readSize() {
        int left = size - next;
        return wanted[size - 1] - wanted[next] < (long) CLOSE_OFFSETS * left ? READ_BYTES : 1;
    }

    /** On a thread of the store. */
    private void hop(@Nullable LogRead read, @Nullable Throwable error) {
        try {
            shard.execute(() -> came(read));
        } catch (RejectedExecutionException e) {
            if (read != null) {
                read.close();
            }
        }
    }

    private void came(@Nullable LogRead read) {
        if (read == null) {
            end = End.FAILED;
            finish();
        } else {
            take(read);
            slice();
        }
    }

    private void take(LogRead read) {
        if (read.sizeInBytes() == 0) {
            read.close();
            next++;
            return;
        }
        BatchWalk found = new BatchWalk(read);
        int asked = next;
        while (next < size && wanted[next] < found.startOffset()) {
            next++; // A gap: whoever asks for it is told so.
        }
        if (next == asked && !found.covers(wanted[next])) {
            next++;
        }
        walk = found;
    }

    /** Copies what is wanted and was read; false where there is no more room. */
    private boolean copy() {
        BatchWalk from = walk;
        if (from == null) {
            return true;
        }
        int last = Math.min(size, next + SLICE_RECORDS);
        while (next < last && from.covers(wanted[next])) {
            if (!copied(from, wanted[next])) {
                end = End.FULL;
                return false;
            }
            next++;
        }
        if (next == size || !from.covers(wanted[next])) {
            walk = null;
            from.retained().release();
        }
        return true;
    }

    private boolean copied(BatchWalk from, long offset) {
        try {
            return !from.find(offset) || lot.add(offset, from);
        } catch (IllegalArgumentException e) {
            // It cannot be decoded: it is discarded when its turn comes.
            return true;
        }
    }

    private void finish() {
        if (walk != null) {
            walk.retained().release();
            walk = null;
        }
        size = 0;
        next = 0;
        nextBlock = -1;
        ended.accept(this);
    }
}

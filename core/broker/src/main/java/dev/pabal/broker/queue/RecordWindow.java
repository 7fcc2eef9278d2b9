package dev.pabal.broker.queue;

import dev.pabal.broker.Cause;
import dev.pabal.log.Log;
import dev.pabal.log.LogException;
import dev.pabal.log.LogRead;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The part of a queue's log that is in reach: what is read ahead for untouched messages, and a few places that returned or urgent ones were
 * found at. Bytes that are not in memory are asked for, and the owner is called when they came. For the shard's thread.
 */
final class RecordWindow {
    /** What is read ahead at once. */
    private static final int READ_AHEAD_BYTES = 256 << 10;
    /** Walks kept: one or two for the messages in their order, the others for those out of it. */
    static final int FEW_WALKS = 4;
    /** Walks kept where {@link #expect} is used. */
    static final int MANY_WALKS = 16;
    /** What lies so close behind is likely to come with what was read before it. */
    static final int NEAR_OFFSETS = 1024;
    /** Reads that are under way at once. */
    static final int MAX_PENDING = 8;

    /** Answers of {@link #locate}. */
    enum Place {
        /** The window shows it now. */
        FOUND,
        /** It is being read; the owner is called. */
        PENDING,
        /** No such record is left: compacted away, trimmed, or a control batch. */
        GONE,
        /** It cannot be decoded. */
        CORRUPT,
        /** The log refuses to read there. */
        FAILED
    }

    /** Why a record is not there. */
    private record Missed(Place place, @Nullable LogException failure) {}

    private final Log log;
    private final Executor shard;
    private final Executor shardAfterAMoment;
    private final Runnable arrived;
    private final int maxWalks;
    /** Most recently used first. */
    private final List<BatchWalk> walks = new ArrayList<>(2);

    private @Nullable BatchWalk current;
    /** Offsets that reads are under way for. */
    private final Set<Long> pending = new HashSet<>(2);

    /** What could not be read, oldest first, until somebody has heard why: otherwise it would be read again and again. */
    private final Map<Long, Missed> missed = new LinkedHashMap<>(2);

    private @Nullable LogException failure;
    private boolean closed;

    /**
     * @param shard hands tasks to the shard's thread
     * @param shardAfterAMoment hands over tasks that try again what the store was too busy for
     * @param arrived run there when what was pending has come
     * @param maxWalks reads whose memory is kept
     */
    RecordWindow(Log log, Executor shard, Executor shardAfterAMoment, Runnable arrived, int maxWalks) {
        this.maxWalks = maxWalks;
        this.log = log;
        this.shard = shard;
        this.shardAfterAMoment = shardAfterAMoment;
        this.arrived = arrived;
    }

    /** Brings the record of that offset into view. */
    Place locate(long offset) {
        BatchWalk walk = current;
        if (walk == null || !walk.covers(offset)) {
            walk = other(offset);
        }
        if (walk == null) {
            return read(offset);
        }
        current = walk;
        try {
            return walk.find(offset) ? Place.FOUND : Place.GONE;
        } catch (IllegalArgumentException e) {
            return Place.CORRUPT;
        }
    }

    private @Nullable BatchWalk other(long offset) {
        for (int i = 0; i < walks.size(); i++) {
            BatchWalk walk = walks.get(i);
            if (walk.covers(offset)) {
                if (i > 0) {
                    walks.remove(i);
                    walks.add(0, walk);
                }
                return walk;
            }
        }
        return null;
    }

    /** Has a record read that will be located soon: single ones from all over the disk would wait for one another otherwise. */
    void expect(long offset) {
        if (pending.size() == MAX_PENDING || pending.contains(offset) || missed.containsKey(offset) || covers(offset)) {
            return;
        }
        CompletableFuture<LogRead> reading = log.read(offset, Long.MAX_VALUE, 1);
        if (!reading.isDone()) {
            await(offset, reading);
        } else if (!reading.isCompletedExceptionally()) {
            add(reading.join(), offset);
        }
    }

    private boolean covers(long offset) {
        for (int i = 0; i < walks.size(); i++) {
            if (walks.get(i).covers(offset)) {
                return true;
            }
        }
        return false;
    }

    private void await(long offset, CompletableFuture<LogRead> reading) {
        pending.add(offset);
        reading.whenComplete((read, error) -> hop(offset, read, error));
    }

    private Place read(long offset) {
        if (pending.size() == MAX_PENDING || pending.contains(offset)) {
            return Place.PENDING;
        }
        Missed known = missed.remove(offset);
        if (known != null) {
            return tell(known);
        }
        failure = null;
        if (offset < log.startOffset()) {
            return Place.GONE;
        }
        CompletableFuture<LogRead> reading = log.read(offset, Long.MAX_VALUE, readSize(offset));
        if (!reading.isDone()) {
            await(offset, reading);
            return Place.PENDING;
        }
        LogRead read;
        try {
            read = reading.join();
        } catch (RuntimeException e) {
            Missed missed = missedBecause(e);
            if (isBusy(missed)) {
                pending.add(offset);
                tryAgain(offset);
                return Place.PENDING;
            }
            return tell(missed);
        }
        return add(read, offset) ? locate(offset) : Place.GONE;
    }

    /** Messages in their order are read ahead; a single one elsewhere is likely to be alone. */
    private int readSize(long offset) {
        for (BatchWalk walk : walks) {
            if (walk.endOffset() <= offset && offset - walk.endOffset() < NEAR_OFFSETS) {
                return READ_AHEAD_BYTES;
            }
        }
        return walks.isEmpty() ? READ_AHEAD_BYTES : 1;
    }

    /** On a thread of the store. */
    private void hop(long offset, @Nullable LogRead read, @Nullable Throwable error) {
        try {
            shard.execute(() -> came(offset, read, error));
        } catch (RuntimeException e) {
            if (read != null) {
                read.close();
            }
        }
    }

    private void came(long offset, @Nullable LogRead read, @Nullable Throwable error) {
        if (read != null) {
            pending.remove(offset);
            if (closed) {
                read.close();
                return;
            }
            add(read, offset);
        } else if (error != null) {
            Missed why = missedBecause(error);
            if (isBusy(why)) {
                tryAgain(offset);
                return;
            }
            pending.remove(offset);
            if (missed.size() == MAX_PENDING) {
                // Nobody has asked for it since.
                missed.remove(missed.keySet().iterator().next());
            }
            missed.put(offset, why);
        }
        arrived.run();
    }

    private static boolean isBusy(Missed missed) {
        return missed.failure() != null && missed.failure().reason() == LogException.Reason.BUSY;
    }

    /** Nothing is broken, and nobody is told: the read stays under way, and is made again when its owner asks for it in a moment. */
    private void tryAgain(long offset) {
        shardAfterAMoment.execute(() -> {
            pending.remove(offset);
            if (!closed) {
                arrived.run();
            }
        });
    }

    private Place tell(Missed why) {
        failure = why.failure();
        return why.place();
    }

    private static Missed missedBecause(Throwable error) {
        Throwable cause = Cause.of(error);
        if (cause instanceof LogException e) {
            if (e.reason() == LogException.Reason.OFFSET_OUT_OF_RANGE) {
                return new Missed(Place.GONE, null);
            }
            return new Missed(Place.FAILED, e);
        }
        return new Missed(
                Place.FAILED, new LogException(LogException.Reason.IO, "a read of a queue's log failed", cause));
    }

    /** Keeps what was read; false where that is nothing at or after the offset. */
    private boolean add(LogRead read, long offset) {
        if (read.sizeInBytes() == 0) {
            read.close();
            return false;
        }
        BatchWalk walk = new BatchWalk(read);
        if (walk.startOffset() > offset) {
            // A gap: whatever was asked for is not there, and what follows is asked for when its turn comes.
            walk.startAt(offset);
        }
        if (walks.size() == maxWalks) {
            BatchWalk oldest = walks.remove(maxWalks - 1);
            oldest.retained().release();
            if (oldest == current) {
                current = null;
            }
        }
        walks.add(0, walk);
        return walk.covers(offset);
    }

    /** What the last {@link #locate} that answered FOUND has found. */
    BatchWalk found() {
        return java.util.Objects.requireNonNull(current);
    }

    /** Why the last read failed, null where it did not. */
    @Nullable
    LogException failure() {
        return failure;
    }

    /** Whether any memory of the log is held. */
    boolean isHeld() {
        return !walks.isEmpty();
    }

    /** Lets go of all memory: nothing is wanted for now. */
    void release() {
        current = null;
        missed.clear();
        for (int i = 0; i < walks.size(); i++) {
            walks.get(i).retained().release();
        }
        walks.clear();
    }

    void close() {
        closed = true;
        release();
    }
}

package dev.pabal.log.local;

import dev.pabal.log.Append;
import dev.pabal.log.BatchHeader;
import dev.pabal.log.Durability;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import dev.pabal.log.LogState;
import dev.pabal.log.segment.Released;
import dev.pabal.log.segment.SegmentStore;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One log of the local store. What was appended lies first in the journal's queue, then, durable, in the {@link Tail}, and from some time
 * on in segments as well.
 */
class LocalLog implements Log {
    private final LogId id;
    private final LogState state;
    private final Commits commits;
    private final SegmentStore segments;

    /** Guards the fields below. Held for short moments only, and never while waiting. */
    final Object lock = new Object();

    final Tail tail = new Tail();
    private final Epochs epochs = new Epochs();
    private volatile LogConfig config;
    private volatile long startOffset;
    private volatile long durableEnd;
    private volatile long appendedEnd;
    private volatile @Nullable DurableListener listener;
    private volatile boolean deleted;
    /** Durable bytes that no segment holds yet. */
    private volatile long undrainedBytes;
    /** The offset up to which segments hold everything. */
    private long drainedEnd;
    /** The offset up to which it was decided what goes to segments. */
    private long writtenEnd;
    /** What nobody will read again; null where nothing was released. */
    private @Nullable Released released;
    /** The offset of the last trim that the journal knows of or will know of, and that trim until segments know. */
    private long lastTrimOffset;

    private @Nullable CompletableFuture<Long> lastTrim;
    /** What the last checkpoint said of this log, if that still holds. */
    private @Nullable ByteBuffer savedRow;

    /** Recovery: the end of what segments and the journal hold so far. */
    private long replayedEnd;
    /** Recovery: where the journal left something out; -1 where it did not. */
    private long replayGapAt = -1;

    /** First and last of what the group being built takes of this log; the journal's thread only. */
    @Nullable
    Pending groupHead;

    @Nullable
    Pending groupTail;

    /** Whether that group must be on disk before it counts for this log. */
    boolean groupWaitsForSync;

    /** Whether that group trims or deletes this log: durable whatever the log promises for appends. */
    boolean groupHasMark;

    LocalLog(LogId id, LogConfig config, LogState state, Commits commits, SegmentStore segments) {
        this.id = id;
        this.config = config;
        this.state = state;
        this.commits = commits;
        this.segments = segments;
    }

    /** Ready to be appended to: the epoch of the store holds from here on. */
    void start() {
        synchronized (lock) {
            appendedEnd = Math.max(appendedEnd, durableEnd);
            epochs.assign(commits.epoch(), appendedEnd);
        }
    }

    @Override
    public LogId id() {
        return id;
    }

    @Override
    public LogConfig config() {
        return config;
    }

    @Override
    public void configure(LogConfig newConfig) {
        if ((newConfig.durability() == Durability.MEMORY) != isVolatile()) {
            throw new IllegalArgumentException(
                    "log %s cannot change between durability=memory and another: make a new one".formatted(id));
        }
        config = newConfig;
        segments.configure(id, newConfig);
    }

    @Override
    public long startOffset() {
        return startOffset;
    }

    @Override
    public long durableEnd() {
        return durableEnd;
    }

    @Override
    public long appendedEnd() {
        return appendedEnd;
    }

    @Override
    public int epoch() {
        return commits.epoch();
    }

    @Override
    public EpochEnd endOfEpoch(int epoch) {
        synchronized (lock) {
            return epochs.end(epoch, durableEnd);
        }
    }

    @Override
    public int epochAt(long offset) {
        synchronized (lock) {
            return offset < startOffset || offset >= durableEnd ? -1 : epochs.at(offset);
        }
    }

    @Override
    public LogState state() {
        return state;
    }

    @Override
    public Append append(ByteBuffer batches, @Nullable Runnable released) {
        return append(batches, released, false);
    }

    @Override
    public Append appendFromReserve(ByteBuffer batches, @Nullable Runnable released) {
        return append(batches, released, true);
    }

    Append append(ByteBuffer batches, @Nullable Runnable released, boolean fromReserve) {
        checkWhole(batches);
        synchronized (lock) {
            checkAppend(batches, fromReserve);
            long base = appendedEnd;
            long maxTimestampMs = assign(batches, base);
            Pending pending = Pending.append(this, batches, base, appendedEnd, maxTimestampMs, released);
            if (!commits.enqueue(pending)) {
                throw closedException();
            }
            return new Append(base, pending.nextOffset - 1, pending);
        }
    }

    /** Refuses what is not a row of whole batches, before anything is assigned. */
    static void checkWhole(ByteBuffer batches) {
        int at = batches.position();
        int end = batches.limit();
        if (at == end) {
            throw new IllegalArgumentException("an append of no batch");
        }
        while (at < end) {
            int left = end - at;
            int size = left < BatchHeader.BYTES ? -1 : BatchHeader.sizeInBytes(batches, at);
            if (size < BatchHeader.BYTES || size > left || BatchHeader.lastOffsetDelta(batches, at) < 0) {
                throw new IllegalArgumentException(
                        "no whole batch at position " + at + ": " + left + " bytes are left");
            }
            at += size;
        }
    }

    /** Under the lock: refuses what cannot be taken now. */
    void checkAppend(ByteBuffer batches, boolean fromReserve) {
        if (deleted) {
            throw deletedException();
        }
        commits.checkAppend(batches.remaining(), fromReserve);
    }

    /** Under the lock: gives the batches their offsets; returns their largest timestamp. */
    long assign(ByteBuffer batches, long base) {
        int epoch = commits.epoch();
        epochs.assign(epoch, base);
        long offset = base;
        long maxTimestampMs = Long.MIN_VALUE;
        for (int at = batches.position(); at < batches.limit(); at += BatchHeader.sizeInBytes(batches, at)) {
            BatchHeader.setBaseOffset(batches, at, offset);
            BatchHeader.setEpoch(batches, at, epoch);
            maxTimestampMs = Math.max(maxTimestampMs, BatchHeader.maxTimestamp(batches, at));
            state.apply(batches, at);
            offset = BatchHeader.nextOffset(batches, at);
        }
        appendedEnd = offset;
        savedRow = null;
        return maxTimestampMs;
    }

    @Override
    public CompletableFuture<LogRead> read(long offset, long upTo, int maxBytes) {
        long end;
        synchronized (lock) {
            LogException refusal = refusalToRead(offset);
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            end = Math.min(upTo, durableEnd);
            if (maxBytes <= 0 || offset >= end) {
                return CompletableFuture.completedFuture(LogRead.EMPTY);
            }
            if (!tail.isEmpty() && offset >= tail.startOffset()) {
                return CompletableFuture.completedFuture(tail.read(offset, end, maxBytes));
            }
            end = tail.isEmpty() ? end : Math.min(end, tail.startOffset());
        }
        return readSegments(offset, end, upTo, maxBytes);
    }

    private @Nullable LogException refusalToRead(long offset) {
        if (deleted) {
            return deletedException();
        }
        if (offset < startOffset || offset > durableEnd) {
            return new LogException(
                    Reason.OFFSET_OUT_OF_RANGE,
                    "offset %d of log %s is not between %d and %d".formatted(offset, id, startOffset, durableEnd));
        }
        return null;
    }

    /** Reads below the tail. Where segments hold nothing up to {@code end}, what comes at {@code end} is the next there is. */
    private CompletableFuture<LogRead> readSegments(long offset, long end, long upTo, int maxBytes) {
        return segments.read(id, offset, end, maxBytes).thenCompose(read -> {
            if (read.sizeInBytes() > 0 || end >= Math.min(upTo, durableEnd)) {
                return CompletableFuture.completedFuture(read);
            }
            read.close();
            return read(Math.max(end, startOffset), upTo, maxBytes);
        });
    }

    @Override
    public CompletableFuture<Long> batchByTimestamp(long timestampMs) {
        return segments.batchByTimestamp(id, timestampMs).thenApply(found -> {
            synchronized (lock) {
                return found >= 0 ? found : tail.batchByTimestamp(startOffset, timestampMs);
            }
        });
    }

    @Override
    public CompletableFuture<Long> batchOfMaxTimestamp() {
        return segments.batchOfMaxTimestamp(id).thenApply(cold -> {
            synchronized (lock) {
                long hot = tail.maxTimestampMs(startOffset);
                boolean coldHasIt = cold.baseOffset() >= 0 && cold.timestampMs() >= hot;
                return coldHasIt || hot == Long.MIN_VALUE ? cold.baseOffset() : tail.batchByTimestamp(startOffset, hot);
            }
        });
    }

    @Override
    public CompletableFuture<Long> trim(long offset) {
        synchronized (lock) {
            LogException refusal = refusalToTrim(offset);
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            if (offset <= lastTrimOffset) {
                return lastTrim == null || lastTrim.isDone()
                        ? CompletableFuture.completedFuture(startOffset)
                        : lastTrim.thenApply(start -> Math.max(start, startOffset));
            }
            long start = Math.max(offset, startOffset);
            moveStart(start);
            Pending pending = Pending.trim(this, start);
            if (!commits.enqueue(pending)) {
                pending.fail(closedException());
            }
            lastTrimOffset = start;
            lastTrim = pending.applied;
            return Objects.requireNonNull(pending.applied);
        }
    }

    @Override
    public void release(long from, long to) {
        synchronized (lock) {
            long first = Math.max(from, startOffset);
            long end = Math.min(to, durableEnd);
            if (deleted || first >= end) {
                return;
            }
            if (released == null) {
                released = new Released();
            } else if (released.covers(first, end)) {
                return;
            }
            released.add(first, end);
            if (first < writtenEnd && released.look(first, end)) {
                commits.released(this);
            }
            released(released);
        }
    }

    /** Under the lock: memory may let go of what is released. */
    void released(Released all) {}

    /** Flusher: tells segments what was released since the last call. */
    void tellReleased() {
        Released all;
        synchronized (lock) {
            all = deleted ? null : released;
        }
        if (all != null) {
            segments.release(id, all);
        }
    }

    /** Flusher: decides whether an entry goes to segments, which nothing does that was trimmed or released meanwhile. */
    boolean wants(TailEntry entry) {
        synchronized (lock) {
            if (deleted || entry.nextOffset() <= startOffset) {
                return false;
            }
            long first = Math.max(entry.baseOffset(), startOffset);
            if (released != null && released.covers(first, entry.nextOffset())) {
                return false;
            }
            writtenEnd = entry.nextOffset();
            if (released != null && released.look(first, entry.nextOffset())) {
                commits.released(this); // for the part of it that was released before
            }
            return true;
        }
    }

    @Nullable
    LogException refusalToTrim(long offset) {
        if (deleted) {
            return deletedException();
        }
        if (offset > durableEnd) {
            return new LogException(
                    Reason.OFFSET_OUT_OF_RANGE,
                    "log %s cannot be trimmed to %d, beyond its end %d".formatted(id, offset, durableEnd));
        }
        return null;
    }

    /** Under the lock: what ends at or before {@code offset} need not lie in memory any more. */
    void dropTailBefore(long offset) {
        tail.dropBefore(offset);
    }

    /** Under the lock, or before anybody knows of the log. */
    void moveStart(long offset) {
        if (offset > startOffset) {
            startOffset = offset;
            dropTailBefore(offset);
            epochs.trim(offset);
            if (released != null) {
                released.trim(offset);
            }
            state.trimmed(offset);
            savedRow = null;
        }
    }

    @Override
    public long sizeInBytes() {
        return segments.sizeInBytes(id) + undrainedBytes;
    }

    @Override
    public void onDurable(@Nullable DurableListener newListener) {
        listener = newListener;
    }

    LogException deletedException() {
        return new LogException(Reason.DELETED, "log " + id + " was deleted");
    }

    private static LogException closedException() {
        return new LogException(Reason.CLOSED, "the store is closed");
    }

    /** Refuses everything from now on; the journal follows. */
    CompletableFuture<Void> delete() {
        synchronized (lock) {
            deleted = true;
            Pending pending = Pending.delete(this);
            if (!commits.enqueue(pending)) {
                pending.fail(closedException());
            }
            return pending;
        }
    }

    /** Waits until an append that is being assigned now has been handed to the journal. */
    void settle() {
        synchronized (lock) {
            commits.epoch();
        }
    }

    /** Whether nothing of it outlives the process. */
    boolean isVolatile() {
        return false;
    }

    boolean promisesSync() {
        return config.durability() == Durability.FSYNC;
    }

    /** Journal's thread: the group with this entry is as durable as promised. */
    void published(TailEntry entry) {
        synchronized (lock) {
            grown(entry.sizeInBytes(), entry.nextOffset());
            if (!deleted && entry.nextOffset() > startOffset) {
                tail.add(entry);
            }
        }
    }

    /** Under the lock: readers see the log up to {@code end}, so many bytes more. */
    void grown(int bytes, long end) {
        undrainedBytes += bytes;
        durableEnd = end;
    }

    /** Under the lock: memory holds so many bytes less. */
    void shrunk(int bytes) {
        undrainedBytes -= bytes;
    }

    /** Whoever makes appends durable: tells the listener how far the log may be read now. */
    void tellListener() {
        DurableListener told = listener;
        if (told != null) {
            try {
                told.durableEnd(durableEnd);
            } catch (RuntimeException | Error e) {
                Guard.report(e);
            }
        }
    }

    /** Journal's thread: the memory of this entry is wanted for something else; segments hold it and all before it. */
    void evict(TailEntry entry) {
        synchronized (lock) {
            tail.dropBefore(entry.nextOffset());
        }
    }

    /** Flusher: segments hold this entry now. */
    void drained(TailEntry entry) {
        synchronized (lock) {
            undrainedBytes -= entry.sizeInBytes();
            drainedEnd = entry.nextOffset();
            savedRow = null;
        }
    }

    /** Flusher or recovery: nothing before {@code offset} is there any more. */
    void trimmed(long offset) {
        synchronized (lock) {
            moveStart(offset);
        }
    }

    /** What a checkpoint says of this log, or null where there is nothing to say: flusher. */
    @Nullable
    ByteBuffer save() {
        synchronized (lock) {
            if (deleted || appendedEnd == 0) {
                return null;
            }
            if (savedRow == null) {
                savedRow = LogRow.encode(id, startOffset, drainedEnd, appendedEnd, epochs, state);
            }
            return savedRow.duplicate();
        }
    }

    /** Recovery: takes what the checkpoint said of this log. */
    void load(LogRow row) {
        // Retention tells segments first: on a full disk it may go on between the saves and the manifest.
        startOffset = Math.max(row.startOffset(), segments.startOffset(id));
        lastTrimOffset = row.startOffset();
        writtenEnd = Math.max(0, segments.nextOffset(id));
        drainedEnd = row.drainedEnd();
        durableEnd = row.drainedEnd();
        appendedEnd = row.appendedEnd();
        replayedEnd = row.drainedEnd();
        epochs.load(row.epochs());
        if (row.state().hasRemaining()) {
            state.load(row.state());
        }
    }

    /**
     * Recovery: the journal holds this batch. The state learns of it unless its save knew it already.
     *
     * @return false where segments hold it already
     */
    boolean replay(ByteBuffer memory, int at) {
        long base = BatchHeader.baseOffset(memory, at);
        if (base < replayedEnd) {
            return false;
        }
        if (base > replayedEnd) {
            // Fine for a log that the journal deletes later on; otherwise checkRecovered refuses.
            replayGapAt = replayGapAt < 0 ? replayedEnd : replayGapAt;
        }
        replayedEnd = BatchHeader.nextOffset(memory, at);
        if (base >= appendedEnd) {
            epochs.assign(BatchHeader.epoch(memory, at), base);
            state.apply(memory, at);
            appendedEnd = replayedEnd;
        }
        return true;
    }

    /** Recovery: refuses where something that was durable is not there. */
    void checkRecovered() {
        if (replayGapAt >= 0 || replayedEnd < appendedEnd) {
            throw new LogException(
                    Reason.CORRUPT,
                    "Log %s lacks batches from offset %d on that were on disk: the journal does not hold them. Nothing was changed; restore the data directory from a copy."
                            .formatted(id, replayGapAt >= 0 ? replayGapAt : replayedEnd));
        }
    }

    boolean isDeleted() {
        return deleted;
    }

    /** Refuses everything from now on. */
    void markDeleted() {
        deleted = true;
    }
}

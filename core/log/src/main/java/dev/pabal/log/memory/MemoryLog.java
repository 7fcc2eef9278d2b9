package dev.pabal.log.memory;

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
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One log of a {@link MemoryLogStore}: batches by base offset, all under the store's lock. */
final class MemoryLog implements Log {
    private final MemoryLogStore store;
    private final LogId id;
    private final LogState state;
    private final int epoch;
    /** Each batch in its own buffer from position 0, by base offset; those beyond {@link #durableEnd} wait. */
    private final TreeMap<Long, ByteBuffer> batches = new TreeMap<>();
    /** First offset of each epoch. */
    private final TreeMap<Integer, Long> epochStarts = new TreeMap<>();

    private final Released released = new Released();
    private final Deque<Append> pending = new ArrayDeque<>();
    private LogConfig config;
    private @Nullable DurableListener listener;
    private long startOffset;
    private long durableEnd;
    private long appendedEnd;
    private long sizeInBytes;
    private boolean deleted;
    /** The writer of a log in memory is telling the listener; the writer's only. */
    private boolean telling;

    MemoryLog(MemoryLogStore store, LogId id, LogConfig config, LogState state, int epoch) {
        this.store = store;
        this.config = config;
        this.id = id;
        this.state = state;
        this.epoch = epoch;
        epochStarts.put(epoch, 0L);
    }

    /** Under both stores' locks: this log as a restart would find it. */
    MemoryLog restarted(MemoryLogStore next, LogState newState, boolean unclean) {
        MemoryLog log = new MemoryLog(next, id, config, newState, unclean ? epoch + 1 : epoch);
        log.epochStarts.clear();
        for (Map.Entry<Long, ByteBuffer> e : batches.headMap(durableEnd).entrySet()) {
            log.batches.put(e.getKey(), e.getValue());
            log.sizeInBytes += e.getValue().remaining();
            log.epochStarts.putIfAbsent(BatchHeader.epoch(e.getValue(), 0), e.getKey());
            newState.apply(e.getValue().duplicate(), 0);
        }
        log.startOffset = startOffset;
        log.durableEnd = durableEnd;
        log.appendedEnd = durableEnd;
        log.epochStarts.putIfAbsent(log.epoch, durableEnd);
        newState.trimmed(startOffset);
        return log;
    }

    /** Whether a restart must know of this log. */
    boolean holdsAnything() {
        return durableEnd > 0 && !isVolatile();
    }

    /** Whether it does not outlive the store. */
    private boolean isVolatile() {
        return config.durability() == Durability.MEMORY;
    }

    @Override
    public LogId id() {
        return id;
    }

    @Override
    public LogConfig config() {
        synchronized (store.lock()) {
            return config;
        }
    }

    @Override
    public void configure(LogConfig newConfig) {
        synchronized (store.lock()) {
            if ((newConfig.durability() == Durability.MEMORY) != isVolatile()) {
                throw new IllegalArgumentException(
                        "log " + id + " cannot change between durability=memory and another: make a new one");
            }
            config = newConfig;
        }
    }

    @Override
    public long startOffset() {
        synchronized (store.lock()) {
            return startOffset;
        }
    }

    @Override
    public long durableEnd() {
        synchronized (store.lock()) {
            return durableEnd;
        }
    }

    @Override
    public long appendedEnd() {
        synchronized (store.lock()) {
            return appendedEnd;
        }
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public EpochEnd endOfEpoch(int wanted) {
        synchronized (store.lock()) {
            Integer found = epochStarts.floorKey(wanted);
            if (found == null) {
                return EpochEnd.UNKNOWN;
            }
            Map.Entry<Integer, Long> next = epochStarts.higherEntry(found);
            return new EpochEnd(found, next == null ? durableEnd : next.getValue());
        }
    }

    @Override
    public int epochAt(long offset) {
        synchronized (store.lock()) {
            Map.Entry<Long, ByteBuffer> e = batches.floorEntry(offset);
            boolean holds = e != null && offset < BatchHeader.nextOffset(e.getValue(), 0);
            return holds ? BatchHeader.epoch(e.getValue(), 0) : -1;
        }
    }

    @Override
    public LogState state() {
        return state;
    }

    @Override
    public Append append(ByteBuffer buffer, @Nullable Runnable released) {
        List<Runnable> callbacks = new ArrayList<>();
        Append append;
        synchronized (store.lock()) {
            if (deleted) {
                throw deletedException();
            }
            store.checkWritable();
            checkWhole(buffer);
            long base = appendedEnd;
            take(buffer);
            append = new Append(base, appendedEnd - 1, new CompletableFuture<>());
            boolean immediate = store.appended(buffer.remaining());
            boolean unsynced = config.durability() != Durability.FSYNC && pending.isEmpty();
            pending.add(append);
            if (immediate || unsynced) {
                makeDurable(appendedEnd, callbacks);
            }
        }
        if (released != null) {
            released.run();
        }
        callbacks.forEach(Runnable::run);
        return append;
    }

    /** Refuses what is not a row of whole batches, before anything is assigned. */
    private static void checkWhole(ByteBuffer buffer) {
        int at = buffer.position();
        if (at == buffer.limit()) {
            throw new IllegalArgumentException("an append of no batch");
        }
        while (at < buffer.limit()) {
            int left = buffer.limit() - at;
            int size = left < BatchHeader.BYTES ? -1 : BatchHeader.sizeInBytes(buffer, at);
            if (size < BatchHeader.BYTES || size > left) {
                throw new IllegalArgumentException(
                        "no whole batch at position " + at + ": " + left + " bytes are left");
            }
            at += size;
        }
    }

    private void take(ByteBuffer buffer) {
        int at = buffer.position();
        while (at < buffer.limit()) {
            BatchHeader.setBaseOffset(buffer, at, appendedEnd);
            BatchHeader.setEpoch(buffer, at, epoch);
            int size = BatchHeader.sizeInBytes(buffer, at);
            byte[] copy = new byte[size];
            buffer.get(at, copy);
            ByteBuffer batch = ByteBuffer.wrap(copy).asReadOnlyBuffer();
            batches.put(appendedEnd, batch);
            state.apply(batch.duplicate(), 0);
            sizeInBytes += size;
            appendedEnd = BatchHeader.nextOffset(batch, 0);
            at += size;
        }
    }

    /** Under the lock: makes appends that end at or before {@code upTo} durable, and adds what is then to be called. */
    void makeDurable(long upTo, List<Runnable> callbacks) {
        List<Append> done = new ArrayList<>();
        while (!pending.isEmpty() && pending.element().lastOffset() < upTo) {
            done.add(pending.remove());
        }
        if (done.isEmpty()) {
            return;
        }
        long end = done.get(done.size() - 1).lastOffset() + 1;
        DurableListener told = listener;
        durableEnd = end;
        done.forEach(append -> callbacks.add(() -> append.durable().complete(null)));
        if (told != null && isVolatile()) {
            callbacks.add(this::tell);
        } else if (told != null) {
            callbacks.add(() -> told.durableEnd(end));
        }
    }

    /** Tells the appender's listener; where that appends to this log again, the call under way goes on, so that the stack does not grow. */
    private void tell() {
        if (telling) {
            return;
        }
        telling = true;
        long told;
        do {
            DurableListener listening;
            synchronized (store.lock()) {
                listening = listener;
                told = durableEnd;
            }
            if (listening != null) {
                listening.durableEnd(told);
            }
        } while (told != durableEnd());
        telling = false;
    }

    /** Under the lock: what waits for durability fails. */
    void failPending(LogException cause, List<Runnable> callbacks) {
        pending.forEach(append -> callbacks.add(() -> append.durable().completeExceptionally(cause)));
        pending.clear();
    }

    /** Under the lock: the log is gone. */
    void delete(List<Runnable> callbacks) {
        deleted = true;
        failPending(deletedException(), callbacks);
        batches.clear();
        sizeInBytes = 0;
    }

    private LogException deletedException() {
        return new LogException(Reason.DELETED, "log " + id + " was deleted");
    }

    @Override
    public CompletableFuture<LogRead> read(long offset, long upTo, int maxBytes) {
        synchronized (store.lock()) {
            if (deleted) {
                return CompletableFuture.failedFuture(deletedException());
            }
            if (offset < startOffset || offset > durableEnd) {
                return CompletableFuture.failedFuture(new LogException(
                        Reason.OFFSET_OUT_OF_RANGE,
                        "offset " + offset + " of log " + id + " is not between " + startOffset + " and "
                                + durableEnd));
            }
            LogException refusal = store.refusalToRead();
            if (refusal != null) {
                // Wrapped, as by a store whose reads take several steps.
                return CompletableFuture.<LogRead>failedFuture(refusal).thenApply(read -> read);
            }
            return CompletableFuture.completedFuture(collect(offset, Math.min(upTo, durableEnd), maxBytes));
        }
    }

    private LogRead collect(long offset, long upTo, int maxBytes) {
        Map.Entry<Long, ByteBuffer> at = batches.floorEntry(offset);
        long first = at != null && offset < BatchHeader.nextOffset(at.getValue(), 0) ? at.getKey() : offset;
        List<ByteBuffer> found = new ArrayList<>();
        long bytes = 0;
        if (maxBytes <= 0 || first >= upTo) {
            return LogRead.EMPTY;
        }
        for (ByteBuffer batch : batches.subMap(first, upTo).values()) {
            if (!found.isEmpty() && bytes + batch.remaining() > maxBytes) {
                break;
            }
            found.add(batch.duplicate());
            bytes += batch.remaining();
        }
        return found.isEmpty() ? LogRead.EMPTY : new MemoryRead(List.copyOf(found), (int) bytes);
    }

    @Override
    public CompletableFuture<Long> batchByTimestamp(long timestampMs) {
        synchronized (store.lock()) {
            long found = -1;
            for (Map.Entry<Long, ByteBuffer> e : batches.headMap(durableEnd).entrySet()) {
                if (BatchHeader.maxTimestamp(e.getValue(), 0) >= timestampMs) {
                    found = e.getKey();
                    break;
                }
            }
            return CompletableFuture.completedFuture(found);
        }
    }

    @Override
    public CompletableFuture<Long> batchOfMaxTimestamp() {
        synchronized (store.lock()) {
            long found = -1;
            long max = Long.MIN_VALUE;
            for (Map.Entry<Long, ByteBuffer> e : batches.headMap(durableEnd).entrySet()) {
                long timestampMs = BatchHeader.maxTimestamp(e.getValue(), 0);
                if (timestampMs > max) {
                    max = timestampMs;
                    found = e.getKey();
                }
            }
            return CompletableFuture.completedFuture(found);
        }
    }

    @Override
    public CompletableFuture<Long> trim(long offset) {
        List<Runnable> callbacks = new ArrayList<>();
        CompletableFuture<Long> trimmed;
        synchronized (store.lock()) {
            if (deleted) {
                return CompletableFuture.failedFuture(deletedException());
            }
            if (offset > durableEnd) {
                return CompletableFuture.failedFuture(new LogException(
                        Reason.OFFSET_OUT_OF_RANGE,
                        "log " + id + " cannot be trimmed to " + offset + ", beyond its end " + durableEnd));
            }
            if (offset > startOffset) {
                moveStart(offset);
            }
            trimmed = isVolatile()
                    ? CompletableFuture.completedFuture(startOffset)
                    : store.changed(startOffset, callbacks);
        }
        callbacks.forEach(Runnable::run);
        return trimmed;
    }

    @Override
    public void release(long from, long to) {
        synchronized (store.lock()) {
            long first = Math.max(from, startOffset);
            long end = Math.min(to, durableEnd);
            if (deleted || first >= end) {
                return;
            }
            released.add(first, end);
            Long lowest = batches.floorKey(first);
            batches.subMap(lowest == null ? first : lowest, end).values().removeIf(batch -> {
                long base = Math.max(BatchHeader.baseOffset(batch, 0), startOffset);
                boolean gone = released.covers(base, BatchHeader.nextOffset(batch, 0));
                sizeInBytes -= gone ? batch.remaining() : 0;
                return gone;
            });
        }
    }

    private void moveStart(long offset) {
        startOffset = offset;
        while (!batches.isEmpty() && BatchHeader.nextOffset(batches.firstEntry().getValue(), 0) <= offset) {
            sizeInBytes -= batches.pollFirstEntry().getValue().remaining();
        }
        // An epoch that ends at or before the new start has nothing left to say, the current one aside.
        while (epochStarts.size() > 1
                && epochStarts.higherEntry(epochStarts.firstKey()).getValue() <= offset) {
            epochStarts.pollFirstEntry();
        }
        released.trim(offset);
        state.trimmed(offset);
    }

    @Override
    public long sizeInBytes() {
        synchronized (store.lock()) {
            return sizeInBytes;
        }
    }

    @Override
    public void onDurable(@Nullable DurableListener newListener) {
        synchronized (store.lock()) {
            listener = newListener;
        }
    }

    /** Heap bytes: there is nothing to give back. */
    private record MemoryRead(List<ByteBuffer> buffers, int sizeInBytes) implements LogRead {
        @Override
        public void close() {}
    }
}

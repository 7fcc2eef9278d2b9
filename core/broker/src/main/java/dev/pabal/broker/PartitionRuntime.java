package dev.pabal.broker;

import static java.util.Objects.requireNonNull;

import dev.pabal.broker.queue.PublishBatch;
import dev.pabal.broker.queue.QueuePartition;
import dev.pabal.log.Append;
import dev.pabal.log.BatchHeader;
import dev.pabal.log.Log;
import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import dev.pabal.message.BatchCheck;
import dev.pabal.queue.IndexEntry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A partition as a running thing. Small while nobody uses it: its log is opened at the first use. */
final class PartitionRuntime implements QueuePartition {
    /** The least that a record takes beside its value. */
    private static final int RECORD_OVERHEAD = 7;

    private final TopicRuntime topic;
    private final int index;
    private final Shard shard;
    /** Held while a batch is judged and appended: never while anybody is answered. */
    private final Object appendOrder = new Object();

    private final DurableWaiters waiters = new DurableWaiters();
    /** Opened once, under this object's monitor. */
    private volatile @Nullable Log log;

    private volatile boolean deleted;
    /** The queue over this partition. */
    private volatile @Nullable Watcher watcher;

    PartitionRuntime(TopicRuntime topic, int index, Shard shard) {
        this.topic = topic;
        this.index = index;
        this.shard = shard;
    }

    @Override
    public UUID topicId() {
        return topic.id();
    }

    @Override
    public String topic() {
        return topic.name();
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public Shard shard() {
        return shard;
    }

    @Override
    public TopicConfig config() {
        return topic.config();
    }

    @Override
    public boolean deleted() {
        return deleted;
    }

    LogId id() {
        return new LogId(topic.id(), index);
    }

    @Override
    public Log log() {
        Log open = log;
        return open != null && !deleted ? open : openLog();
    }

    private synchronized Log openLog() {
        if (deleted) {
            throw new BrokerException(Refusal.UNKNOWN_TOPIC, "Topic '" + topic.name() + "' was deleted.");
        }
        Log open = log;
        if (open == null) {
            try {
                open = topic.store().open(id(), topic.config().log());
            } catch (LogException e) {
                throw LogFailures.refusal(e);
            }
            open.onDurable(this::durable);
            log = open;
        }
        return open;
    }

    /** On a thread of the store. */
    private void durable(long end) {
        waiters.reached(end);
        Watcher told = watcher;
        if (told != null) {
            told.durable();
        }
    }

    @Override
    public void watch(@Nullable Watcher newWatcher) {
        watcher = newWatcher;
    }

    @Override
    public CompletableFuture<Produced> publish(PublishBatch batch) {
        PendingProduce produce = new PendingProduce(batch.batch(), batch.released());
        try {
            Log open = log();
            List<IndexEntry> index = index(batch.batch(), batch.index());
            Append append;
            synchronized (appendOrder) {
                Watcher told = watcher;
                if (told != null) {
                    told.appending(
                            open.appendedEnd(),
                            batch.records(),
                            batch.bodyBytes(),
                            topic.clock().wallMs(),
                            index);
                }
                append = appendWatched(produce, open, -1, told);
            }
            produce.await(append, new Produced(append.baseOffset(), -1, open.startOffset()));
        } catch (RuntimeException e) {
            produce.finish(null, LogFailures.refusal(e));
        }
        return produce;
    }

    private List<IndexEntry> index(ByteBuffer batch, List<IndexEntry> given) {
        Watcher told = watcher;
        return told == null ? given : told.index(batch, given);
    }

    /** Under the append order: tells the queue that what was announced does not come. */
    private static Append appendWatched(PendingProduce produce, Log open, long appendTimeMs, @Nullable Watcher told) {
        try {
            return append(produce, open, appendTimeMs);
        } catch (RuntimeException e) {
            if (told != null) {
                told.refused();
            }
            throw e;
        }
    }

    /** Under the append order: tells the queue of a Kafka producer's batch. */
    private @Nullable Watcher announce(ByteBuffer batch, List<IndexEntry> index, Log open) {
        Watcher told = watcher;
        if (told != null) {
            int records = BatchHeader.recordCount(batch, batch.position());
            told.appending(
                    open.appendedEnd(),
                    records,
                    bodyBytes(batch, records),
                    topic.clock().wallMs(),
                    index);
        }
        return told;
    }

    /** About what the values of a producer's batch take; compressed ones count as they lie in the log. */
    private static long bodyBytes(ByteBuffer batch, int records) {
        long bytes = batch.remaining() - BatchHeader.BYTES;
        boolean compressed = (BatchHeader.attributes(batch, batch.position()) & BatchCheck.CODEC_MASK) != 0;
        return compressed ? bytes : Math.max(0, bytes - (long) RECORD_OVERHEAD * records);
    }

    /** Hands the topic's configs, which have changed, to the log. */
    void configChanged() {
        Log open = log;
        if (open != null) {
            open.configure(topic.config().log());
        }
    }

    /** The topic is gone: everything is refused from here on, and everyone who waits is told. */
    void markDeleted() {
        synchronized (this) {
            deleted = true;
        }
        waiters.reached(Long.MAX_VALUE);
    }

    /** Forgets producers that were idle for {@code idleMs}. */
    void expireProducers(long nowMs, long idleMs) {
        Log open = log;
        if (open != null && !deleted && open.state() instanceof ProducerState state) {
            state.expire(nowMs, idleMs);
        }
    }

    @Override
    public CompletableFuture<Produced> produce(ByteBuffer batch, @Nullable Runnable released) {
        ByteBuffer checked;
        try {
            if (topic.internal()) {
                throw new BrokerException(Refusal.INTERNAL_TOPIC, "Cannot append to internal topic " + topic.name());
            }
            checked = ProduceRules.check(batch, topic.config(), topic.clock().wallMs());
        } catch (RuntimeException e) {
            if (released != null) {
                released.run();
            }
            return CompletableFuture.failedFuture(e);
        }
        Runnable duty = released;
        if (checked != batch && released != null) {
            released.run();
            duty = null;
        }
        PendingProduce produce = new PendingProduce(checked, duty);
        append(produce);
        return produce;
    }

    /**
     * On the caller's thread: a hop to the shard's would wake one more thread for each batch. The order of sequences and of appends is one
     * order because both happen under one lock; whatever answers anybody happens outside it.
     */
    private void append(PendingProduce produce) {
        ByteBuffer batch = produce.batch();
        try {
            Log open = log();
            long appendTimeMs = topic.config().logAppendTime() ? topic.clock().wallMs() : -1;
            List<IndexEntry> index = index(batch, List.of());
            ProducerState.Duplicate duplicate;
            Append append = null;
            synchronized (appendOrder) {
                duplicate = duplicateOf(batch, open);
                if (duplicate == null) {
                    append = appendWatched(produce, open, appendTimeMs, announce(batch, index, open));
                }
            }
            if (append != null) {
                produce.await(append, new Produced(append.baseOffset(), appendTimeMs, open.startOffset()));
            } else {
                answerAgain(produce, open, requireNonNull(duplicate));
            }
        } catch (RuntimeException e) {
            produce.finish(null, LogFailures.refusal(e));
        }
    }

    private static ProducerState.@Nullable Duplicate duplicateOf(ByteBuffer batch, Log open) {
        return BatchHeader.producerId(batch, batch.position()) >= 0
                ? producerState(open).check(batch, batch.position())
                : null;
    }

    private static Append append(PendingProduce produce, Log open, long appendTimeMs) {
        if (appendTimeMs >= 0) {
            BatchCheck.stampAppendTime(produce.batch(), appendTimeMs);
        }
        Runnable duty = produce.takeReleased();
        try {
            return open.append(produce.batch(), duty);
        } catch (RuntimeException e) {
            produce.giveBack(duty);
            throw e;
        }
    }

    /** A repeated batch gets the answer of the first, and no sooner than the first is durable. */
    private void answerAgain(PendingProduce produce, Log open, ProducerState.Duplicate duplicate) {
        long appendTimeMs = topic.config().logAppendTime() ? duplicate.maxTimestampMs() : -1;
        Produced answer = new Produced(duplicate.baseOffset(), appendTimeMs, open.startOffset());
        if (open.durableEnd() > duplicate.lastOffset()) {
            produce.finish(answer, null);
        } else {
            awaitDurable(duplicate.lastOffset(), () -> produce.finish(answer, null));
        }
    }

    private static ProducerState producerState(Log open) {
        if (open.state() instanceof ProducerState state) {
            return state;
        }
        throw new IllegalStateException(
                "the store was opened without BrokerRuntime.states(): log " + open.id() + " has no producer state");
    }

    @Override
    public Append appendInternal(ByteBuffer batches) {
        try {
            return log().append(batches, null);
        } catch (LogException e) {
            throw LogFailures.refusal(e);
        }
    }

    @Override
    public CompletableFuture<LogRead> read(long offset, long upTo, int maxBytes) {
        return mapped(() -> log().read(offset, upTo, maxBytes));
    }

    @Override
    public CompletableFuture<FoundOffset> offsetForTimestamp(long timestampMs) {
        return mapped(() -> TimestampSearch.firstAtOrAfter(log(), timestampMs));
    }

    @Override
    public CompletableFuture<FoundOffset> offsetOfMaxTimestamp() {
        return mapped(() -> TimestampSearch.ofMaxTimestamp(log()));
    }

    @Override
    public CompletableFuture<Long> deleteRecords(long offset) {
        return mapped(() -> {
            Log open = log();
            if (topic.config().log().compacts() && !topic.config().log().deletes()) {
                throw new BrokerException(
                        Refusal.POLICY,
                        "Records of partition " + topic.name() + "-" + index
                                + " can not be deleted due to the configured policy");
            }
            long end = open.durableEnd();
            long before = offset == -1 ? end : offset;
            if (before < 0 || before > end) {
                throw new BrokerException(
                        Refusal.OFFSET_OUT_OF_RANGE,
                        "The specified offset " + offset + " for partition " + topic.name() + "-" + index
                                + " is out of range.");
            }
            return before <= open.startOffset()
                    ? CompletableFuture.completedFuture(open.startOffset())
                    : trim(open, before);
        });
    }

    private CompletableFuture<Long> trim(Log open, long before) {
        CompletableFuture<Long> trimmed = open.trim(before);
        Watcher told = watcher;
        if (told != null) {
            told.trimmed();
        }
        return trimmed;
    }

    @Override
    public CompletableFuture<List<ProducerInfo>> producers() {
        return mapped(() -> CompletableFuture.completedFuture(
                log().state() instanceof ProducerState state ? state.infos() : List.of()));
    }

    @Override
    public Waiter awaitDurable(long offset, Runnable waiter) {
        Log open = deleted ? null : log();
        DurableWaiters.Node node = waiters.add(offset, waiter);
        // Registered first, looked at second: an end that moves in between is seen by one of the two.
        if (open == null || deleted || open.durableEnd() > offset) {
            node.fire();
        }
        return node;
    }

    /** Runs a read and says its failures in the broker's words; costs nothing where it is complete and good. */
    private static <T> CompletableFuture<T> mapped(Supplier<CompletableFuture<T>> reading) {
        CompletableFuture<T> read;
        try {
            read = reading.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(LogFailures.refusal(e));
        }
        if (read.isDone() && !read.isCompletedExceptionally()) {
            return read;
        }
        return read.exceptionallyCompose(e -> CompletableFuture.failedFuture(LogFailures.refusal(e)));
    }
}

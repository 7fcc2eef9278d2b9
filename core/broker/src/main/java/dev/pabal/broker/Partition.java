package dev.pabal.broker;

import dev.pabal.log.Append;
import dev.pabal.log.Log;
import dev.pabal.log.LogRead;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a topic: its log, its producers' sequences and the readers that wait for it.
 *
 * <p>Threads: every method may be called by any thread and never waits; appends are put in order by a
 * short lock, on the caller's thread.
 * Futures complete on any thread, a store's too: what hangs on them is short and hands over to its own thread.
 */
public interface Partition {
    UUID topicId();

    String topic();

    int index();

    Shard shard();

    /** Its log, for reading positions. Appending goes through {@link #produce}. */
    Log log();

    /** The topic's configs as they hold now, defaults included. */
    TopicConfig config();

    /**
     * Checks one batch as a Kafka broker does (size, magic, CRC, count, codec, timestamps, producer sequence), gives it offsets and appends
     * it. A repetition of one of the producer's last five batches is answered with the offsets it got then.
     *
     * @param batch one batch (magic 2) from position to limit, big-endian and writable; belongs to the partition until {@code released} has run
     * @param released run exactly once, whatever the outcome
     * @return completes when the durability promise holds; fails with a {@link BrokerException}
     */
    CompletableFuture<Produced> produce(ByteBuffer batch, @Nullable Runnable released);

    /**
     * Appends batches that the broker's own parts have made (Kafka's coordinators), by the log's one writer, on the caller's thread.
     *
     * @return the append, its offsets assigned
     */
    Append appendInternal(ByteBuffer batches);

    /** As {@link Log#read}, failing with a {@link BrokerException}. */
    CompletableFuture<LogRead> read(long offset, long upTo, int maxBytes);

    /** The first record at or after a timestamp. */
    CompletableFuture<FoundOffset> offsetForTimestamp(long timestampMs);

    /** The first record with the largest timestamp. */
    CompletableFuture<FoundOffset> offsetOfMaxTimestamp();

    /** Removes all before {@code offset}; -1 means the durable end. Completes with the new start offset. */
    CompletableFuture<Long> deleteRecords(long offset);

    /** Producers whose sequences are remembered, for people. */
    CompletableFuture<List<ProducerInfo>> producers();

    /**
     * Calls {@code waiter} once, on any thread, when the durable end has moved beyond {@code offset} (at once where it has already) or the
     * partition is deleted. The returned handle cancels it.
     */
    Waiter awaitDurable(long offset, Runnable waiter);

    /** Whether the partition was deleted. */
    boolean deleted();

    /** A registered wait. */
    interface Waiter {
        /** Forgets the wait; it may already be running. */
        void cancel();
    }

    /**
     * The answer to a produce.
     *
     * @param baseOffset offset of the batch's first record
     * @param logAppendTimeMs the broker's time where the topic stamps it, otherwise -1
     * @param logStartOffset the log's start
     */
    record Produced(long baseOffset, long logAppendTimeMs, long logStartOffset) {}

    /**
     * A found record.
     *
     * @param offset its offset, -1 where none was found
     * @param timestampMs its timestamp, -1 where none was found
     * @param epoch the leader epoch of its batch, -1 where unknown
     */
    record FoundOffset(long offset, long timestampMs, int epoch) {
        public static final FoundOffset NONE = new FoundOffset(-1, -1, -1);
    }

    /** A producer as seen by the partition. */
    record ProducerInfo(long producerId, short epoch, int lastSequence, long lastTimestampMs) {}
}

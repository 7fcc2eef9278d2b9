package dev.pabal.log;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A single-writer, append-only sequence of record batches with dense offsets. Compaction and trimming leave gaps; nothing is ever
 * renumbered.
 *
 * <p>Offsets: {@code startOffset <= durableEnd <= appendedEnd}. No reader sees at or beyond {@code durableEnd}.
 *
 * <p>Threads: {@link #append} is called by the log's one writer. Everything else may be called by any thread and never blocks.
 */
public interface Log {
    LogId id();

    LogConfig config();

    /**
     * Takes new policies for all that happens from now on.
     *
     * @throws IllegalArgumentException where only one of the old and the new ones says {@link Durability#MEMORY}
     */
    void configure(LogConfig config);

    /** The first offset that may be read. */
    long startOffset();

    /** The offset after the last batch whose durability promise holds: Kafka's high watermark. */
    long durableEnd();

    /** The offset that the next appended record will get. */
    long appendedEnd();

    /** The epoch that batches appended now carry. Raised at each change of owner and each unclean start. */
    int epoch();

    /**
     * Where an epoch ends, for readers that hold an offset of an older epoch.
     *
     * @return the largest known epoch at or below {@code epoch} and the offset at which the next one starts ({@link #durableEnd} for the
     *     current one); epoch and offset -1 where no such epoch is known (KIP-320)
     */
    EpochEnd endOfEpoch(int epoch);

    /** The epoch of the batch at {@code offset}, or -1 where unknown. */
    int epochAt(long offset);

    /** The state attached at {@link LogStore} creation. Touch it only on the writer's thread. */
    LogState state();

    /**
     * Appends one or more whole batches (magic 2, from position to limit) as one atomic unit. Base offsets and epochs are written into
     * the buffer, in place; the rest is trusted to have been checked. The buffer belongs to the log until {@code released} has run.
     *
     * @param batches a big-endian buffer that may be written to
     * @param released run once when the log needs the buffer no more, on any thread; null where nobody cares
     * @throws LogException before any offset is assigned, where the append cannot be taken: the buffer was then not kept and
     *     {@code released} is not run
     */
    Append append(ByteBuffer batches, @Nullable Runnable released);

    /**
     * As {@link #append}, for the few small appends that must go on when the disk is full, such as those that delete: they may use what is
     * kept in reserve. A store without a reserve has no use for the difference.
     */
    default Append appendFromReserve(ByteBuffer batches, @Nullable Runnable released) {
        return append(batches, released);
    }

    /**
     * Reads whole batches, starting with the one that contains {@code offset}, or the next after it where there is a gap.
     *
     * @param offset from {@link #startOffset} to {@link #durableEnd}, both included
     * @param upTo no batch that starts at or beyond this offset is returned; {@link #durableEnd} bounds it anyway
     * @param maxBytes bound of what is returned; the first batch comes whole even if it alone is larger, unless {@code maxBytes} is 0
     * @return complete already where the bytes are in memory; otherwise completed by a thread of the store. Fails with
     *     {@link LogException.Reason#OFFSET_OUT_OF_RANGE} or {@link LogException.Reason#CORRUPT}
     */
    CompletableFuture<LogRead> read(long offset, long upTo, int maxBytes);

    /**
     * The base offset of the first batch whose largest timestamp is at or after {@code timestampMs}, -1 where there is none. The record
     * itself is found by looking inside the batch, which a store never does.
     */
    CompletableFuture<Long> batchByTimestamp(long timestampMs);

    /** The base offset of the first batch that holds the largest timestamp of the log, -1 where the log is empty. */
    CompletableFuture<Long> batchOfMaxTimestamp();

    /**
     * Moves the start of the log to {@code offset} (at most {@link #durableEnd}), durably. Never moves it back. Costs an entry of the journal
     * where it moves the start; {@link #release} costs less and frees as much.
     *
     * @return the start offset that holds when it is durable
     */
    CompletableFuture<Long> trim(long offset);

    /**
     * The records from {@code from} to before {@code to} will never be read again, by anybody: their space may go, wherever in the log they
     * lie and whether they ever left memory or not. A whole batch goes, or stays until all of it was released. A read there gives what is
     * still there, or the next batch after the gap. The log's offsets do not change.
     *
     * <p>Costs no I/O and may be called often. Only a hint: it is forgotten at a restart, and whoever gave it gives it again. As nothing
     * brings the records back, the reason for releasing them must be durable before.
     *
     * @param from offset of the first record; what lies before {@link #startOffset} is no matter
     * @param to the offset behind the last one; what lies beyond {@link #durableEnd} is no matter
     */
    void release(long from, long to);

    /** Bytes that the log's readable batches take. */
    long sizeInBytes();

    /**
     * Calls {@code listener} after each growth of {@link #durableEnd}, on a thread of the store; it must be short and must not throw.
     * A log has one listener at most: the broker's partition. With {@link Durability#MEMORY} it is called by {@link #append}, on the caller,
     * before that returns; an append that the listener itself makes to the same log is told of after it returned.
     */
    void onDurable(@Nullable DurableListener listener);

    /** Told that more may be read. */
    @FunctionalInterface
    interface DurableListener {
        void durableEnd(long offset);
    }

    /**
     * The end of an epoch.
     *
     * @param epoch the epoch found, or -1
     * @param endOffset the offset after its last batch, or -1
     */
    record EpochEnd(int epoch, long endOffset) {
        public static final EpochEnd UNKNOWN = new EpochEnd(-1, -1);
    }
}

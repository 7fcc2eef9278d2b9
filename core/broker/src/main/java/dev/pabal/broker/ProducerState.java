package dev.pabal.broker;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a partition remembers of its idempotent producers: for each producer id its epoch and its last five batches. By these a repeated batch
 * is recognised and a missing one is noticed. The rules are Kafka's ({@code ProducerStateManager}, {@code ProducerAppendInfo}; KIP-98, KIP-360).
 *
 * <p>It is what replaying the log's headers gives, so that it holds after any crash. Only forgetting takes time from outside
 * ({@link #expire}); a producer found by a replay counts as idle from the first look at it, never from its records' timestamps, which are
 * the client's own.
 *
 * <pre>
 *   saved:  +---------+-------+ then for each producer:
 *           | version | count |   id (8) | epoch (2) | idle since, ms (8) | batches (1), and for each of those:
 *           |    1    |  (4)  |     base sequence (4) | last offset delta (4) | base offset (8) | max timestamp, ms (8)
 *           +---------+-------+
 * </pre>
 *
 * <p>Methods exclude each other: the log saves it while its writer reads it.
 */
public final class ProducerState implements LogState {
    /** Batches remembered of each producer: as many as a client may have in flight. */
    static final int BATCHES = 5;

    private static final byte VERSION = 1;
    private static final int PRODUCER_BYTES = 19;
    private static final int BATCH_BYTES = 24;
    /** The producer was not looked at since its last batch. */
    private static final long NOT_IDLE = -1;

    private @Nullable Map<Long, Producer> producers;

    /** A batch that was appended before. */
    record Duplicate(long baseOffset, long lastOffset, long maxTimestampMs) {}

    /**
     * Judges the batch at {@code at} before it is appended.
     *
     * @return null where it may be appended; where it was appended before, as what
     * @throws BrokerException {@link Refusal#INVALID_PRODUCER_EPOCH} or {@link Refusal#OUT_OF_ORDER_SEQUENCE}
     */
    synchronized @Nullable Duplicate check(ByteBuffer batch, int at) {
        long id = BatchHeader.producerId(batch, at);
        Producer known = producers == null ? null : producers.get(id);
        if (id < 0 || known == null) {
            return null;
        }
        short epoch = BatchHeader.producerEpoch(batch, at);
        int sequence = BatchHeader.baseSequence(batch, at);
        if (epoch < known.epoch) {
            throw new BrokerException(
                    Refusal.INVALID_PRODUCER_EPOCH,
                    "Epoch of producer " + id + " is " + epoch + ", which is smaller than the last seen epoch "
                            + known.epoch);
        }
        if (epoch > known.epoch) {
            if (sequence != 0) {
                throw new BrokerException(
                        Refusal.OUT_OF_ORDER_SEQUENCE,
                        "Invalid sequence number for new epoch of producer " + id + ": " + epoch + " (request epoch), "
                                + sequence + " (seq. number), " + known.epoch + " (current producer epoch)");
            }
            return null;
        }
        Duplicate duplicate = known.find(sequence, BatchHeader.lastOffsetDelta(batch, at));
        if (duplicate == null && sequence != after(known.lastSequence())) {
            throw new BrokerException(
                    Refusal.OUT_OF_ORDER_SEQUENCE,
                    "Out of order sequence number for producer " + id + ": " + sequence + " (incoming seq. number), "
                            + known.lastSequence() + " (current end sequence number)");
        }
        return duplicate;
    }

    @Override
    public synchronized void apply(ByteBuffer batch, int at) {
        long id = BatchHeader.producerId(batch, at);
        if (id < 0 || (BatchHeader.attributes(batch, at) & BatchHeader.ATTR_CONTROL) != 0) {
            return;
        }
        short epoch = BatchHeader.producerEpoch(batch, at);
        Map<Long, Producer> all = known();
        Producer producer = all.get(id);
        if (producer == null || producer.epoch != epoch) {
            producer = new Producer(epoch);
            all.put(id, producer);
        }
        producer.add(
                BatchHeader.baseSequence(batch, at),
                BatchHeader.lastOffsetDelta(batch, at),
                BatchHeader.baseOffset(batch, at),
                BatchHeader.maxTimestamp(batch, at));
    }

    /**
     * Forgets producers that were idle for {@code idleMs}.
     *
     * @param nowMs wall clock in ms
     */
    synchronized void expire(long nowMs, long idleMs) {
        if (producers == null) {
            return;
        }
        for (Iterator<Producer> all = producers.values().iterator(); all.hasNext(); ) {
            Producer producer = all.next();
            if (producer.idleSinceMs == NOT_IDLE || producer.idleSinceMs > nowMs) {
                producer.idleSinceMs = nowMs;
            } else if (nowMs - producer.idleSinceMs >= idleMs) {
                all.remove();
            }
        }
        if (producers.isEmpty()) {
            producers = null;
        }
    }

    /** All producers remembered, for people. */
    synchronized List<Partition.ProducerInfo> infos() {
        if (producers == null) {
            return List.of();
        }
        List<Partition.ProducerInfo> infos = new ArrayList<>(producers.size());
        producers.forEach((id, p) ->
                infos.add(new Partition.ProducerInfo(id, p.epoch, p.lastSequence(), p.maxTimestampsMs[p.newest])));
        return infos;
    }

    @Override
    public synchronized ByteBuffer save() {
        if (producers == null) {
            return ByteBuffer.allocate(0);
        }
        int bytes = 5;
        for (Producer p : producers.values()) {
            bytes = Math.addExact(bytes, PRODUCER_BYTES + p.count * BATCH_BYTES);
        }
        ByteBuffer out = ByteBuffer.allocate(bytes).put(VERSION).putInt(producers.size());
        producers.forEach((id, p) -> {
            out.putLong(id).putShort(p.epoch).putLong(p.idleSinceMs).put((byte) p.count);
            for (int age = p.count - 1; age >= 0; age--) {
                int i = p.slot(age);
                out.putInt(p.baseSequences[i]).putInt(p.lastDeltas[i]);
                out.putLong(p.baseOffsets[i]).putLong(p.maxTimestampsMs[i]);
            }
        });
        return out.flip();
    }

    @Override
    public synchronized void load(ByteBuffer saved) {
        producers = null;
        if (!saved.hasRemaining()) {
            return;
        }
        byte version = saved.get();
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "producer state of version " + version + "; this program knows " + VERSION);
        }
        int count = saved.getInt();
        Map<Long, Producer> all = known();
        for (int i = 0; i < count; i++) {
            long id = saved.getLong();
            Producer producer = new Producer(saved.getShort());
            producer.idleSinceMs = saved.getLong();
            long idleSinceMs = producer.idleSinceMs;
            for (int batches = saved.get(); batches > 0; batches--) {
                producer.add(saved.getInt(), saved.getInt(), saved.getLong(), saved.getLong());
            }
            producer.idleSinceMs = idleSinceMs;
            all.put(id, producer);
        }
    }

    private Map<Long, Producer> known() {
        Map<Long, Producer> all = producers;
        if (all == null) {
            all = new HashMap<>(4);
            producers = all;
        }
        return all;
    }

    /** The sequence {@code count} after {@code sequence}: after the largest int comes 0. */
    static int plus(int sequence, int count) {
        return sequence > Integer.MAX_VALUE - count ? count - (Integer.MAX_VALUE - sequence) - 1 : sequence + count;
    }

    private static int after(int sequence) {
        return plus(sequence, 1);
    }

    /** One producer's epoch and last batches, in a ring. */
    private static final class Producer {
        final short epoch;
        final int[] baseSequences = new int[BATCHES];
        final int[] lastDeltas = new int[BATCHES];
        final long[] baseOffsets = new long[BATCHES];
        final long[] maxTimestampsMs = new long[BATCHES];
        int newest = -1;
        int count;
        long idleSinceMs = NOT_IDLE;

        Producer(short epoch) {
            this.epoch = epoch;
        }

        void add(int baseSequence, int lastDelta, long baseOffset, long maxTimestampMs) {
            newest = (newest + 1) % BATCHES;
            count = Math.min(count + 1, BATCHES);
            baseSequences[newest] = baseSequence;
            lastDeltas[newest] = lastDelta;
            baseOffsets[newest] = baseOffset;
            maxTimestampsMs[newest] = maxTimestampMs;
            idleSinceMs = NOT_IDLE;
        }

        /** Place of the batch that is {@code age} batches older than the newest. */
        int slot(int age) {
            return (newest - age + BATCHES) % BATCHES;
        }

        int lastSequence() {
            return plus(baseSequences[newest], lastDeltas[newest]);
        }

        @Nullable
        Duplicate find(int baseSequence, int lastDelta) {
            for (int age = 0; age < count; age++) {
                int i = slot(age);
                if (baseSequences[i] == baseSequence && lastDeltas[i] == lastDelta) {
                    return new Duplicate(baseOffsets[i], baseOffsets[i] + lastDelta, maxTimestampsMs[i]);
                }
            }
            return null;
        }
    }
}

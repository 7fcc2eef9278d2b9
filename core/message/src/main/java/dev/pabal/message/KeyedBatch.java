package dev.pabal.message;

import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.jspecify.annotations.Nullable;

/** Batches of the broker's own making whose records have keys, for logs that are compacted by them. Not for hot paths. */
public final class KeyedBatch {
    private KeyedBatch() {}

    /**
     * A key and what holds for it from now on.
     *
     * @param value null = nothing any more
     */
    public record Entry(byte[] key, byte @Nullable [] value) {}

    /**
     * One batch that holds the entries in order.
     *
     * @param entries at least one
     */
    public static ByteBuffer of(List<Entry> entries, long timestampMs) {
        SimpleRecord[] records = entries.stream()
                .map(e -> new SimpleRecord(timestampMs, e.key(), e.value()))
                .toArray(SimpleRecord[]::new);
        return MemoryRecords.withRecords(Compression.NONE, records).buffer();
    }

    /**
     * Shows key and value of each record of the batch at {@code at}; the value is null where nothing holds any more.
     *
     * @throws IllegalArgumentException where the bytes are no batch with keys
     */
    public static void forEach(ByteBuffer batch, int at, BiConsumer<ByteBuffer, @Nullable ByteBuffer> visitor) {
        ByteBuffer one = batch.slice(at, BatchHeader.sizeInBytes(batch, at));
        try (CloseableIterator<Record> records = MemoryRecords.readableRecords(one)
                .batches()
                .iterator()
                .next()
                .streamingIterator(BufferSupplier.NO_CACHING)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (!record.hasKey()) {
                    throw new IllegalArgumentException("a record without a key in a log of keys");
                }
                visitor.accept(record.key(), record.hasValue() ? record.value() : null);
            }
        } catch (KafkaException e) {
            throw new IllegalArgumentException("the records of a batch cannot be read: " + e.getMessage(), e);
        }
    }
}

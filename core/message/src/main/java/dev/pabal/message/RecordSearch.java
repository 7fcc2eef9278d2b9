package dev.pabal.message;

import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * Looks inside one batch for single records. Keys and values are skipped, not kept; a compressed batch is decompressed as a stream. Not for
 * hot paths.
 */
public final class RecordSearch {
    private RecordSearch() {}

    /** One record's place and time. */
    public record Found(long offset, long timestampMs) {}

    /**
     * What the records of a batch have in common.
     *
     * @param minTimestampMs the smallest timestamp; {@link Long#MAX_VALUE} where no record has one
     * @param firstWithoutKey index of the first record without a key, -1 where all have one
     */
    public record Inside(long minTimestampMs, int firstWithoutKey) {}

    /**
     * The first record of the batch at {@code at} whose offset is at least {@code fromOffset} and whose time is at or after
     * {@code timestampMs}; null where there is none.
     *
     * @throws IllegalArgumentException where the records cannot be read
     */
    public static @Nullable Found firstAtOrAfter(ByteBuffer batch, int at, long timestampMs, long fromOffset) {
        try (CloseableIterator<Record> records = records(batch, at)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.timestamp() >= timestampMs && record.offset() >= fromOffset) {
                    return new Found(record.offset(), record.timestamp());
                }
            }
            return null;
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    /**
     * The first record with the largest timestamp of the batch at {@code at}; null where the batch is empty.
     *
     * @throws IllegalArgumentException where the records cannot be read
     */
    public static @Nullable Found withMaxTimestamp(ByteBuffer batch, int at) {
        Found best = null;
        try (CloseableIterator<Record> records = records(batch, at)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (best == null || record.timestamp() > best.timestampMs()) {
                    best = new Found(record.offset(), record.timestamp());
                }
            }
            return best;
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    /**
     * Looks at every record of the batch at {@code at}.
     *
     * @throws IllegalArgumentException where the records cannot be read
     */
    public static Inside inspect(ByteBuffer batch, int at) {
        long min = Long.MAX_VALUE;
        int keyless = -1;
        int index = 0;
        try (CloseableIterator<Record> records = records(batch, at)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.timestamp() != RecordBatch.NO_TIMESTAMP) {
                    min = Math.min(min, record.timestamp());
                }
                if (keyless < 0 && !record.hasKey()) {
                    keyless = index;
                }
                index++;
            }
            return new Inside(min, keyless);
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    private static CloseableIterator<Record> records(ByteBuffer batch, int at) {
        return batch(batch, at).skipKeyValueIterator(BufferSupplier.NO_CACHING);
    }

    static org.apache.kafka.common.record.internal.DefaultRecordBatch batch(ByteBuffer batch, int at) {
        ByteBuffer one = batch.duplicate();
        one.limit(at + BatchHeader.sizeInBytes(batch, at)).position(at);
        return (org.apache.kafka.common.record.internal.DefaultRecordBatch)
                MemoryRecords.readableRecords(one.slice()).batches().iterator().next();
    }

    private static IllegalArgumentException unreadable(RuntimeException e) {
        return new IllegalArgumentException("the records of a batch cannot be read: " + e.getMessage(), e);
    }
}

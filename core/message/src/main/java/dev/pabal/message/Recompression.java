package dev.pabal.message;

import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.apache.kafka.common.utils.internals.CloseableIterator;

/** Writes a batch anew in another codec, for topics whose {@code compression.type} is not {@code producer}. A slow path, by configuration only. */
public final class Recompression {
    private Recompression() {}

    /**
     * Number of a codec in a batch's attributes.
     *
     * @param name {@code none} or {@code uncompressed}, {@code gzip}, {@code snappy}, {@code lz4}, {@code zstd}
     * @throws IllegalArgumentException where there is no such codec
     */
    public static int codec(String name) {
        return type(name).id;
    }

    private static CompressionType type(String name) {
        return name.equals("uncompressed")
                ? CompressionType.NONE
                : CompressionType.forName(name.toLowerCase(Locale.ROOT));
    }

    /**
     * The same records, offsets, times and producer in the codec {@code name}, as a new buffer.
     *
     * @param batch one checked batch from position to limit; unchanged
     * @param maxRecordBytes bound of what the records may take when unpacked
     * @throws IllegalArgumentException where the records cannot be read or take more than the bound
     */
    public static ByteBuffer recompress(ByteBuffer batch, String name, int maxRecordBytes) {
        int at = batch.position();
        RecordBatch from = RecordSearch.batch(batch, at);
        ByteBufferOutputStream out = new ByteBufferOutputStream(Math.max(batch.remaining(), 512));
        try (MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
                        out,
                        RecordBatch.MAGIC_VALUE_V2,
                        Compression.of(type(name)).build(),
                        TimestampType.CREATE_TIME,
                        BatchHeader.baseOffset(batch, at),
                        RecordBatch.NO_TIMESTAMP,
                        from.producerId(),
                        from.producerEpoch(),
                        from.baseSequence(),
                        from.isTransactional(),
                        false,
                        RecordBatch.NO_PARTITION_LEADER_EPOCH,
                        Integer.MAX_VALUE);
                CloseableIterator<Record> records = from.streamingIterator(BufferSupplier.NO_CACHING, maxRecordBytes)) {
            long unpacked = 0;
            while (records.hasNext()) {
                Record record = records.next();
                unpacked += record.sizeInBytes();
                if (unpacked > maxRecordBytes) {
                    throw new IllegalArgumentException(
                            "the records of a batch take more than " + maxRecordBytes + " bytes");
                }
                builder.append(record);
            }
            return builder.build().buffer();
        } catch (KafkaException e) {
            throw new IllegalArgumentException("the records of a batch cannot be read: " + e.getMessage(), e);
        }
    }
}

package dev.pabal.message;

import dev.pabal.log.BatchCompactor;
import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetention;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetentionResult;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * Looks inside Kafka record batches (magic 2, any codec) for compaction, with Kafka's own record classes: a batch that loses records is
 * encoded anew with its codec, its offsets, producer and timestamps as they were. Control batches hold no keys and are always kept.
 *
 * <p>Kafka keeps the last batch of each producer even when all its records are gone, for its sequence numbers. Here a checkpoint saves those
 * (the log's {@link dev.pabal.log.LogState}), so an emptied batch simply goes.
 *
 * <p>One thread at a time: buffers for decompression are used again.
 */
public final class KafkaBatchCompactor implements BatchCompactor {
    private final BufferSupplier buffers = BufferSupplier.create();

    @Override
    public void forEachKey(ByteBuffer batch, int at, KeyVisitor visitor) {
        if (isControl(batch, at)) {
            return;
        }
        for (MutableRecordBatch one : records(batch, at).batches()) {
            try (CloseableIterator<Record> records = one.streamingIterator(buffers)) {
                while (records.hasNext()) {
                    Record record = records.next();
                    visitor.visit(record.key(), record.offset(), record.timestamp(), !record.hasValue());
                }
            }
        }
    }

    @Override
    public @Nullable ByteBuffer retain(ByteBuffer batch, int at, long deleteHorizonMs, RecordFilter filter) {
        int size = BatchHeader.sizeInBytes(batch, at);
        if (isControl(batch, at)) {
            return batch.slice(at, size);
        }
        ByteBuffer into = ByteBuffer.allocate(size);
        ByteBuffer kept = records(batch, at)
                .filterTo(new Filter(deleteHorizonMs, filter), into, buffers, Integer.MAX_VALUE)
                .outputBuffer()
                .flip();
        return kept.hasRemaining() ? kept : null;
    }

    private static boolean isControl(ByteBuffer batch, int at) {
        return (BatchHeader.attributes(batch, at) & BatchHeader.ATTR_CONTROL) != 0;
    }

    private static MemoryRecords records(ByteBuffer batch, int at) {
        return MemoryRecords.readableRecords(batch.slice(at, BatchHeader.sizeInBytes(batch, at)));
    }

    /** Kafka's filter in terms of ours. The horizon is handed over as the time plus no delay. */
    private static final class Filter extends MemoryRecords.RecordFilter {
        private static final BatchRetentionResult DELETE_EMPTY =
                new BatchRetentionResult(BatchRetention.DELETE_EMPTY, false);

        private final RecordFilter filter;

        Filter(long deleteHorizonMs, RecordFilter filter) {
            super(deleteHorizonMs, 0);
            this.filter = filter;
        }

        @Override
        protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
            return DELETE_EMPTY;
        }

        @Override
        protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
            return filter.keep(record.key(), record.offset(), record.timestamp(), !record.hasValue());
        }
    }
}

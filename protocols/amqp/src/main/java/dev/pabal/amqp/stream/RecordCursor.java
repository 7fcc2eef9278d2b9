package dev.pabal.amqp.stream;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogRead;
import dev.pabal.message.AmqpRecord;
import dev.pabal.message.Recompression;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows the records of one read one after another, straight from the log's memory. Where they cannot all be used at once, {@link #keep}
 * copies the rest and gives the log's memory back. For one thread.
 */
final class RecordCursor {
    /** What a batch may take when it is unpacked. */
    private static final int MAX_UNPACKED_BYTES = 128 << 20;

    private @Nullable LogRead read;
    private List<ByteBuffer> buffers;
    private int bufferIndex = -1;
    private ByteBuffer stored = ByteBuffer.allocate(0);
    /** Where the next batch begins in {@link #stored}. */
    private int nextBatchAt;

    private ByteBuffer records = stored;
    private int recordAt;
    private int recordsEnd;
    private long baseOffset;
    private long baseTimestampMs;
    private long nextOffset;
    /** Where the batch ends that was looked at last; 0 before the first. */
    private long endOffset;

    private int batchAt;

    /** @param from records before it are passed over */
    RecordCursor(LogRead read, long from) {
        this.read = read;
        this.buffers = read.buffers();
        this.nextOffset = from;
    }

    /**
     * Goes to the next record.
     *
     * @return its offset, or -1 where there is none: then {@link #nextOffset} says where to read on
     * @throws IllegalArgumentException where a batch cannot be read
     */
    long next(AmqpRecord out) {
        while (true) {
            while (recordAt < recordsEnd) {
                out.wrap(records, recordAt, baseTimestampMs);
                recordAt += out.sizeInBytes();
                long offset = baseOffset + out.offsetDelta();
                if (offset >= nextOffset) {
                    nextOffset = offset + 1;
                    return offset;
                }
            }
            if (!nextBatch()) {
                return -1;
            }
        }
    }

    private boolean nextBatch() {
        while (nextBatchAt >= stored.limit()) {
            if (bufferIndex + 1 >= buffers.size()) {
                recordsEnd = 0;
                recordAt = 0;
                return false;
            }
            stored = buffers.get(++bufferIndex);
            nextBatchAt = stored.position();
        }
        batchAt = nextBatchAt;
        int size = BatchHeader.sizeInBytes(stored, batchAt);
        nextBatchAt += size;
        baseOffset = BatchHeader.baseOffset(stored, batchAt);
        open(size);
        // A batch may end beyond its last record: what was compacted away is passed over.
        endOffset = BatchHeader.nextOffset(stored, batchAt);
        return true;
    }

    private void open(int size) {
        int at = batchAt;
        ByteBuffer batch = stored;
        baseTimestampMs = BatchHeader.baseTimestamp(stored, at);
        if ((BatchHeader.attributes(stored, at) & BatchHeader.ATTR_CONTROL) != 0) {
            recordAt = 0;
            recordsEnd = 0;
            return;
        }
        int bytes = size;
        if (!AmqpRecord.isPlain(batch, at)) {
            batch = Recompression.recompress(batch.slice(at, size), "none", MAX_UNPACKED_BYTES);
            at = batch.position();
            bytes = batch.remaining();
            baseTimestampMs = BatchHeader.baseTimestamp(batch, at);
        }
        records = batch;
        recordAt = at + BatchHeader.BYTES;
        recordsEnd = at + bytes;
    }

    /** Where to read on once {@link #next} has found nothing more. */
    long nextOffset() {
        return Math.max(nextOffset, endOffset);
    }

    /** Whether the read held no batch at all. */
    boolean isEmpty() {
        return buffers.isEmpty();
    }

    /** Copies what has not been shown yet and gives the log's memory back. */
    void keep() {
        LogRead open = read;
        if (open == null) {
            return;
        }
        int bytes = 0;
        if (bufferIndex >= 0) {
            bytes = stored.limit() - batchAt;
        }
        for (int i = bufferIndex + 1; i < buffers.size(); i++) {
            bytes += buffers.get(i).remaining();
        }
        ByteBuffer copy = ByteBuffer.allocate(bytes);
        if (bufferIndex >= 0) {
            copy.put(stored.duplicate().position(batchAt));
        }
        for (int i = bufferIndex + 1; i < buffers.size(); i++) {
            copy.put(buffers.get(i).duplicate());
        }
        buffers = List.of(copy.flip());
        bufferIndex = -1;
        stored = ByteBuffer.allocate(0);
        records = stored;
        nextBatchAt = 0;
        recordAt = 0;
        recordsEnd = 0;
        close();
    }

    /** Gives the log's memory back. */
    void close() {
        LogRead open = read;
        read = null;
        if (open != null) {
            open.close();
        }
    }
}

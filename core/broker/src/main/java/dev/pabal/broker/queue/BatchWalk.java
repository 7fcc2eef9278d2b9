package dev.pabal.broker.queue;

import static java.util.Objects.requireNonNull;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogRead;
import dev.pabal.message.BatchCheck;
import dev.pabal.message.Recompression;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of one read in offset order and remembers where it is, so that the next record costs no search. Compressed batches are
 * unpacked once, onto the heap. For one thread.
 */
final class BatchWalk implements FoundRecord {
    /** What a batch may take when it is unpacked. */
    private static final int MAX_UNPACKED_BYTES = 128 << 20;

    private final RetainedMemory retained;
    private final List<ByteBuffer> buffers;
    /** First offset of the first batch, or before it where nothing is stored in between. */
    private long startOffset;

    private final long endOffset;

    private int bufferIndex;
    /** Where the batch begins that is walked now, in {@link #stored}. */
    private int batchAt;
    /** The stored bytes that are walked now, null before the first batch and after the last. */
    private @Nullable ByteBuffer stored;
    /** What the records of the current batch lie in: the stored bytes, or the unpacked ones. */
    private @Nullable ByteBuffer records;

    /** Why the current batch cannot be read: it is not unpacked once more for each of its messages. */
    private @Nullable RuntimeException broken;

    private int firstAt;
    /** The next record to look at, and the offset delta of the one before it, -1 for none. */
    private int recordAt;

    private int passedDelta = -1;
    private int recordsEnd;
    private long baseOffset;
    private long nextBatchOffset;
    private long baseTimestampMs;

    private int foundAt;
    private int foundSize;

    /** @param read holds at least one batch; the walk becomes its first user */
    BatchWalk(LogRead read) {
        retained = new RetainedMemory(read::close);
        buffers = read.buffers();
        startOffset = BatchHeader.baseOffset(buffers.get(0), buffers.get(0).position());
        endOffset = endOf(buffers.get(buffers.size() - 1));
        rewind();
    }

    private static long endOf(ByteBuffer buffer) {
        int at = buffer.position();
        long end = 0;
        while (at < buffer.limit()) {
            end = BatchHeader.nextOffset(buffer, at);
            at += BatchHeader.sizeInBytes(buffer, at);
        }
        return end;
    }

    private void rewind() {
        bufferIndex = 0;
        stored = null;
        records = null;
        broken = null;
        baseOffset = startOffset;
        nextBatchOffset = startOffset;
    }

    /** Whether the offset lies between the first and the last of the read. */
    boolean covers(long offset) {
        return offset >= startOffset && offset < endOffset;
    }

    /** Nothing is stored between {@code offset} and the first batch. */
    void startAt(long offset) {
        startOffset = offset;
    }

    long startOffset() {
        return startOffset;
    }

    long endOffset() {
        return endOffset;
    }

    /** What this walk keeps in memory; to be retained by whoever keeps what {@link #find} showed. */
    @Override
    public RetainedMemory retained() {
        return retained;
    }

    /**
     * Goes to the record of that offset.
     *
     * @return false where there is none: compacted away, or part of a control batch
     * @throws IllegalArgumentException where the batch cannot be read
     */
    boolean find(long offset) {
        if (offset < baseOffset) {
            rewind();
        }
        while (stored == null || offset >= nextBatchOffset) {
            if (!nextBatch()) {
                return false;
            }
        }
        if (offset < baseOffset) {
            return false;
        }
        if (broken != null) {
            throw broken;
        }
        if (records == null) {
            openBatch();
        }
        return findRecord((int) (offset - baseOffset));
    }

    private boolean nextBatch() {
        ByteBuffer buffer = stored;
        int at;
        if (buffer == null) {
            buffer = buffers.get(bufferIndex);
            at = buffer.position();
        } else {
            at = batchAt + BatchHeader.sizeInBytes(buffer, batchAt);
        }
        if (at >= buffer.limit()) {
            if (bufferIndex + 1 == buffers.size()) {
                return false;
            }
            buffer = buffers.get(++bufferIndex);
            at = buffer.position();
        }
        stored = buffer;
        batchAt = at;
        records = null;
        broken = null;
        baseOffset = BatchHeader.baseOffset(buffer, at);
        nextBatchOffset = BatchHeader.nextOffset(buffer, at);
        return true;
    }

    private void openBatch() {
        ByteBuffer batch = requireNonNull(stored);
        int at = batchAt;
        int attributes = BatchHeader.attributes(batch, at);
        if ((attributes & BatchHeader.ATTR_CONTROL) != 0) {
            records = batch;
            firstAt = 0;
            recordAt = 0;
            recordsEnd = 0;
            return;
        }
        if ((attributes & BatchCheck.CODEC_MASK) != 0) {
            ByteBuffer one = batch.slice(at, BatchHeader.sizeInBytes(batch, at));
            try {
                batch = Recompression.recompress(one, "none", MAX_UNPACKED_BYTES);
            } catch (RuntimeException e) {
                broken = e;
                throw e;
            }
            at = batch.position();
        }
        records = batch;
        firstAt = at + BatchHeader.BYTES;
        recordAt = firstAt;
        passedDelta = -1;
        recordsEnd = at + BatchHeader.sizeInBytes(batch, at);
        baseTimestampMs = BatchHeader.baseTimestamp(batch, at);
    }

    private boolean findRecord(int delta) {
        ByteBuffer buffer = requireNonNull(records);
        if (delta <= passedDelta) {
            recordAt = firstAt;
            passedDelta = -1;
        }
        try {
            while (recordAt < recordsEnd) {
                int next = RecordBytes.next(buffer, recordAt, recordsEnd);
                int found = RecordBytes.offsetDelta(buffer, recordAt);
                if (found > delta) {
                    return false;
                }
                foundAt = recordAt;
                foundSize = next - recordAt;
                recordAt = next;
                passedDelta = found;
                if (found == delta) {
                    return true;
                }
            }
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("a record runs over the end of its batch", e);
        }
        return false;
    }

    /** The whole stored batch that was looked at last, found or not. */
    ByteBuffer storedBatch() {
        ByteBuffer batch = requireNonNull(stored);
        return batch.slice(batchAt, BatchHeader.sizeInBytes(batch, batchAt));
    }

    /** The stored bytes, or the unpacked ones. */
    @Override
    public ByteBuffer buffer() {
        return requireNonNull(records);
    }

    @Override
    public int position() {
        return foundAt;
    }

    @Override
    public int sizeInBytes() {
        return foundSize;
    }

    @Override
    public long baseTimestampMs() {
        return baseTimestampMs;
    }
}

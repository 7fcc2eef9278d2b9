package dev.pabal.log.segment;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogId;
import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Puts batches into extents and extents into a file, in pieces of 1 MiB: each byte is copied once, into the staging buffer. Nothing of it
 * counts before {@link #finish} has returned and the caller has taken over the extents. One thread at a time.
 */
final class ExtentWriter {
    private static final int PIECE_BYTES = ExtentHeader.MAX_EXTENT_BYTES;

    /** Made when first needed: an idle store holds none. */
    private ByteBuffer staging = ByteBuffer.allocate(0);

    private final CRC32C crc = new CRC32C();

    private @Nullable SegmentFile segment;
    private FileStore.@Nullable File file;
    /** Where the staging buffer goes in the file, and how much of it is filled. */
    private long position;

    private int staged;

    /** The extent that is being filled: where its header goes in the staging buffer, -1 while there is none. */
    private int extentAt = -1;

    private int batchCount;
    private long baseOffset;
    private long nextOffset;
    private long maxTimestamp;
    private long maxTimestampOffset;

    /** What follows goes behind the first {@code from} bytes of the segment; whatever another attempt left there is written over. */
    void start(SegmentFile to, FileStore.File open, long from) {
        needStaging();
        staging.clear(); // A write that failed has left its own bounds.
        segment = to;
        file = open;
        position = from;
        staged = 0;
        extentAt = -1;
    }

    /** Writes all batches of a run; the extents made of them are added to {@code into}. */
    void append(LogId log, List<ByteBuffer> batches, ExtentList into) throws IOException {
        for (ByteBuffer buffer : batches) {
            int at = buffer.position();
            while (at < buffer.limit()) {
                int size = BatchHeader.sizeInBytes(buffer, at);
                batch(log, buffer, at, size, into);
                at += size;
            }
        }
        endExtent(log, into);
    }

    /** Adds one batch; {@link #endExtent} must follow before a batch of another log. */
    void batch(LogId log, ByteBuffer from, int at, int size, ExtentList into) throws IOException {
        if (ExtentHeader.BYTES + size > PIECE_BYTES) {
            endExtent(log, into);
            flush();
            writeLarge(log, from, at, size, into);
            return;
        }
        if (extentAt >= 0 && staged + size > PIECE_BYTES) {
            endExtent(log, into);
            flush();
        }
        if (extentAt < 0) {
            beginExtent(size, BatchHeader.baseOffset(from, at));
        }
        staging.put(staged, from, at, size);
        staged += size;
        note(from, at);
    }

    /** Closes the extent that is being filled, if there is one. */
    void endExtent(LogId log, ExtentList into) {
        if (extentAt < 0) {
            return;
        }
        int length = staged - extentAt - ExtentHeader.BYTES;
        crc.reset();
        crc.update(staging.slice(extentAt + ExtentHeader.BYTES, length));
        writeHeader(log, extentAt, position + extentAt, length, into);
        extentAt = -1;
    }

    /** Writes what is still staged; returns the length that the file now has. */
    long finish() throws IOException {
        flush();
        return position;
    }

    private void beginExtent(int firstBatchBytes, long firstOffset) throws IOException {
        int start = (int) AlignedMemory.up(staged, ExtentHeader.ALIGNMENT);
        if (start + ExtentHeader.BYTES + firstBatchBytes > PIECE_BYTES) {
            flush();
            start = 0;
        }
        AlignedMemory.zero(staging, staged, start);
        extentAt = start;
        staged = start + ExtentHeader.BYTES;
        baseOffset = firstOffset;
        resetTotals();
    }

    private void resetTotals() {
        batchCount = 0;
        maxTimestamp = Long.MIN_VALUE;
        maxTimestampOffset = -1;
    }

    private void note(ByteBuffer from, int at) {
        batchCount++;
        nextOffset = BatchHeader.nextOffset(from, at);
        long timestamp = BatchHeader.maxTimestamp(from, at);
        if (timestamp > maxTimestamp) {
            maxTimestamp = timestamp;
            maxTimestampOffset = BatchHeader.baseOffset(from, at);
        }
    }

    /** A batch that is larger than a piece: an extent of its own, in as many pieces as it takes. */
    private void writeLarge(LogId log, ByteBuffer from, int at, int size, ExtentList into) throws IOException {
        resetTotals();
        baseOffset = BatchHeader.baseOffset(from, at);
        note(from, at);
        crc.reset();
        crc.update(from.slice(at, size));
        writeHeader(log, 0, position, size, into);
        staged = ExtentHeader.BYTES;
        int copied = 0;
        while (copied < size) {
            int piece = Math.min(size - copied, PIECE_BYTES - staged);
            staging.put(staged, from, at + copied, piece);
            staged += piece;
            copied += piece;
            if (staged == PIECE_BYTES) {
                flush();
            }
        }
        flush();
    }

    private void writeHeader(LogId log, int at, long extentPosition, int length, ExtentList into) {
        Extent extent = new Extent(
                log,
                Objects.requireNonNull(segment),
                baseOffset,
                nextOffset,
                extentPosition,
                length,
                maxTimestamp,
                maxTimestampOffset);
        ExtentHeader.write(staging, at, extent, batchCount, (int) crc.getValue());
        into.add(baseOffset, nextOffset, extentPosition, length, maxTimestamp, maxTimestampOffset);
    }

    private void flush() throws IOException {
        if (staged == 0) {
            return;
        }
        int padded = (int) AlignedMemory.up(staged, FileStore.ALIGNMENT);
        AlignedMemory.zero(staging, staged, padded);
        staging.limit(padded).position(0);
        Objects.requireNonNull(file).write(staging, position);
        staging.clear();
        position += padded;
        staged = 0;
    }

    /** Writes bytes that are no extent (a footer) as pieces from {@code at}; returns the file's length after them. */
    long writeRaw(FileStore.File to, ByteBuffer bytes, long at) throws IOException {
        needStaging();
        staging.clear();
        long where = at;
        while (bytes.hasRemaining()) {
            int piece = Math.min(bytes.remaining(), PIECE_BYTES);
            int padded = (int) AlignedMemory.up(piece, FileStore.ALIGNMENT);
            staging.put(0, bytes, bytes.position(), piece);
            bytes.position(bytes.position() + piece);
            AlignedMemory.zero(staging, piece, padded);
            staging.limit(padded).position(0);
            to.write(staging, where);
            staging.clear();
            where += padded;
        }
        return where;
    }

    private void needStaging() {
        if (staging.capacity() == 0) {
            staging = AlignedMemory.allocate(PIECE_BYTES);
        }
    }
}

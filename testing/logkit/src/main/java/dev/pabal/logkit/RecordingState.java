package dev.pabal.logkit;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogState;
import java.nio.ByteBuffer;

/**
 * A {@link LogState} that knows which batches it was fed, as a count, an end and a running hash of offsets and checksums: two of them are
 * equal only where both saw the same batches in the same order. It refuses a batch out of order.
 */
public final class RecordingState implements LogState {
    private static final byte VERSION = 1;
    private static final int BYTES = 1 + 3 * Long.BYTES;

    private long batches;
    private long end;
    private long hash;

    @Override
    public void apply(ByteBuffer batch, int at) {
        long baseOffset = BatchHeader.baseOffset(batch, at);
        if (baseOffset < end) {
            throw new AssertionError("a state at " + end + " was fed the batch at " + baseOffset);
        }
        batches++;
        end = BatchHeader.nextOffset(batch, at);
        hash = (hash * 31 + baseOffset) * 31 + BatchHeader.crc(batch, at);
    }

    /** The offset after the last batch that was applied. */
    public long end() {
        return end;
    }

    @Override
    public ByteBuffer save() {
        return ByteBuffer.allocate(BYTES)
                .put(VERSION)
                .putLong(batches)
                .putLong(end)
                .putLong(hash)
                .flip();
    }

    @Override
    public void load(ByteBuffer saved) {
        if (saved.remaining() != BYTES || saved.get() != VERSION) {
            throw new AssertionError("a state was given bytes that it never saved");
        }
        batches = saved.getLong();
        end = saved.getLong();
        hash = saved.getLong();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof RecordingState other && batches == other.batches && end == other.end && hash == other.hash;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }

    @Override
    public String toString() {
        return batches + " batches up to " + end + ", hash " + Long.toHexString(hash);
    }
}

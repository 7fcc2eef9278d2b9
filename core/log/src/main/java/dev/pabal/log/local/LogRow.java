package dev.pabal.log.local;

import dev.pabal.log.LogId;
import dev.pabal.log.LogState;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What a checkpoint says of one log.
 *
 * <pre>
 *   0              16      20             28             36             44
 *  +--------------+-------+--------------+--------------+--------------+-------+------------------+--------+-------+
 *  | owner        | index | start offset | drained end  | appended end | count | count x          | length | state |
 *  |              |       |              |              |              |       | (epoch 4,start 8)| 4      |       |
 *  +--------------+-------+--------------+--------------+--------------+-------+------------------+--------+-------+
 * </pre>
 *
 * @param startOffset first offset that may be read
 * @param drainedEnd the offset up to which segments hold everything that was not trimmed
 * @param appendedEnd the offset up to which state and epochs know everything; all before it was durable when the checkpoint was written
 * @param epochs the bytes of {@link Epochs#save}
 * @param state the bytes of {@link LogState#save}
 */
record LogRow(LogId id, long startOffset, long drainedEnd, long appendedEnd, ByteBuffer epochs, ByteBuffer state) {
    static ByteBuffer encode(
            LogId id, long startOffset, long drainedEnd, long appendedEnd, Epochs epochs, LogState state) {
        ByteBuffer saved = state.save();
        ByteBuffer row = ByteBuffer.allocate(
                LogId.BYTES + 3 * Long.BYTES + epochs.savedBytes() + Integer.BYTES + saved.remaining());
        row.putLong(id.owner().getMostSignificantBits())
                .putLong(id.owner().getLeastSignificantBits())
                .putInt(id.index())
                .putLong(startOffset)
                .putLong(drainedEnd)
                .putLong(appendedEnd);
        epochs.save(row);
        row.putInt(saved.remaining()).put(saved);
        return row.flip();
    }

    /** Reads a row from the buffer's position on and moves it behind the row. */
    static LogRow decode(ByteBuffer from) {
        LogId id = new LogId(new UUID(from.getLong(), from.getLong()), from.getInt());
        long startOffset = from.getLong();
        long drainedEnd = from.getLong();
        long appendedEnd = from.getLong();
        ByteBuffer epochs = take(from, Integer.BYTES + from.getInt(from.position()) * (Integer.BYTES + Long.BYTES));
        ByteBuffer state = take(from, from.getInt());
        return new LogRow(id, startOffset, drainedEnd, appendedEnd, epochs, state);
    }

    private static ByteBuffer take(ByteBuffer from, int bytes) {
        ByteBuffer taken = from.slice(from.position(), bytes);
        from.position(from.position() + bytes);
        return taken;
    }
}

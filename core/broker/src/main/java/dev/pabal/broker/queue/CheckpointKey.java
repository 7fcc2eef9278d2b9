package dev.pabal.broker.queue;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Key of a record in a shard's checkpoint log.
 *
 * <pre>
 *   | queue id (16) | piece (4) |
 * </pre>
 *
 * The marker has id 0 and piece -1; its value is the offset (8) of the view journal at which a replay begins.
 */
record CheckpointKey(UUID queue, int piece) {
    static final CheckpointKey MARKER = new CheckpointKey(new UUID(0, 0), -1);
    private static final int BYTES = 20;

    static CheckpointKey read(ByteBuffer key) {
        if (key.remaining() != BYTES) {
            throw new IllegalArgumentException("a key of " + key.remaining() + " bytes in a log of checkpoints");
        }
        int at = key.position();
        return new CheckpointKey(new UUID(key.getLong(at), key.getLong(at + 8)), key.getInt(at + 16));
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(queue.getMostSignificantBits())
                .putLong(queue.getLeastSignificantBits())
                .putInt(piece)
                .array();
    }

    boolean isMarker() {
        return equals(MARKER);
    }
}

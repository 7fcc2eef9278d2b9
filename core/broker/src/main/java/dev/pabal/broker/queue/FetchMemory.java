package dev.pabal.broker.queue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The memory for records that were fetched before their time, of all queues together: pieces outside the heap, made when first needed, used
 * again for ever, and never more than the bound. Any thread may call.
 */
final class FetchMemory {
    static final int PIECE_BYTES = 128 << 10;

    private final int limitPieces;
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>(0);
    private int made;

    FetchMemory(int limitBytes) {
        this.limitPieces = limitBytes / PIECE_BYTES;
    }

    /** A piece, or null where all are in use. */
    synchronized @Nullable ByteBuffer acquire() {
        ByteBuffer piece = free.poll();
        if (piece == null && made < limitPieces) {
            made++;
            piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        }
        return piece;
    }

    synchronized void release(Collection<ByteBuffer> pieces) {
        free.addAll(pieces);
    }

    /** Bytes in use just now. */
    synchronized long usedBytes() {
        return (long) (made - free.size()) * PIECE_BYTES;
    }
}

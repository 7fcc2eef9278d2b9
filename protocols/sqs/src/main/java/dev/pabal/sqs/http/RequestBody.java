package dev.pabal.sqs.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;

/** The body of a request as it comes in: the first piece stays where it was received, more of them are gathered. For one thread. */
final class RequestBody {
    private ByteBuf gathered = Unpooled.EMPTY_BUFFER;
    private boolean own;

    /** Takes a piece over. */
    void add(ByteBuf piece) {
        if (!piece.isReadable()) {
            piece.release();
        } else if (!gathered.isReadable()) {
            gathered = piece;
        } else {
            if (!own) {
                ByteBuf first = gathered;
                gathered = PooledByteBufAllocator.DEFAULT.heapBuffer(first.readableBytes() * 2 + piece.readableBytes());
                own = true;
                gathered.writeBytes(first);
                first.release();
            }
            gathered.writeBytes(piece);
            piece.release();
        }
    }

    int length() {
        return gathered.readableBytes();
    }

    /** The array that the body lies in from {@link #arrayAt} on; good until the next call on this thread or {@link #clear}. */
    byte[] array() {
        if (gathered.hasArray()) {
            return gathered.array();
        }
        byte[] copy = Scratch.get().body(length());
        gathered.getBytes(gathered.readerIndex(), copy, 0, length());
        return copy;
    }

    int arrayAt() {
        return gathered.hasArray() ? gathered.arrayOffset() + gathered.readerIndex() : 0;
    }

    /** Gives the memory back. */
    void clear() {
        gathered.release();
        gathered = Unpooled.EMPTY_BUFFER;
        own = false;
    }
}

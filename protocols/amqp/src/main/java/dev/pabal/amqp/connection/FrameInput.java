package dev.pabal.amqp.connection;

import dev.pabal.amqp.codec.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * Cuts frames out of what is received. Whole frames are shown where they were received; only one that is cut off by the end of a read is
 * gathered. The memory held follows the bytes received, never a length field. For the connection's event loop.
 */
final class FrameInput {
    private static final int FIRST_PENDING_BYTES = 1 << 10;

    private final ByteBufAllocator allocator;
    private final Sink sink;
    private int maxFrameBytes;
    private ByteBuf pending;
    private boolean paused;
    /** Whether frames are being shown: that loop goes on itself when a frame's handler pauses and resumes. */
    private boolean showing;

    FrameInput(ByteBufAllocator allocator, Sink sink, int maxFrameBytes) {
        this.allocator = allocator;
        this.sink = sink;
        this.maxFrameBytes = maxFrameBytes;
        this.pending = Unpooled.EMPTY_BUFFER;
    }

    /** Sees frames. */
    interface Sink {
        /** A whole frame whose payload lies from {@code at} on; valid during the call only. */
        void frame(int type, int channel, ByteBuffer in, int at, int size);

        /** A frame that breaks the rules; nothing more will be shown. */
        void malformed(String why);
    }

    /** @param bytes largest frame with its header and end from now on */
    void limit(int bytes) {
        maxFrameBytes = bytes;
    }

    /** Shows no more until {@link #resume}; may be called while a frame is shown. */
    void pause() {
        paused = true;
    }

    boolean paused() {
        return paused;
    }

    /** Goes on with what has been received; while a frame is shown, when that has returned. */
    void resume() {
        paused = false;
        if (showing) {
            return;
        }
        if (pending.isReadable()) {
            process(pending);
            pending.discardReadBytes();
        }
        trimPending();
    }

    /** Takes bytes; they stay the caller's. */
    void received(ByteBuf bytes) {
        while (!paused && pending.isReadable() && bytes.isReadable()) {
            gather(bytes, missing());
            if (missing() == 0) {
                process(pending);
                pending.discardReadBytes();
            }
        }
        if (!paused && !pending.isReadable()) {
            process(bytes);
        }
        if (bytes.isReadable()) {
            gather(bytes, bytes.readableBytes());
        }
        trimPending();
    }

    /** Bytes that the first pending frame still lacks; of its header first. */
    private int missing() {
        int have = pending.readableBytes();
        if (have < Frames.HEADER_BYTES) {
            return Frames.HEADER_BYTES - have;
        }
        long size = pending.getUnsignedInt(pending.readerIndex() + 3) + Frames.OVERHEAD_BYTES;
        return size > maxFrameBytes ? 0 : Math.max(0, (int) size - have);
    }

    private void gather(ByteBuf bytes, int wanted) {
        int count = Math.min(wanted, bytes.readableBytes());
        if (pending.capacity() == 0) {
            pending = allocator.directBuffer(Math.max(FIRST_PENDING_BYTES, count));
        }
        pending.writeBytes(bytes, count);
    }

    private void trimPending() {
        if (pending.capacity() > 0 && !pending.isReadable()) {
            pending.release();
            pending = Unpooled.EMPTY_BUFFER;
        }
    }

    private void process(ByteBuf bytes) {
        showing = true;
        try {
            show(bytes);
        } finally {
            showing = false;
        }
    }

    private void show(ByteBuf bytes) {
        int readable = bytes.readableBytes();
        int base = bytes.readerIndex();
        ByteBuffer in = bytes.internalNioBuffer(base, readable);
        int at = in.position();
        int end = at + readable;
        while (!paused && end - at >= Frames.HEADER_BYTES) {
            int type = in.get(at);
            long size = in.getInt(at + 3) & 0xffffffffL;
            if (size + Frames.OVERHEAD_BYTES > maxFrameBytes) {
                malformed(
                        bytes,
                        "frame of type " + type + " and " + size + " bytes is larger than the agreed "
                                + (maxFrameBytes - Frames.OVERHEAD_BYTES));
                return;
            }
            int total = (int) size + Frames.OVERHEAD_BYTES;
            if (end - at < total) {
                break;
            }
            if ((in.get(at + total - 1) & 0xff) != Frames.END) {
                malformed(
                        bytes,
                        "frame of type " + type + " has an invalid end marker " + (in.get(at + total - 1) & 0xff));
                return;
            }
            bytes.skipBytes(total);
            sink.frame(type, in.getShort(at + 1) & 0xffff, in, at + Frames.HEADER_BYTES, (int) size);
            at += total;
        }
    }

    private void malformed(ByteBuf bytes, String why) {
        bytes.skipBytes(bytes.readableBytes());
        paused = true;
        sink.malformed(why);
    }

    /** Forgets what was received. */
    void close() {
        paused = true;
        pending.release();
        pending = Unpooled.EMPTY_BUFFER;
    }
}

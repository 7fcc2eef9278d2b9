package dev.pabal.amqp.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;

/**
 * What goes out: frames are gathered in one buffer and sent with one flush at the end of the loop's turn. For the connection's event loop.
 */
final class Outbox {
    private static final int SMALLEST_BYTES = 512;
    private static final int LARGEST_BYTES = 256 << 10;
    private static final long MAX_UNSENT_BYTES = 64L << 20;

    private final Channel channel;
    private final Runnable afterFlush;
    private final Runnable flush = this::flush;
    private ByteBuf out;
    private int lastBytes = SMALLEST_BYTES;
    private boolean scheduled;
    private boolean inRead;
    private boolean written;
    private boolean closed;
    private long sentFrames;
    private long handedBytes;
    private final LongConsumer sent;

    /**
     * @param afterFlush run after each flush
     * @param sent told how many bytes were handed to the socket
     */
    Outbox(Channel channel, Runnable afterFlush, LongConsumer sent) {
        this.channel = channel;
        this.sent = sent;
        this.afterFlush = afterFlush;
        this.out = Unpooled.EMPTY_BUFFER;
    }

    /** Where to write whole frames to; what is there is sent soon. */
    ByteBuf buffer() {
        if (out.capacity() == 0 || out.readableBytes() >= LARGEST_BYTES) {
            write();
            out = channel.alloc().directBuffer(Math.max(SMALLEST_BYTES, Math.min(LARGEST_BYTES, lastBytes)));
        }
        flushSoon();
        return out;
    }

    /** Flushes at the end of the read that is going on, or of the loop's turn. */
    void flushSoon() {
        if (!scheduled) {
            scheduled = true;
            if (!inRead) {
                try {
                    channel.eventLoop().execute(flush);
                } catch (RejectedExecutionException e) {
                    closed = true; // the loop ends only with the process
                }
            }
        }
    }

    /** A read begins: what it causes is flushed at {@link #readEnded}. */
    void readBegan() {
        inRead = true;
    }

    void readEnded() {
        inRead = false;
        if (scheduled) {
            flush();
        }
    }

    private void flush() {
        if (inRead) {
            return;
        }
        scheduled = false;
        flushNow();
    }

    /** Sends everything at once. */
    void flushNow() {
        write();
        if (written && !closed) {
            written = false;
            channel.flush();
        }
        afterFlush.run();
    }

    private void write() {
        if (out.capacity() == 0) {
            return;
        }
        ByteBuf full = out;
        out = Unpooled.EMPTY_BUFFER;
        lastBytes = (lastBytes + full.readableBytes()) / 2 + SMALLEST_BYTES;
        if (closed || !full.isReadable()) {
            full.release();
            return;
        }
        sentFrames++;
        handedBytes += full.readableBytes();
        sent.accept(full.readableBytes());
        channel.write(full, channel.voidPromise());
        written = true;
    }

    /** Grows whenever something was handed to the socket. */
    long mark() {
        return sentFrames;
    }

    /** Whether the socket keeps up. */
    boolean writable() {
        return channel.isWritable();
    }

    /** Whether so much waits for a client that reads slowly that its own requests have to wait, too. */
    boolean overfull() {
        return unsentBytes() > MAX_UNSENT_BYTES;
    }

    /** Bytes that wait for the socket. */
    long unsentBytes() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return out.readableBytes() + (waiting == null ? 0 : waiting.totalPendingWriteBytes());
    }

    /** Bytes that the socket has taken since the connection began; found by a look at all that waits. */
    long takenBytes() {
        long[] waitingBytes = new long[1];
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        if (waiting != null) {
            try {
                waiting.forEachFlushedMessage(message -> {
                    waitingBytes[0] += ((ByteBuf) message).readableBytes();
                    return true;
                });
            } catch (Exception e) {
                throw new IllegalStateException("bytes that wait could not be counted", e);
            }
        }
        return handedBytes - waitingBytes[0];
    }

    void close() {
        closed = true;
        write();
    }
}

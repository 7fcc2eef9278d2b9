package dev.pabal.amqp.reply;

import dev.pabal.amqp.channel.AmqpChannel;
import dev.pabal.amqp.channel.ForeignQueues;
import dev.pabal.log.BatchHeader;
import dev.pabal.message.AmqpRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that waits for replies. What it does not take from the socket fast enough is dropped, as replies to a client that has gone are:
 * a reply is kept by nobody.
 */
final class ReplyConsumer implements ForeignQueues.Address {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyConsumer.class);
    /** Bytes of replies that may wait for the client's event loop and socket. */
    private static final long MAX_WAITING_BYTES = 64L << 20;

    private final AmqpChannel channel;
    private final String address;
    private final byte[] tag;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AmqpRecord record = new AmqpRecord();
    private boolean closed;

    ReplyConsumer(AmqpChannel channel, String address, String tag) {
        this.channel = channel;
        this.address = address;
        this.tag = tag.getBytes(StandardCharsets.UTF_8);
    }

    String address() {
        return address;
    }

    /** Delivers no more. On the channel's event loop. */
    void close() {
        closed = true;
    }

    @Override
    public CompletableFuture<Void> accept(ByteBuffer batch, Runnable released) {
        int bytes = batch.remaining();
        if (waitingBytes.addAndGet(bytes) > MAX_WAITING_BYTES) {
            waitingBytes.addAndGet(-bytes);
            LOG.debug("a reply of {} bytes to {} is dropped: too many wait for it", bytes, channel.connectionName());
        } else {
            // The publisher's memory is its own again at once, whatever the other connection does.
            ByteBuffer copy = ByteBuffer.allocate(bytes).put(batch.duplicate()).flip();
            channel.execute(() -> deliver(copy));
        }
        released.run();
        return CompletableFuture.completedFuture(null);
    }

    private void deliver(ByteBuffer batch) {
        waitingBytes.addAndGet(-batch.limit());
        if (closed) {
            return;
        }
        if (channel.unsentBytes() > MAX_WAITING_BYTES) {
            LOG.debug("replies to {} are dropped: it does not read", channel.connectionName());
            return;
        }
        long timestampMs = BatchHeader.baseTimestamp(batch, 0);
        int at = BatchHeader.BYTES;
        while (at < batch.limit()) {
            record.wrap(batch, at, timestampMs);
            at += record.sizeInBytes();
            channel.deliver(tag, channel.nextDeliveryTag(null), false, record, null);
        }
    }
}

package dev.pabal.amqp.stream;

import dev.pabal.amqp.channel.AmqpChannel;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers a stream's messages in the order of their offsets, as far as the consumer's credit goes; an acknowledgement, whatever its kind,
 * gives credit for one more. The partitions of a topic with several are read in turn, each in its own order. On the connection's event loop.
 */
final class StreamConsumer implements AmqpChannel.ForeignConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(StreamConsumer.class);
    /** The header that says a delivery's offset. */
    private static final String OFFSET = "x-stream-offset";
    /** Bytes that may wait for the socket before deliveries pause. */
    private static final long MAX_UNSENT_BYTES = 256 << 10;
    /** How soon a paused consumer that waits for no acknowledgement looks again, in ms. */
    private static final long RETRY_MS = 5;
    /** Records looked at in one turn of the loop, wanted or not. */
    private static final int MAX_PER_TURN = 1000;

    private final AmqpChannel channel;
    private final String tag;
    private final byte[] tagBytes;
    private final StreamFilter filter;
    private final List<PartitionReader> readers = new ArrayList<>();
    private final AmqpRecord record = new AmqpRecord();
    private final AmqpProperties properties = new AmqpProperties();
    private final AtomicBoolean turnAsked = new AtomicBoolean();
    private final ScheduledExecutorService loop;
    private int credit;
    private int unsettled;
    private int turn;
    private boolean closed;

    /** @param loop any thread of the broker's that runs tasks later */
    StreamConsumer(AmqpChannel channel, String tag, int credit, StreamFilter filter, ScheduledExecutorService loop) {
        this.channel = channel;
        this.tag = tag;
        this.tagBytes = tag.getBytes(StandardCharsets.UTF_8);
        this.credit = credit;
        this.filter = filter;
        this.loop = loop;
    }

    PartitionReader.Listener listener() {
        return this::wake;
    }

    /** Begins to deliver. */
    void start(List<PartitionReader> all) {
        if (closed) {
            all.forEach(PartitionReader::close);
            return;
        }
        readers.addAll(all);
        wake();
    }

    /** Asks for a turn, behind what the loop does now: deliveries must not come in the midst of a settlement. Any thread. */
    private void wake() {
        if (turnAsked.compareAndSet(false, true)) {
            try {
                loop.execute(() -> channel.execute(this::turn));
            } catch (RejectedExecutionException e) {
                LOG.debug("the broker stops: consumer {} gets no more", tag);
            }
        }
    }

    private void turn() {
        turnAsked.set(false);
        if (closed) {
            return;
        }
        try {
            deliver();
        } catch (BrokerException e) {
            end(e);
        } catch (IllegalArgumentException e) {
            end(new BrokerException(Refusal.CORRUPT_LOG, "a record cannot be read: " + e.getMessage(), e));
        }
    }

    private void deliver() {
        int idle = 0;
        int looked = 0;
        while (credit > 0 && idle < readers.size()) {
            if (channel.unsentBytes() > MAX_UNSENT_BYTES) {
                pause();
                break;
            }
            if (looked++ >= MAX_PER_TURN) {
                wake();
                break;
            }
            PartitionReader reader = readers.get(turn);
            long offset = reader.next(record);
            if (offset < 0) {
                idle++;
                turn = (turn + 1) % readers.size();
            } else {
                idle = 0;
                deliver(offset);
            }
        }
        readers.forEach(PartitionReader::rest);
    }

    private void deliver(long offset) {
        record.properties(properties);
        if (!filter.isOff() && !filter.wants(properties)) {
            return;
        }
        ByteBuffer edited = properties.edited(Map.of(OFFSET, offset), Set.of());
        credit--;
        unsettled++;
        channel.deliver(tagBytes, channel.nextDeliveryTag(this::settled), false, record, edited);
    }

    /** Too much waits for the socket. The client's acknowledgements come when it has been sent; where none is due, time must tell. */
    private void pause() {
        if (unsettled == 0) {
            try {
                var retry = loop.schedule(this::wake, RETRY_MS, TimeUnit.MILLISECONDS);
                LOG.trace("consumer {} pauses for its socket: {}", tag, retry);
            } catch (RejectedExecutionException e) {
                LOG.debug("the broker stops: consumer {} gets no more", tag);
            }
        }
    }

    private void settled() {
        unsettled--;
        credit++;
        wake();
    }

    private void end(BrokerException why) {
        if (why.refusal() != Refusal.UNKNOWN_TOPIC) {
            LOG.warn("consumer {} of {} is cancelled: {}", tag, channel.connectionName(), why.getMessage());
        }
        cancel();
        channel.consumerGone(tag);
    }

    @Override
    public void cancel() {
        if (!closed) {
            closed = true;
            readers.forEach(PartitionReader::close);
        }
    }
}

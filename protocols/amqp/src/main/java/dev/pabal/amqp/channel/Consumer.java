package dev.pabal.amqp.channel;

import dev.pabal.amqp.codec.method.BasicCancel;
import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.QueueConsumer;
import dev.pabal.broker.queue.Settlement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's consumer of a queue. Called back on the queue's shard's thread, it goes on on the connection's event loop. */
public final class Consumer extends Origin implements QueueConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(Consumer.class);

    /** As good as no bound, for one that had a bound before. */
    private static final int LARGE_CREDIT = 1 << 30;

    /**
     * What was written before the queue's shard is told, which is a small part of its window: told of each message, the queue would have a turn
     * for each.
     */
    private static final int TOLD_AT_ONCE_BYTES = 16 << 10;

    private final ServerChannel channel;
    private final String tag;
    private final byte[] tagBytes;
    private final MessageQueue queue;
    private final boolean noAck;
    /**
     * Its client does not settle, but a limit that it shares holds its deliveries back: its queue counts them as in flight until they are
     * written, as what is not may go back.
     */
    private final boolean heldBack;
    /** Messages it may hold; {@link Integer#MAX_VALUE} = any number. */
    private int prefetch;

    /** The same as far as it goes for itself, whatever the channel's consumers share. */
    private final int own;
    /** What came before the client was told that it consumes. */
    private final List<Deliveries> early = new ArrayList<>(0);

    private MessageQueue.@Nullable Subscription subscription;
    private final long timeoutMs;
    private boolean started;
    private boolean ended;
    private long window;
    /** Written to the socket, and the queue's shard has not been told. */
    private long untold;

    private boolean sending;

    /** @param timeoutMs how long it may hold a message */
    Consumer(ServerChannel channel, String tag, MessageQueue queue, boolean noAck, int prefetch, long timeoutMs) {
        super(channel.link());
        this.channel = channel;
        this.tag = tag;
        this.tagBytes = tag.getBytes(StandardCharsets.UTF_8);
        this.queue = queue;
        this.noAck = noAck;
        this.heldBack = noAck && channel.consumers().sharedPrefetch() > 0;
        this.prefetch = prefetch;
        this.own = noAck ? Integer.MAX_VALUE : channel.consumers().own();
        this.timeoutMs = timeoutMs;
    }

    String tag() {
        return tag;
    }

    byte[] tagBytes() {
        return tagBytes;
    }

    boolean noAck() {
        return noAck;
    }

    /** Whether its queue is told when a delivery is settled: by the client, or by writing it. */
    boolean settles() {
        return !noAck || heldBack;
    }

    /** A delivery was written that the client does not settle. */
    void passed(long offset, int generation) {
        if (heldBack) {
            settle(Settlement.Outcome.ACK, offset, generation);
            handOver();
        }
    }

    @Override
    MessageQueue queue() {
        return queue;
    }

    @Override
    boolean consumes() {
        return true;
    }

    @Override
    void complete(Settlement settlement) {
        MessageQueue.Subscription now = subscription;
        if (now != null && !ended && prefetch != Integer.MAX_VALUE) {
            settlement.credit(now, settlement.size());
        }
    }

    /** The client has been told: deliveries may follow. */
    void start(MessageQueue.Subscription newSubscription) {
        subscription = newSubscription;
        started = true;
        early.forEach(this::write);
        early.clear();
    }

    /** The bound that the channel's consumers share has changed; what was handed out under a larger one stays. */
    void raise(SharedLimit shared) {
        int wanted = Math.min(shared.within(own), LARGE_CREDIT);
        MessageQueue.Subscription now = subscription;
        if (settles() && now != null && wanted > prefetch) {
            now.credit(wanted - prefetch);
            prefetch = wanted;
        }
    }

    MessageQueue.@Nullable Subscription subscription() {
        return subscription;
    }

    @Override
    public void deliver(Deliveries deliveries) {
        link().execute(() -> {
            if (started) {
                write(deliveries);
            } else {
                early.add(deliveries);
            }
        });
    }

    private void write(Deliveries deliveries) {
        try (deliveries) {
            if (!link().open() || ended || !channel.open()) {
                return;
            }
            channel.write(this, deliveries);
        } catch (RuntimeException e) {
            LOG.error(
                    "deliveries of {} to {} cannot be written; its connection is closed", queue.id(), link().name(), e);
            link().fail(new AmqpException(ReplyCode.INTERNAL_ERROR, "a delivery cannot be written"), 0, 0);
        }
    }

    /** {@code bytes} of its window are on their way to the socket. */
    void written(long bytes) {
        window += bytes;
        if (!sending && window > 0) {
            sending = true;
            link().sending(this);
        }
    }

    /** Bytes of its window that are on their way to the socket. */
    long unsentBytes() {
        return window;
    }

    /** Whether it takes nothing any more. */
    boolean gone() {
        return ended;
    }

    /** The socket keeps up: more may follow. */
    public void sent() {
        untold += window;
        window = 0;
        sending = false;
        MessageQueue.Subscription now = subscription;
        if (now != null && untold >= TOLD_AT_ONCE_BYTES && !ended) {
            now.written(untold);
            untold = 0;
        }
    }

    @Override
    public void cancelled(Reason reason) {
        link().execute(() -> {
            if (!ended && link().open() && channel.open()) {
                end(reason);
            }
        });
    }

    private void end(Reason reason) {
        boolean notify = link().clientCan("consumer_cancel_notify");
        if (reason == Reason.TIMED_OUT && !notify) {
            channel.fail(new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "delivery acknowledgement on channel " + channel.number() + " timed out. Timeout value used: "
                            + timeoutMs
                            + " ms. This timeout value can be configured, see consumers doc guide to learn more"));
            return;
        }
        ended = true;
        channel.consumers().remove(tag);
        if (reason == Reason.TIMED_OUT) {
            channel.unsettled().forget(this);
        }
        if (notify) {
            BasicCancel.write(link().out(), channel.number(), tag, true);
        }
        if (subscription != null) {
            subscription.close();
        }
    }

    /** It delivers no more; what it holds can be settled. */
    void stop() {
        ended = true;
    }

    /** The channel ends: what it holds goes back. */
    void close() {
        handOver();
        ended = true;
        early.forEach(Deliveries::close);
        early.clear();
        if (subscription != null) {
            subscription.close();
        }
    }
}

package dev.pabal.amqp.channel;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What clients consume from and publish to although no {@code MessageQueue} is there: streams, and the pseudo queue of direct replies. One
 * object for all connections.
 */
public interface ForeignQueues {
    /** What a client puts into queue names and {@code reply-to} for direct replies; addresses begin with it and a dot. */
    String REPLIES = "amq.rabbitmq.reply-to";

    /** Whether {@code basic.consume} from that queue is to be handed to {@link #consume}. On the channel's event loop. */
    boolean consumes(AmqpChannel channel, String queue);

    /**
     * Begins to consume and answers {@code consume-ok}. The caller has resolved an empty queue name and refused a tag that is taken. On the
     * channel's event loop, as in a handler.
     */
    void consume(AmqpChannel channel, Consume request);

    /** Whether a routing key of the default exchange is an address of a direct reply, whoever waits there. Any thread. */
    static boolean isReplyAddress(String routingKey) {
        return routingKey.startsWith(REPLIES) && routingKey.startsWith(".", REPLIES.length());
    }

    /** Who waits for replies at that address, null where nobody does (any more). Any thread. */
    @Nullable
    Address replyAddress(String routingKey);

    /**
     * What stands in a message's {@code reply-to} for {@link #REPLIES} when this channel publishes it.
     *
     * @throws AmqpException 406 where the channel does not consume direct replies
     */
    String replyTo(AmqpChannel channel);

    /**
     * {@code basic.consume} as received.
     *
     * @param tag empty = the server chooses one
     */
    record Consume(
            String queue,
            String tag,
            boolean noAck,
            boolean exclusive,
            boolean nowait,
            Map<String, Object> arguments) {}

    /** Takes messages as queues do. Any thread. */
    interface Address {
        /**
         * Takes one sealed batch of messages, as {@code dev.pabal.message.AmqpBatch} makes them. Never waits; drops what cannot be held.
         *
         * @param released run exactly once, when the memory is the caller's again
         */
        CompletableFuture<Void> accept(ByteBuffer batch, Runnable released);
    }
}

package dev.pabal.amqp.channel;

import dev.pabal.broker.Broker;
import dev.pabal.broker.topology.AccessControl.Action;
import dev.pabal.catalog.User;
import dev.pabal.message.AmqpRecord;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An open channel as handlers see it. Everything happens on the connection's event loop. Methods are carried out strictly one after another:
 * one that waits holds back all that the connection sent after it.
 */
public interface AmqpChannel {
    int number();

    Broker broker();

    /** Identity of the connection: the owner of its exclusive queues. */
    UUID connectionId();

    /** For people: addresses and ports of both ends. */
    String connectionName();

    String vhost();

    User user();

    /** Whether the client announced the capability ({@code consumer_cancel_notify}, ...). */
    boolean clientCan(String capability);

    /** Where answers go: {@code QueueDeclareOk.write(channel.out(), channel.number(), ...)}. Sent at the end of the loop's turn. */
    ByteBuf out();

    /**
     * Waits, without holding the thread, and then goes on here; what the future fails with ends the channel or connection, and so does waiting
     * for more than two minutes.
     *
     * @param then called on the event loop; not called any more where the connection has ended. May wait again
     */
    <T> void await(CompletableFuture<T> future, Consumer<T> then);

    /**
     * Goes on when all that this connection published before is durable and its settlements are handed over, so that it sees its own writes:
     * at once where nothing is under way. For methods that look at a queue's content.
     */
    void afterEarlier(Runnable then);

    /** @throws AmqpException 403, in RabbitMQ's words, where the user may not */
    void require(Action action, Resource kind, String name);

    /** @throws AmqpException 403 where the user may not use the routing key on a topic exchange */
    void requireRouting(Action action, String exchange, String routingKey);

    /**
     * The queue's name as the method means it: an empty one is the last queue declared on this channel.
     *
     * @throws AmqpException 404 where none was
     */
    String queueName(String name);

    /** Remembers the queue declared last. */
    void lastQueue(String name);

    /** What another package keeps with this channel; made when first asked for. */
    <T> T attachment(Class<T> type, Supplier<T> make);

    /** Runs the task on the connection's event loop. Any thread. */
    void execute(Runnable task);

    /** Ends the channel or the connection, outside of a handler's call: for what goes wrong later. On the event loop only. */
    void fail(AmqpException failure);

    /** The next delivery tag, for deliveries that are not of queues; {@code settled} is called with the settlement's kind when it comes. */
    long nextDeliveryTag(@Nullable ForeignDelivery delivery);

    /**
     * Writes {@code basic.deliver} with a stored message.
     *
     * @param tag of {@link #nextDeliveryTag}
     * @param record what it lies in is needed during the call only
     * @param properties raw properties to be sent in place of the record's own, from position to limit; null = its own
     */
    void deliver(byte[] consumerTag, long tag, boolean redelivered, AmqpRecord record, @Nullable ByteBuffer properties);

    /** Registers a consumer that is not a queue's (streams, direct replies), so that its tag is taken and {@code basic.cancel} finds it. */
    void addConsumer(String tag, ForeignConsumer consumer);

    /** The consumer is no more, without the client's having asked for it: {@code basic.cancel} is sent to clients that know it. */
    void consumerGone(String tag);

    /** A tag that no consumer of this channel has ({@code amq.ctag-...}). */
    String newConsumerTag();

    /** The prefetch that new consumers get, 0 = any number. */
    int prefetch();

    /** The bound that all consumers of the channel share, as {@code basic.qos} with {@code global} set it; 0 = none. */
    int sharedPrefetch();

    /** Bytes that wait for the socket: who delivers should pause while there are many. */
    long unsentBytes();

    /** What a name stands for, in texts. */
    enum Resource {
        EXCHANGE,
        QUEUE;

        /** The word in RabbitMQ's texts. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A delivery that no {@code MessageQueue} made. */
    interface ForeignDelivery {
        /** The client has settled it, in whatever way. */
        void settled();
    }

    /** A consumer that no {@code MessageQueue} serves. */
    interface ForeignConsumer {
        /** {@code basic.cancel}, or the channel ends. */
        void cancel();
    }
}

package dev.pabal.amqp.channel;

import dev.pabal.amqp.AmqpLimits;
import dev.pabal.broker.Broker;
import dev.pabal.catalog.User;
import io.netty.buffer.ByteBuf;
import java.util.UUID;

/** The connection as its channels see it. On its event loop but where said otherwise. */
public interface Link {
    Broker broker();

    AmqpLimits limits();

    /** What it shares with the other connections. Any thread. */
    SharedMemory memory();

    /** Identity: owner of exclusive queues. Any thread. */
    UUID id();

    /** For people: addresses and ports of both ends. Any thread. */
    String name();

    String vhost();

    User user();

    /** Whether messages are copied to the virtual host's trace exchange. */
    boolean traced();

    /** Whether the client announced the capability. */
    boolean clientCan(String capability);

    /** Largest frame agreed, in bytes; {@link Integer#MAX_VALUE} where the client set no bound. */
    int frameMax();

    /** Where whole frames are written to; sent at the end of the loop's turn. */
    ByteBuf out();

    /** Bytes that wait for the socket. */
    long unsentBytes();

    /** Shows no more frames until {@link #resume}, which is called as often. */
    void suspend();

    void resume();

    /** Runs on the event loop: at once where this is it. Any thread. Not run any more where the connection has ended. */
    void execute(Runnable task);

    /** Runs on the event loop, after all that others have handed to it until now. Any thread. Not run any more where the loop has ended. */
    void post(Runnable task);

    boolean open();

    /** The consumer has {@code bytes} on their way to the socket: told back by {@link Consumer#sent} when it keeps up. */
    void sending(Consumer consumer);

    /** At the end of what is being read: hand over the origin's settlements. */
    void settling(Origin origin);

    /** Hands over all settlements now. */
    void handOverSettlements();

    /** All publishes of the connection. */
    Publishes publishes();

    /** The channel is no more. */
    void channelClosed(ServerChannel channel);

    /** Ends the connection. */
    void fail(AmqpException failure, int classId, int methodId);

    /** The store has just had no room for what was published, which is held now: it is told when there is room again. */
    void storeRefused();

    /** The client has published: from now on it is told when the store refuses writes. */
    void publishing();
}

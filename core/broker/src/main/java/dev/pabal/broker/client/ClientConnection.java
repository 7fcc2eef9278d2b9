package dev.pabal.broker.client;

import java.util.List;

/** A connection of a client, as a protocol shows it. Any thread; figures may be a moment old. */
public interface ClientConnection {
    /** Unique among those that are open: {@code "127.0.0.1:40000 -> 127.0.0.1:5672"}. */
    String name();

    ConnectionInfo info();

    /** Its open channels, in the order of their numbers; empty for protocols that have none. */
    List<ChannelInfo> channels();

    /** Closes it as the protocol closes a connection on an operator's word. */
    void close(String reason);
}

package dev.pabal.amqp.connection;

import dev.pabal.amqp.channel.ServerChannel;
import dev.pabal.broker.client.ChannelInfo;
import dev.pabal.broker.client.ConnectionInfo;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** An open connection as people and tools see it. Any thread; its figures are written by the connection's event loop alone. */
final class ShownConnection implements dev.pabal.broker.client.ClientConnection {
    private final ClientConnection connection;
    private final Channel channel;
    private final Handshake handshake;
    private final Map<Integer, ServerChannel> channels;
    private final long connectedAtMs;
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();

    /** @param channels changed by the event loop while others read */
    ShownConnection(
            ClientConnection connection,
            Channel channel,
            Handshake handshake,
            Map<Integer, ServerChannel> channels,
            long connectedAtMs) {
        this.connection = connection;
        this.channel = channel;
        this.handshake = handshake;
        this.channels = channels;
        this.connectedAtMs = connectedAtMs;
    }

    /** On the event loop. */
    void received(long bytes) {
        receivedBytes.lazySet(receivedBytes.get() + bytes);
    }

    /** On the event loop. */
    void sent(long bytes) {
        sentBytes.lazySet(sentBytes.get() + bytes);
    }

    @Override
    public String name() {
        return connection.name();
    }

    @Override
    public ConnectionInfo info() {
        return new ConnectionInfo(
                "AMQP 0-9-1",
                handshake.user().name(),
                handshake.vhost(),
                host(channel.localAddress()),
                port(channel.localAddress()),
                host(channel.remoteAddress()),
                port(channel.remoteAddress()),
                connectedAtMs,
                handshake.channelMax(),
                handshake.frameMax(),
                handshake.heartbeatSeconds(),
                handshake.clientProperties(),
                receivedBytes.get(),
                sentBytes.get(),
                connection.heldBack());
    }

    private static String host(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "";
    }

    private static int port(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    @Override
    public List<ChannelInfo> channels() {
        return channels.values().stream()
                .map(ServerChannel::info)
                .sorted(Comparator.comparingInt(ChannelInfo::number))
                .toList();
    }

    @Override
    public void close(String reason) {
        connection.closeForced(reason);
    }
}

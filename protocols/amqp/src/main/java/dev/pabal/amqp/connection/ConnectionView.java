package dev.pabal.amqp.connection;

import dev.pabal.amqp.channel.ServerChannel;
import dev.pabal.broker.client.ChannelInfo;
import dev.pabal.broker.client.ClientConnection;
import dev.pabal.broker.client.ConnectionInfo;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A connection as tools see it. Figures of channels are read beside the event loop, which alone changes them: each is a plain number and may be
 * a moment old.
 */
final class ConnectionView implements ClientConnection {
    private static final String PROTOCOL = "AMQP 0-9-1";

    private final dev.pabal.amqp.connection.ClientConnection connection;
    private final Channel socket;
    private final Handshake handshake;
    private final Map<Integer, ServerChannel> channels;
    private final String name;
    private final long connectedAtMs;

    ConnectionView(
            dev.pabal.amqp.connection.ClientConnection connection,
            Channel socket,
            Handshake handshake,
            Map<Integer, ServerChannel> channels) {
        this.connection = connection;
        this.socket = socket;
        this.handshake = handshake;
        this.channels = channels;
        this.name = connection.name();
        this.connectedAtMs = connection.broker().clock().wallMs();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ConnectionInfo info() {
        return new ConnectionInfo(
                PROTOCOL,
                handshake.user().name(),
                handshake.vhost(),
                host(socket.localAddress()),
                port(socket.localAddress()),
                host(socket.remoteAddress()),
                port(socket.remoteAddress()),
                connectedAtMs,
                handshake.channelMax(),
                handshake.frameMax(),
                handshake.heartbeatSeconds(),
                handshake.clientProperties(),
                connection.toldBlocked());
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
        connection.forceClose(reason);
    }

    private static String host(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "";
    }

    private static int port(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }
}

package dev.pabal.amqp.connection;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What people call a connection: both ends' addresses, as RabbitMQ's management API has them. */
final class ConnectionName {
    private ConnectionName() {}

    static String of(Channel channel) {
        return text(channel.remoteAddress()) + " -> " + text(channel.localAddress());
    }

    private static String text(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress a && a.getAddress() != null
                ? a.getAddress().getHostAddress() + ":" + a.getPort()
                : String.valueOf(address);
    }
}

package dev.pabal.server.http;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/** Who is at the other end. */
final class Peers {
    private Peers() {}

    static boolean isLoopback(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer
                && peer.getAddress() != null
                && peer.getAddress().isLoopbackAddress();
    }
}

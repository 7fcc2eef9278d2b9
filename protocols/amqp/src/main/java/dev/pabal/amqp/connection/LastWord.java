package dev.pabal.amqp.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/** Ends sockets so that what was written last arrives. On the socket's event loop. */
final class LastWord {
    private LastWord() {}

    /**
     * Sends what was written and says no more, then reads on until the client closes as well, or {@code timeoutMs} at most: a socket that is
     * closed with bytes left unread is reset, and the reset overtakes the last word.
     */
    static void closeBehind(Channel channel, int timeoutMs) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (!flushed.isSuccess() || !(channel instanceof DuplexChannel duplex)) {
                channel.close();
                return;
            }
            duplex.shutdownOutput();
            channel.config().setAutoRead(true);
            channel.eventLoop().schedule(() -> channel.close(), timeoutMs, TimeUnit.MILLISECONDS);
        });
    }
}

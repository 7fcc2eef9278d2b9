package dev.pabal.amqp.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Ends sockets so that what was written last arrives. On the socket's event loop. */
final class LastWord {
    private LastWord() {}

    /**
     * Sends what was written and says no more, then reads on until the client closes as well: a socket that is closed with bytes left unread
     * is reset, and the reset overtakes the last word.
     *
     * @param takeTimeoutMs how long the client may take to read what was written
     * @param closeTimeoutMs how long it may take to close after that
     */
    static void closeBehind(Channel channel, int takeTimeoutMs, int closeTimeoutMs) {
        closeIn(channel, takeTimeoutMs);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (!flushed.isSuccess() || !(channel instanceof DuplexChannel duplex)) {
                channel.close();
                return;
            }
            duplex.shutdownOutput();
            channel.config().setAutoRead(true);
            closeIn(channel, closeTimeoutMs);
        });
    }

    /** Where it is closed before, nothing of it is kept until then. */
    private static void closeIn(Channel channel, int timeoutMs) {
        Future<?> end = channel.eventLoop().schedule(() -> channel.close(), timeoutMs, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> end.cancel(false));
    }
}

package dev.pabal.amqp.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the connection of a client that takes nothing: it holds messages that others could have, and heartbeats do not tell, for it may well go
 * on sending them. As RabbitMQ, after half a minute in which not a byte went into its full socket. On the connection's event loop.
 */
final class SendTimeout {
    private static final Logger LOG = LoggerFactory.getLogger(SendTimeout.class);
    private static final int LOOK_MS = 5_000;
    private static final int LOOKS = 6;

    private final Channel channel;
    private final Outbox outbox;
    private final BooleanSupplier heldBack;
    private boolean watching;
    private long takenBytes;
    /** Looks in a row that found nothing taken since the one before. */
    private int idleLooks;

    /** @param heldBack whether the client's publishes wait for the store: it may be busy writing them, and read when they are taken */
    SendTimeout(Channel channel, Outbox outbox, BooleanSupplier heldBack) {
        this.channel = channel;
        this.outbox = outbox;
        this.heldBack = heldBack;
    }

    /** To be called whenever something was handed to the socket: watches it while it takes no more. */
    void handedOver() {
        if (!watching && !outbox.writable()) {
            watching = true;
            idleLooks = 0;
            takenBytes = outbox.takenBytes();
            lookSoon();
        }
    }

    private void lookSoon() {
        channel.eventLoop().schedule(this::look, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (!channel.isActive() || outbox.writable()) {
            watching = false;
            return;
        }
        long taken = outbox.takenBytes();
        idleLooks = taken == takenBytes && !heldBack.getAsBoolean() ? idleLooks + 1 : 0;
        takenBytes = taken;
        if (idleLooks < LOOKS) {
            lookSoon();
            return;
        }
        LOG.warn(
                "connection {} is closed: its client has read nothing for {} s while {} bytes wait for it; see what keeps its consumers, or let"
                        + " them acknowledge and give them a prefetch limit",
                ConnectionName.of(channel),
                LOOKS * LOOK_MS / 1000,
                outbox.unsentBytes());
        // What waits will never be read: a reset tells the client at once, where a close would have to wait behind it.
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }
}

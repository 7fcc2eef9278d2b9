package dev.pabal.amqp.connection;

import dev.pabal.amqp.channel.Publishes;
import dev.pabal.amqp.codec.method.ConnectionBlocked;
import dev.pabal.amqp.codec.method.ConnectionUnblocked;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Whether a connection's publishes are held because the store refuses writes, and what its client was told of it. A connection that has not
 * published is not concerned. On the event loop but where said otherwise.
 */
final class Blocking {
    /** How soon publishes are tried again that found the disk full when it was not any more. */
    private static final int RETRY_MS = 100;

    private final ClientConnection connection;
    private final Wiring wiring;
    private final Publishes publishes;
    private final EventLoop loop;
    private volatile boolean publisher;
    private boolean told;

    Blocking(ClientConnection connection, Wiring wiring, Publishes publishes, EventLoop loop) {
        this.connection = connection;
        this.wiring = wiring;
        this.publishes = publishes;
        this.loop = loop;
    }

    /** The client publishes. */
    void publishing() {
        if (!publisher) {
            publisher = true;
            storeWritable(wiring.connections().storeWritable());
        }
    }

    /** Whether its publishes wait for the store. Any thread. */
    boolean heldBack() {
        return publisher && !wiring.connections().storeWritable();
    }

    /** The store had no room for a batch, which is held now. */
    void storeRefused() {
        if (!wiring.connections().refused(wiring.broker().store())) {
            // There is room again by now: what was refused goes once more.
            loop.schedule(this::tryAgain, RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void tryAgain() {
        if (wiring.connections().storeWritable()) {
            storeWritable(true);
        }
    }

    /** The store takes no more, or takes again. */
    void storeWritable(boolean writable) {
        boolean changed = connection.open() && publisher && publishes.storeWritable(writable);
        if (!changed || !connection.open() || told != writable || !connection.clientCan("connection.blocked")) {
            return;
        }
        told = !writable;
        if (writable) {
            ConnectionUnblocked.write(connection.out(), 0);
        } else {
            ConnectionBlocked.write(connection.out(), 0, "low on disk");
        }
    }
}

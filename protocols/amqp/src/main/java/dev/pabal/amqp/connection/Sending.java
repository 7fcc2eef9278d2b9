package dev.pabal.amqp.connection;

import dev.pabal.amqp.channel.Consumer;
import dev.pabal.amqp.channel.Link;
import java.util.ArrayList;
import java.util.List;

/** Who waits for the socket: consumers for their next messages, and a client that takes no answers for its own next request. On the event loop. */
final class Sending {
    private final Outbox outbox;
    private final Link link;
    private final SendTimeout timeout;
    private final List<Consumer> waiting = new ArrayList<>();
    /** The client takes so little that nothing more is read from it. */
    private boolean stalled;

    Sending(Outbox outbox, Link link, SendTimeout timeout) {
        this.outbox = outbox;
        this.link = link;
        this.timeout = timeout;
    }

    void add(Consumer consumer) {
        waiting.add(consumer);
        outbox.flushSoon();
    }

    /** The socket took something: consumers may have more. */
    void sent() {
        timeout.handedOver();
        if (!stalled && outbox.overfull()) {
            stalled = true;
            link.suspend();
        } else if (stalled && outbox.writable()) {
            stalled = false;
            link.resume();
        }
        if (waiting.isEmpty() || !outbox.writable()) {
            return;
        }
        List<Consumer> served = List.copyOf(waiting);
        waiting.clear();
        served.forEach(Consumer::sent);
    }
}

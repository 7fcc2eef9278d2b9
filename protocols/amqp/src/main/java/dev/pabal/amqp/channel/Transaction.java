package dev.pabal.amqp.channel;

import dev.pabal.broker.queue.Settlement.Outcome;
import dev.pabal.message.AmqpProperties;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a channel in a transaction has published and settled since the last commit or rollback. On the event loop. */
final class Transaction {
    private final Link link;
    private final List<Message> messages = new ArrayList<>();
    private final List<Settled> settled = new ArrayList<>();

    Transaction(Link link) {
        this.link = link;
    }

    private record Settled(long tag, Outcome outcome) {}

    /** A published message, copied: it is routed when the transaction is committed. */
    private record Message(
            Route route,
            String[] moreKeys,
            ByteBuffer properties,
            ByteBuffer body,
            boolean mandatory,
            long expirationMs) {}

    void publish(
            Route route,
            String[] moreKeys,
            ByteBuffer raw,
            int rawLength,
            ByteBuffer body,
            int bodyAt,
            int bodyLength,
            boolean mandatory,
            long expirationMs) {
        ByteBuffer properties = ByteBuffer.allocate(rawLength).put(0, raw, 0, rawLength);
        ByteBuffer content = ByteBuffer.allocate(bodyLength).put(0, body, bodyAt, bodyLength);
        messages.add(new Message(route, moreKeys, properties, content, mandatory, expirationMs));
    }

    /** Settles one delivery when the transaction is committed; until then nothing else finds it. */
    void settle(Unsettled unsettled, long tag, Outcome outcome) {
        unsettled.hold(tag);
        settled.add(new Settled(tag, outcome));
    }

    /** Publishes everything; all messages of a queue go into it as one. */
    void publish(Router router) {
        Publishes publishes = link.publishes();
        publishes.flush();
        publishes.gather(true);
        AmqpProperties properties = new AmqpProperties();
        try {
            for (Message m : messages) {
                properties.wrap(m.properties, 0, m.properties.limit());
                router.publish(
                        m.route,
                        m.moreKeys,
                        properties,
                        m.properties.limit(),
                        m.body,
                        0,
                        m.body.limit(),
                        m.mandatory,
                        m.expirationMs,
                        Router.IN_TRANSACTION);
            }
        } finally {
            publishes.gather(false);
            messages.clear();
        }
    }

    /** Settles everything that is still held: a consumer that was cancelled meanwhile has given its messages back. */
    void settle(Unsettled unsettled) {
        for (Settled one : settled) {
            unsettled.letGo(one.tag);
            if (unsettled.contains(one.tag)) {
                unsettled.settle(one.tag, one.outcome);
            }
        }
        settled.clear();
    }

    void rollback(Unsettled unsettled) {
        messages.clear();
        settled.forEach(one -> unsettled.letGo(one.tag));
        settled.clear();
    }
}

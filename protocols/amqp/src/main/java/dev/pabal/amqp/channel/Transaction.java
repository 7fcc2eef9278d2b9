package dev.pabal.amqp.channel;

import dev.pabal.broker.queue.Settlement.Outcome;
import dev.pabal.message.AmqpProperties;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a channel in a transaction has published and settled since the last commit or rollback: at most {@value #MAX_BYTES} bytes for one, and
 * what {@link SharedMemory#transactionBytes} says for all that are open. On the event loop.
 */
final class Transaction {
    private static final long MAX_BYTES = 32L << 20;
    /** About what the objects of a message take beside its bytes. */
    private static final int MESSAGE_OVERHEAD_BYTES = 256;

    private static final int SETTLED_BYTES = 32;

    private final Link link;
    private final List<Message> messages = new ArrayList<>();
    private final List<Settled> settled = new ArrayList<>();
    private long messageBytes;
    private long settledBytes;

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

    /** @throws AmqpException 406 where that is more than a transaction may hold */
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
        int size = rawLength + bodyLength + MESSAGE_OVERHEAD_BYTES;
        grow(size);
        messageBytes += size;
        ByteBuffer properties = HeldMessage.copy(raw, 0, rawLength);
        ByteBuffer content = HeldMessage.copy(body, bodyAt, bodyLength);
        messages.add(new Message(route, moreKeys, properties, content, mandatory, expirationMs));
    }

    private void grow(int size) {
        if (messageBytes + settledBytes + size > MAX_BYTES) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "the transaction holds more than " + MAX_BYTES + " bytes: commit more often");
        }
        Budget all = link.memory().transactionBytes();
        if (!all.take(size)) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "all open transactions together hold more than " + all.total() + " bytes: commit more often");
        }
    }

    private void forgetMessages() {
        messages.clear();
        link.memory().transactionBytes().giveBack(messageBytes);
        messageBytes = 0;
    }

    private void forgetSettled() {
        settled.clear();
        link.memory().transactionBytes().giveBack(settledBytes);
        settledBytes = 0;
    }

    /**
     * Settles one delivery when the transaction is committed; until then nothing else finds it.
     *
     * @throws AmqpException 406 where that is more than a transaction may hold
     */
    void settle(Unsettled unsettled, long tag, Outcome outcome) {
        grow(SETTLED_BYTES);
        settledBytes += SETTLED_BYTES;
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
            forgetMessages();
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
        forgetSettled();
    }

    void rollback(Unsettled unsettled) {
        forgetMessages();
        settled.forEach(one -> unsettled.letGo(one.tag));
        forgetSettled();
    }
}

package dev.pabal.amqp.channel;

import dev.pabal.message.AmqpProperties;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a connection publishes while the store refuses writes: kept in its order until the store takes writes again, so that
 * {@code connection.blocked} stops publishes only. Bounded by {@link dev.pabal.amqp.AmqpLimits#maxUnstoredBytes()} for a connection and by
 * {@value #MAX_TOTAL_BYTES} bytes for all; beyond either the socket is not read. On the connection's event loop.
 */
final class Held {
    private static final Logger LOG = LoggerFactory.getLogger(Held.class);
    private static final long MAX_TOTAL_BYTES = 64L << 20;
    private static final int OVERHEAD_BYTES = 256;
    private static final AtomicLong TOTAL_BYTES = new AtomicLong();

    private final Link link;
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private final List<CompletableFuture<Boolean>> waiting = new ArrayList<>(0);
    private boolean holding;
    private boolean suspended;
    private long bytes;

    Held(Link link) {
        this.link = link;
    }

    /** A published message, copied; {@code number} as in {@link Router#publish}. */
    private record Message(
            ServerChannel channel,
            Route route,
            String[] moreKeys,
            ByteBuffer properties,
            ByteBuffer body,
            boolean mandatory,
            long expirationMs,
            long number) {
        int sizeInBytes() {
            return properties.limit() + body.limit() + OVERHEAD_BYTES;
        }
    }

    /** Whether messages are to be held. */
    boolean holding() {
        return holding;
    }

    /** Holds from now on what is published. */
    void hold() {
        holding = true;
    }

    void add(
            ServerChannel channel,
            Route route,
            String[] moreKeys,
            ByteBuffer raw,
            int rawLength,
            ByteBuffer body,
            int bodyAt,
            int bodyLength,
            boolean mandatory,
            long expirationMs,
            long number) {
        ByteBuffer properties = ByteBuffer.allocate(rawLength).put(0, raw, 0, rawLength);
        ByteBuffer content = ByteBuffer.allocate(bodyLength).put(0, body, bodyAt, bodyLength);
        Message message = new Message(channel, route, moreKeys, properties, content, mandatory, expirationMs, number);
        messages.add(message);
        bytes += message.sizeInBytes();
        long total = TOTAL_BYTES.addAndGet(message.sizeInBytes());
        if (!suspended && (bytes > link.limits().maxUnstoredBytes() || total > MAX_TOTAL_BYTES)) {
            suspended = true;
            link.suspend();
        }
    }

    /** Publishes everything in its order; from now on nothing is held, unless the store refuses again. */
    void release() {
        holding = false;
        AmqpProperties properties = new AmqpProperties();
        Set<ServerChannel> failed = Collections.newSetFromMap(new IdentityHashMap<>());
        // The store may refuse again on the way: what is left then goes on waiting.
        while (!holding && !messages.isEmpty()) {
            Message m = messages.poll();
            bytes -= m.sizeInBytes();
            TOTAL_BYTES.addAndGet(-m.sizeInBytes());
            if (!failed.contains(m.channel) && !publish(m, properties)) {
                failed.add(m.channel);
            }
        }
        link.publishes().flush();
        if (messages.isEmpty()) {
            ended();
        }
    }

    /** False where the message's channel fails by it: what follows on that channel is ignored, as the protocol says. */
    private static boolean publish(Message m, AmqpProperties properties) {
        try {
            properties.wrap(m.properties, 0, m.properties.limit());
            m.channel
                    .publisher()
                    .router()
                    .publish(
                            m.route,
                            m.moreKeys,
                            properties,
                            m.properties.limit(),
                            m.body,
                            0,
                            m.body.limit(),
                            m.mandatory && m.channel.open(),
                            m.expirationMs,
                            m.number);
            return true;
        } catch (RuntimeException e) {
            m.channel.fail(Failures.of(e));
            return false;
        }
    }

    /** The connection has ended: what it held is gone with it, as what lies in a blocked socket would be. */
    void drop() {
        if (!messages.isEmpty()) {
            LOG.warn(
                    "connection {} ended while the store refused writes: {} messages that it had published and that were not confirmed are gone",
                    link.name(),
                    messages.size());
        }
        TOTAL_BYTES.addAndGet(-bytes);
        bytes = 0;
        messages.clear();
        holding = false;
        ended();
    }

    private void ended() {
        List<CompletableFuture<Boolean>> due = List.copyOf(waiting);
        waiting.clear();
        due.forEach(one -> one.complete(true));
        if (suspended) {
            suspended = false;
            link.resume();
        }
    }

    /** Completes when nothing of the channel is held any more. */
    CompletableFuture<Boolean> gone(ServerChannel channel) {
        return messages.stream().anyMatch(m -> m.channel == channel) ? gone() : CompletableFuture.completedFuture(true);
    }

    /** Completes when nothing is held any more. */
    CompletableFuture<Boolean> gone() {
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        if (messages.isEmpty()) {
            gone.complete(true);
        } else {
            waiting.add(gone);
        }
        return gone;
    }
}

package dev.pabal.broker.queue;

import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpProperties.Property;
import dev.pabal.queue.IndexEntry;
import org.jspecify.annotations.Nullable;

/**
 * What is out of the ordinary about an AMQP message, by its properties and what holds for its queue: one rule for publishing, for dead letters
 * and for what is found in a log at the start.
 */
public final class RecordIndex {
    private RecordIndex() {}

    /**
     * The entry of a message, null for an ordinary one.
     *
     * @param offset its offset, in its batch or in the log
     * @param settings what holds for the queue
     * @param nowMs wall time of its arrival
     * @param delayMs how long it is held back, 0 for not at all
     * @throws dev.pabal.message.FieldTableException where the expiration is no number
     */
    public static @Nullable IndexEntry of(
            long offset, AmqpProperties properties, QueueSettings settings, long nowMs, long delayMs) {
        int priority = settings.level(properties.octet(Property.PRIORITY, 0));
        long expirationMs = properties.expirationMs();
        if (priority == 0 && expirationMs < 0 && delayMs <= 0) {
            return null;
        }
        long dueAtMs = delayMs <= 0 ? 0 : nowMs + Math.min(delayMs, Long.MAX_VALUE / 4);
        long expiresAtMs = expirationMs < 0 ? Long.MAX_VALUE : Math.max(nowMs, dueAtMs) + expirationMs;
        return new IndexEntry(offset, priority, expiresAtMs, dueAtMs, 0, null);
    }
}

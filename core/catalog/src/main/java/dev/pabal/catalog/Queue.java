package dev.pabal.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A queue as the catalog knows it: a one-partition topic with an owning view (or, over a topic that was there before, a shared one).
 *
 * <p>Its log is {@code LogId(id, 0)}. Where {@code topic} is not null, the image also shows a {@link Topic} of that name with the same id.
 *
 * @param id never used again; for {@link View#OWNER} and streams also the topic's
 * @param vhost its virtual host
 * @param name unique within the virtual host
 * @param topic the name that Kafka and SQS clients know it by, fixed at creation; null where it has none (see {@code docs/decisions})
 * @param type what was declared as {@code x-queue-type}
 * @param view what it is over its log
 * @param durable whether it survives a restart; one that does not is in the image only, never in the catalog's log
 * @param autoDelete goes with its last consumer
 * @param exclusiveTo the connection it belongs to and goes with, null for queues of everybody
 * @param arguments as declared; values as in {@link Arguments}
 * @param shard the shard of its log
 */
public record Queue(
        UUID id,
        String vhost,
        String name,
        @Nullable String topic,
        Type type,
        View view,
        boolean durable,
        boolean autoDelete,
        @Nullable UUID exclusiveTo,
        Map<String, Object> arguments,
        int shard) {
    public Queue {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }

    /** The kinds that clients declare. Their order is stored: new ones go to the end. */
    public enum Type {
        CLASSIC,
        QUORUM,
        STREAM;

        /** What RabbitMQ calls it where it does not say it to clients' ears. */
        public String module() {
            return "rabbit_" + word() + "_queue";
        }

        /** The type of that word; null where there is none. */
        public static @Nullable Type of(String word) {
            for (Type type : values()) {
                if (type.word().equals(word)) {
                    return type;
                }
            }
            return null;
        }

        /** The word of {@code x-queue-type}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What the queue is over its log. Their order is stored: new ones go to the end. */
    public enum View {
        /** Settled messages go. */
        OWNER,
        /** Settles for itself; the topic's retention decides what goes. */
        SHARED,
        /** No settling: readers keep positions. */
        NONE
    }

    /** The same queue with other arguments. */
    public Queue with(Map<String, Object> newArguments) {
        return new Queue(id, vhost, name, topic, type, view, durable, autoDelete, exclusiveTo, newArguments, shard);
    }

    /** Whether it survives a restart. */
    public boolean stored() {
        return durable && exclusiveTo == null;
    }
}

package dev.pabal.catalog;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka clients see of a queue: a topic with one partition, the queue's id and configs that say how long messages stay.
 *
 * <p>Of a queue with an owning view, only settling and the queue's own limits take messages away, so time and size do not. Of a stream, age
 * and size do, as its arguments say; what a policy says on top of them is no part of the topic, and holds for the log only.
 */
public final class QueueTopics {
    private static final String FOR_EVER = "-1";
    /** Kafka's bounds of {@code segment.bytes}. */
    private static final long MIN_SEGMENT_BYTES = 1 << 20;

    private QueueTopics() {}

    /** The topic that comes with a queue; null where it has no name for one, or only looks at a topic that was there before. */
    static @Nullable Topic of(Queue queue) {
        String name = queue.topic();
        if (name == null || queue.view() == Queue.View.SHARED) {
            return null;
        }
        return new Topic(queue.id(), name, 1, queue.shard(), configs(queue), false);
    }

    /** The topic whose only partition is the queue's log: the one that comes with it, or, where it has none, one that nobody else sees. */
    public static Topic logOf(Queue queue) {
        Topic own = of(queue);
        String name = "queue '" + queue.name() + "' in vhost '" + queue.vhost() + "'";
        return own != null ? own : new Topic(queue.id(), name, 1, queue.shard(), configs(queue), false);
    }

    private static Map<String, String> configs(Queue queue) {
        Map<String, String> configs = new HashMap<>();
        configs.put("cleanup.policy", "delete");
        configs.put("retention.ms", FOR_EVER);
        configs.put("retention.bytes", FOR_EVER);
        if (queue.type() == Queue.Type.STREAM) {
            configs.putAll(ofStream(queue.arguments(), "x-"));
        }
        return configs;
    }

    /**
     * How long a stream keeps its messages, as a topic's configs.
     *
     * @param said a queue's arguments, or a policy's definition: {@code max-age}, {@code max-length-bytes} and
     *     {@code stream-max-segment-size-bytes} are looked at
     * @param prefix what stands before those names
     */
    public static Map<String, String> ofStream(Map<String, Object> said, String prefix) {
        Map<String, String> configs = new HashMap<>();
        Long maxAgeMs = maxAgeMs(Arguments.text(said, prefix + "max-age"));
        if (maxAgeMs != null) {
            configs.put("retention.ms", Long.toString(maxAgeMs));
        }
        Long maxBytes = Arguments.number(said, prefix + "max-length-bytes");
        if (maxBytes != null && maxBytes >= 0) {
            configs.put("retention.bytes", Long.toString(maxBytes));
        }
        Long segmentBytes = Arguments.number(said, prefix + "stream-max-segment-size-bytes");
        if (segmentBytes != null && segmentBytes > 0) {
            long bounded = Math.max(MIN_SEGMENT_BYTES, Math.min(segmentBytes, Integer.MAX_VALUE));
            configs.put("segment.bytes", Long.toString(bounded));
        }
        return configs;
    }

    /** RabbitMQ's form of an age: a number and one of {@code Y M D h m s}; null where it is none. */
    private static @Nullable Long maxAgeMs(@Nullable String age) {
        if (age == null || !age.matches("[0-9]{1,9}[YMDhms]")) {
            return null;
        }
        long count = Long.parseLong(age.substring(0, age.length() - 1));
        long unitSeconds =
                switch (age.charAt(age.length() - 1)) {
                    case 'Y' -> 365L * 86_400;
                    case 'M' -> 30L * 86_400;
                    case 'D' -> 86_400;
                    case 'h' -> 3_600;
                    case 'm' -> 60;
                    default -> 1;
                };
        return count * unitSeconds * 1000;
    }
}

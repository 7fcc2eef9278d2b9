package dev.pabal.sqs.queue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the attributes of an SQS queue mean as arguments of a queue. Pure. */
public final class SqsArguments {
    /** How long a deduplication id is known. */
    private static final long DEDUPLICATION_MS = 300_000;

    private static final Set<String> DEAD_LETTERS =
            Set.of("x-dead-letter-exchange", "x-dead-letter-routing-key", "x-delivery-limit", "x-dead-letter-expired");

    private SqsArguments() {}

    /**
     * The arguments of a new queue.
     *
     * @param deadLetterQueue the stored name of the queue that its redrive policy names, null where it has none
     */
    public static Map<String, Object> ofNew(SqsDescription description, @Nullable String deadLetterQueue) {
        QueueAttributes attributes = QueueAttributes.of(description.attributes());
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("x-journaled", true);
        arguments.put("x-groups", attributes.fifo() ? "ordered" : "fair");
        if (attributes.fifo()) {
            arguments.put("x-dedup-window", DEDUPLICATION_MS);
        }
        for (QueueAttribute attribute : QueueAttribute.values()) {
            apply(arguments, attribute, attributes, deadLetterQueue);
        }
        arguments.put(SqsDescription.ARGUMENT, description.argument());
        return arguments;
    }

    /**
     * The arguments of a queue whose attributes were set: those that mean something else now are replaced, all others stay.
     *
     * @param before all arguments as they are
     * @param changed attributes that were named
     */
    public static Map<String, Object> changed(
            Map<String, Object> before,
            SqsDescription description,
            Set<QueueAttribute> changed,
            @Nullable String deadLetterQueue) {
        Map<String, Object> arguments = new LinkedHashMap<>(before);
        arguments.put(SqsDescription.ARGUMENT, description.argument());
        QueueAttributes attributes = QueueAttributes.ofArguments(arguments);
        for (QueueAttribute attribute : changed) {
            apply(arguments, attribute, attributes, deadLetterQueue);
        }
        return arguments;
    }

    private static void apply(
            Map<String, Object> arguments,
            QueueAttribute attribute,
            QueueAttributes attributes,
            @Nullable String deadLetterQueue) {
        switch (attribute) {
            case RETENTION -> arguments.put("x-message-ttl", attributes.retentionMs());
            case DELAY -> delay(arguments, attributes);
            case DEDUPLICATION_SCOPE -> scope(arguments, attributes);
            case REDRIVE_POLICY -> redrive(arguments, attributes.redrivePolicy(), deadLetterQueue);
            default -> {
                // Read from the description, by those who send and receive.
            }
        }
    }

    /** A FIFO queue's delay holds for what it has already; a standard queue's is put on each message as it is sent. */
    private static void delay(Map<String, Object> arguments, QueueAttributes attributes) {
        if (attributes.fifo()) {
            arguments.put("x-delay-ms", attributes.delaySeconds() * 1000L);
        }
    }

    private static void scope(Map<String, Object> arguments, QueueAttributes attributes) {
        if (attributes.fifo()) {
            arguments.put("x-dedup-scope", attributes.deduplicatesPerGroup() ? "group" : "queue");
        }
    }

    /**
     * The arguments of a queue once its dead-letter queue came or went: without it, messages stay where they are, however often they were
     * received.
     *
     * @param targetArn whose redrive policies are meant; arguments of a queue with another policy stay as they are
     * @param deadLetterQueue its stored name, null where it is gone
     */
    public static Map<String, Object> redriven(
            Map<String, Object> before, String targetArn, @Nullable String deadLetterQueue) {
        RedrivePolicy policy = QueueAttributes.ofArguments(before).redrivePolicy();
        if (policy == null || !policy.targetArn().equals(targetArn)) {
            return before;
        }
        Map<String, Object> arguments = new LinkedHashMap<>(before);
        redrive(arguments, policy, deadLetterQueue);
        return arguments;
    }

    /** Whether a redrive policy is in force. */
    static boolean sendsDeadLetters(Map<String, Object> arguments) {
        return arguments.containsKey("x-dead-letter-routing-key");
    }

    private static void redrive(
            Map<String, Object> arguments, @Nullable RedrivePolicy policy, @Nullable String deadLetterQueue) {
        arguments.keySet().removeAll(DEAD_LETTERS);
        if (policy != null && deadLetterQueue != null) {
            arguments.put("x-dead-letter-exchange", "");
            arguments.put("x-dead-letter-routing-key", deadLetterQueue);
            arguments.put("x-delivery-limit", policy.maxReceiveCount() - 1L);
            arguments.put("x-dead-letter-expired", false);
        }
    }
}

package dev.pabal.broker.topology;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Queue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which arguments queues of each type take, and with which values: RabbitMQ 4's rules and words ({@code rabbit_amqqueue:declare_args},
 * {@code capabilities} of its queue types), and our own: {@code x-retain}, and
 * what queues of receivers are made of, {@code x-journaled} and those after it. Arguments nobody knows are kept and mean nothing, as there. Pure.
 */
final class QueueArguments {
    /** Longest time that RabbitMQ's timers take, in ms. */
    private static final long MAX_EXPIRY_MS = 4_294_967_295L;

    private static final int MAX_PRIORITY = 255;

    /** What SQS keeps of its queues, a table. Their other arguments follow from it, and AMQP clients need not know them. */
    private static final String SQS = "x-sqs";
    /** Classic queues whose acquisitions are journaled count deliveries exactly, and may limit them. */
    private static final String LIMIT = "x-delivery-limit";

    /** Says what is wrong with a value, null where nothing is. */
    private interface Check {
        @Nullable
        String fault(Object value, Map<String, Object> all);
    }

    private static final Map<String, Check> CHECKS = new LinkedHashMap<>();

    static {
        CHECKS.put("x-expires", (v, all) -> expires(v));
        CHECKS.put("x-message-ttl", (v, all) -> expiry(v));
        CHECKS.put("x-dead-letter-exchange", (v, all) -> text(v));
        CHECKS.put("x-dead-letter-routing-key", QueueArguments::deadLetterKey);
        CHECKS.put(
                "x-dead-letter-strategy",
                (v, all) -> word(v, List.of("at-most-once", "at-least-once"), "invalid_dlx_strategy"));
        CHECKS.put("x-max-length", (v, all) -> notNegative(v));
        CHECKS.put("x-max-length-bytes", (v, all) -> notNegative(v));
        CHECKS.put("x-max-in-memory-length", (v, all) -> notNegative(v));
        CHECKS.put("x-max-in-memory-bytes", (v, all) -> notNegative(v));
        CHECKS.put("x-max-priority", (v, all) -> priority(v));
        CHECKS.put(
                "x-overflow",
                (v, all) -> word(v, List.of("drop-head", "reject-publish", "reject-publish-dlx"), "invalid_overflow"));
        CHECKS.put("x-queue-mode", (v, all) -> mode(v));
        CHECKS.put("x-queue-version", (v, all) -> version(v));
        CHECKS.put("x-single-active-consumer", (v, all) -> bool(v));
        CHECKS.put("x-delivery-limit", (v, all) -> whole(v));
        CHECKS.put("x-quorum-initial-group-size", (v, all) -> positive(v));
        CHECKS.put("x-quorum-target-group-size", (v, all) -> positive(v));
        CHECKS.put("x-consumer-timeout", (v, all) -> positive(v));
        CHECKS.put("x-consumer-disconnected-timeout", (v, all) -> notNegative(v));
        CHECKS.put(
                "x-delayed-retry-type",
                (v, all) -> word(v, List.of("disabled", "all", "failed", "returned"), "invalid_delayed_retry_type"));
        CHECKS.put("x-delayed-retry-min", (v, all) -> expiry(v));
        CHECKS.put("x-delayed-retry-max", (v, all) -> expiry(v));
        CHECKS.put("x-max-age", (v, all) -> age(v));
        CHECKS.put("x-stream-max-segment-size-bytes", (v, all) -> notNegative(v));
        CHECKS.put("x-stream-filter-size-bytes", (v, all) -> notNegative(v));
        CHECKS.put("x-initial-cluster-size", (v, all) -> positive(v));
        CHECKS.put(
                "x-queue-leader-locator",
                (v, all) -> word(
                        v,
                        List.of("client-local", "balanced", "random", "least-leaders"),
                        "invalid_queue_locator_arg"));
        // The old word for where a classic queue lies: any is fine, but for classic queues only.
        CHECKS.put("x-queue-master-locator", (v, all) -> null);
        CHECKS.put("x-retain", (v, all) -> retain(v));
        CHECKS.put("x-journaled", (v, all) -> bool(v));
        CHECKS.put("x-groups", (v, all) -> word(v, List.of("ordered", "fair"), "invalid_groups"));
        CHECKS.put("x-dedup-window", (v, all) -> expiry(v));
        CHECKS.put("x-dedup-scope", (v, all) -> word(v, List.of("queue", "group"), "invalid_dedup_scope"));
        CHECKS.put("x-delay-ms", (v, all) -> expiry(v));
        CHECKS.put("x-dead-letter-expired", (v, all) -> bool(v));
        CHECKS.put(SQS, (v, all) -> v instanceof Map ? null : unacceptable(v));
    }

    private static final Set<String> CLASSIC = Set.of(
            "x-expires",
            "x-message-ttl",
            "x-dead-letter-exchange",
            "x-dead-letter-routing-key",
            "x-max-length",
            "x-max-length-bytes",
            "x-max-priority",
            "x-overflow",
            "x-queue-mode",
            "x-queue-version",
            "x-single-active-consumer",
            "x-queue-type",
            "x-queue-leader-locator",
            "x-queue-master-locator",
            "x-consumer-timeout",
            "x-retain",
            "x-journaled",
            "x-groups",
            "x-dedup-window",
            "x-dedup-scope",
            "x-delay-ms",
            "x-dead-letter-expired",
            SQS);

    /** What cannot change while the queue is there: its view is built on it. */
    private static final Set<String> FIXED =
            Set.of("x-queue-type", "x-journaled", "x-groups", "x-max-priority", "x-single-active-consumer");

    private static final Set<String> QUORUM = Set.of(
            "x-dead-letter-exchange",
            "x-dead-letter-routing-key",
            "x-dead-letter-strategy",
            "x-expires",
            "x-max-length",
            "x-max-length-bytes",
            "x-max-in-memory-length",
            "x-max-in-memory-bytes",
            "x-overflow",
            "x-single-active-consumer",
            "x-queue-type",
            "x-quorum-initial-group-size",
            "x-quorum-target-group-size",
            "x-delivery-limit",
            "x-message-ttl",
            "x-queue-leader-locator",
            "x-consumer-timeout",
            "x-consumer-disconnected-timeout",
            "x-delayed-retry-type",
            "x-delayed-retry-min",
            "x-delayed-retry-max",
            "x-retain");

    private static final Set<String> STREAM = Set.of(
            "x-max-length-bytes",
            "x-queue-type",
            "x-max-age",
            "x-stream-max-segment-size-bytes",
            "x-stream-filter-size-bytes",
            "x-initial-cluster-size",
            "x-queue-leader-locator");

    private QueueArguments() {}

    /**
     * The type that was asked for.
     *
     * @param what the queue, as errors say it
     */
    static Queue.Type type(Map<String, Object> arguments, String what) {
        Object word = arguments.get("x-queue-type");
        if (word == null) {
            return Queue.Type.CLASSIC;
        }
        if (word instanceof String text) {
            Queue.Type type = Queue.Type.of(text);
            if (type != null) {
                return type;
            }
            throw invalid("x-queue-type", what, "\"unsupported queue type '" + text + "'\"");
        }
        throw invalid("x-queue-type", what, unacceptable(word));
    }

    /**
     * What is declared, with the type that its virtual host has for queues of no type: where such a queue can be durable, shared and lasting, as
     * quorum queues and streams are. SQS knows its own type.
     */
    static QueueDeclaration typed(QueueDeclaration wanted, Queue.Type otherwise) {
        Map<String, Object> arguments = wanted.arguments();
        boolean open = !arguments.containsKey("x-queue-type") && !arguments.containsKey(SQS);
        boolean lasting = wanted.stored() && !wanted.autoDelete();
        return otherwise != Queue.Type.CLASSIC && open && lasting
                ? wanted.with("x-queue-type", otherwise.word())
                : wanted;
    }

    /**
     * Checks the arguments of a new queue.
     *
     * @param what the queue, as errors say it
     */
    static void check(Queue.Type type, Map<String, Object> arguments, String what) {
        Set<String> own = of(type);
        Object deadLetters = arguments.get("x-dead-letter-exchange");
        if (deadLetters != null && !(deadLetters instanceof String)) {
            throw new BrokerException(
                    Refusal.PRECONDITION_FAILED,
                    "invalid type '" + ArgumentText.type(deadLetters) + "' for arg 'x-dead-letter-exchange' in "
                            + what);
        }
        CHECKS.forEach((name, check) -> {
            Object value = arguments.get(name);
            String fault = value == null || !isTaken(own, name, arguments) ? null : check.fault(value, arguments);
            if (fault != null) {
                throw invalid(name, what, fault);
            }
        });
        for (String name : arguments.keySet()) {
            if (!isTaken(own, name, arguments) && CHECKS.containsKey(name)) {
                throw new BrokerException(
                        Refusal.PRECONDITION_FAILED,
                        "invalid arg '" + name + "' for " + what + " of queue type " + type.module());
            }
        }
        if (type == Queue.Type.QUORUM && "reject-publish-dlx".equals(arguments.get("x-overflow"))) {
            throw invalid("x-overflow", what, "\"reject-publish-dlx is not supported by quorum queues\"");
        }
    }

    private static boolean isTaken(Set<String> own, String name, Map<String, Object> arguments) {
        return own.contains(name) || name.equals(LIMIT) && Boolean.TRUE.equals(arguments.get("x-journaled"));
    }

    /** Fails where something would change that cannot. */
    static void checkChange(Queue queue, Map<String, Object> arguments, String what) {
        for (String name : FIXED) {
            ArgumentText.checkArgument(queue.arguments(), arguments, what, name);
        }
    }

    /** Fails where the arguments that matter differ from those of the queue that is there. */
    static void checkEquivalent(Queue queue, Map<String, Object> received, String what) {
        for (String name : of(queue.type())) {
            if (name.equals("x-queue-type")) {
                // Absent means the same as the default.
                ArgumentText.checkArgument(
                        Map.of(name, queue.type().word()),
                        Map.of(name, received.getOrDefault(name, Queue.Type.CLASSIC.word())),
                        what,
                        name);
            } else if (received.containsKey(name) || !isOfSqs(queue)) {
                ArgumentText.checkArgument(queue.arguments(), received, what, name);
            }
        }
    }

    static boolean isOfSqs(Queue queue) {
        return queue.arguments().containsKey(SQS);
    }

    private static Set<String> of(Queue.Type type) {
        return switch (type) {
            case CLASSIC -> CLASSIC;
            case QUORUM -> QUORUM;
            case STREAM -> STREAM;
        };
    }

    private static @Nullable String whole(Object value) {
        return ArgumentText.isWhole(value) ? null : "\"expected integer, got " + ArgumentText.type(value) + "\"";
    }

    static @Nullable String notNegative(Object value) {
        String fault = whole(value);
        return fault == null && number(value) < 0 ? "{value_negative," + value + "}" : fault;
    }

    static @Nullable String positive(Object value) {
        String fault = notNegative(value);
        return fault == null && number(value) == 0 ? "{value_zero,0}" : fault;
    }

    static @Nullable String expiry(Object value) {
        String fault = notNegative(value);
        return fault == null && number(value) > MAX_EXPIRY_MS ? "{value_too_big," + value + "}" : fault;
    }

    static @Nullable String expires(Object value) {
        String fault = expiry(value);
        return fault == null && number(value) == 0 ? "{value_zero,0}" : fault;
    }

    private static @Nullable String priority(Object value) {
        String fault = notNegative(value);
        return fault == null && number(value) > MAX_PRIORITY ? "{max_value_exceeded," + value + "}" : fault;
    }

    private static @Nullable String text(Object value) {
        return value instanceof String ? null : unacceptable(value);
    }

    private static @Nullable String bool(Object value) {
        return value instanceof Boolean ? null : unacceptable(value);
    }

    private static @Nullable String deadLetterKey(Object value, Map<String, Object> all) {
        if (!(value instanceof String)) {
            return unacceptable(value);
        }
        return all.containsKey("x-dead-letter-exchange") ? null : "routing_key_but_no_dlx_defined";
    }

    static @Nullable String word(Object value, List<String> words, String fault) {
        if (!(value instanceof String text)) {
            return unacceptable(value);
        }
        return words.contains(text) ? null : fault;
    }

    private static @Nullable String mode(Object value) {
        if (!(value instanceof String text)) {
            return unacceptable(value);
        }
        return text.equals("default") || text.equals("lazy") ? null : "\"unsupported queue mode '" + text + "'\"";
    }

    private static @Nullable String version(Object value) {
        String fault = notNegative(value);
        return fault == null && number(value) != 1 && number(value) != 2
                ? "\"unsupported queue version '" + value + "'\""
                : fault;
    }

    static @Nullable String age(Object value) {
        if (!(value instanceof String text)) {
            return unacceptable(value);
        }
        return Ages.parseMs(text) < 0 ? "invalid_max_age" : null;
    }

    static @Nullable String retain(Object value) {
        if (value instanceof String text) {
            return Ages.parseMs(text) < 0 ? "invalid_retain" : null;
        }
        String fault = whole(value);
        return fault == null && number(value) < -1 ? "{value_negative," + value + "}" : fault;
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }

    private static String unacceptable(Object value) {
        return "{unacceptable_type," + ArgumentText.type(value) + "}";
    }

    private static BrokerException invalid(String name, String what, String fault) {
        return new BrokerException(
                Refusal.PRECONDITION_FAILED, "invalid arg '" + name + "' for " + what + ": " + fault);
    }
}

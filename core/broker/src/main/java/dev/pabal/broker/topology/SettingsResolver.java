package dev.pabal.broker.topology;

import dev.pabal.broker.queue.QueueSettings;
import dev.pabal.catalog.Policy;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.QueueTopics;
import dev.pabal.queue.ViewOptions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a queue: an argument beats the policy, an operator's policy beats both; of limits, which are numbers, the lowest holds
 * ({@code rabbit_queue_type_util:args_policy_lookup}, {@code rabbit_policy:merge_operator_definitions}). Pure.
 */
final class SettingsResolver {
    /** How long a delivered message may stay unsettled where nothing else is said, in ms: RabbitMQ's half an hour. */
    static final long CONSUMER_TIMEOUT_MS = 1_800_000;

    /** How often a message of a quorum queue may fail where nothing else is said. */
    private static final int QUORUM_DELIVERY_LIMIT = 20;

    /**
     * Quorum queues know priorities without being told; a message without one counts as 4. What is below stands with it, as in RabbitMQ 4.0 to
     * 4.2; what is above comes before it, each level before the lower ones, as in RabbitMQ 4.3.
     */
    private static final int QUORUM_NORMAL_PRIORITY = 4;

    private static final int QUORUM_MAX_PRIORITY = 31;

    private static final int CLASSIC_MAX_PRIORITY = 255;

    private final Queue queue;
    private final @Nullable Policy policy;
    private final @Nullable Policy operator;

    private SettingsResolver(Queue queue, @Nullable Policy policy, @Nullable Policy operator) {
        this.queue = queue;
        this.policy = policy;
        this.operator = operator;
    }

    static QueueSettings resolve(Queue queue, PolicyTable policies) {
        Policy policy = policies.of(queue, false);
        Policy operator = policies.of(queue, true);
        return new SettingsResolver(queue, policy, operator).resolve();
    }

    /**
     * What policies say of how long a stream keeps its messages, as a topic's configs: it beats the queue's arguments
     * ({@code rabbit_stream_queue:policy_precedence}).
     */
    static Map<String, String> ofStream(Queue stream, PolicyTable policies) {
        Map<String, String> configs = new HashMap<>();
        for (boolean byOperator : new boolean[] {false, true}) {
            Policy said = policies.of(stream, byOperator);
            if (said != null) {
                configs.putAll(QueueTopics.ofStream(said.definition(), ""));
            }
        }
        return configs;
    }

    private QueueSettings resolve() {
        String deadLetterExchange = text("dead-letter-exchange");
        boolean retries = retries();
        long retryMinMs = retries ? number("delayed-retry-min", 0) : 0;
        long retryMaxMs = retries ? number("delayed-retry-max", retryMinMs) : 0;
        return new QueueSettings(
                view(deadLetterExchange != null),
                deadLetterExchange,
                text("dead-letter-routing-key"),
                Boolean.TRUE.equals(queue.arguments().get("x-single-active-consumer")),
                number("expires", -1),
                number("consumer-timeout", CONSUMER_TIMEOUT_MS),
                retryMinMs,
                Math.max(retryMinMs, retryMaxMs),
                queue.type() == Queue.Type.QUORUM ? QUORUM_NORMAL_PRIORITY : 0,
                policy == null ? null : policy.name(),
                operator == null ? null : operator.name());
    }

    private ViewOptions view(boolean deadLetters) {
        Object groups = queue.arguments().get("x-groups");
        return ViewOptions.builder()
                .owner(queue.view() == Queue.View.OWNER)
                .journaled(Boolean.TRUE.equals(queue.arguments().get("x-journaled")))
                .maxLength(number("max-length", -1))
                .maxLengthBytes(number("max-length-bytes", -1))
                .overflow(overflow())
                .messageTtlMs(number("message-ttl", -1))
                .delayMs(plain("delay-ms", 0))
                .maxPriority(maxPriority())
                .deliveryLimit(deliveryLimit())
                .deadLetters(deadLetters)
                .retainMs(retainMs())
                .groups("ordered".equals(groups))
                .fair("fair".equals(groups))
                .dedupWindowMs(plain("dedup-window", 0))
                .deadLetterExpired(!Boolean.FALSE.equals(queue.arguments().get("x-dead-letter-expired")))
                .build();
    }

    private boolean retries() {
        String type = text("delayed-retry-type");
        return type != null && !type.equals("disabled");
    }

    private ViewOptions.Overflow overflow() {
        String word = text("overflow");
        return switch (word == null ? "" : word) {
            case "reject-publish" -> ViewOptions.Overflow.REJECT_PUBLISH;
            case "reject-publish-dlx" -> ViewOptions.Overflow.REJECT_PUBLISH_DLX;
            default -> ViewOptions.Overflow.DROP_HEAD;
        };
    }

    private int maxPriority() {
        if (queue.type() == Queue.Type.QUORUM) {
            return QUORUM_MAX_PRIORITY - QUORUM_NORMAL_PRIORITY;
        }
        Object own = queue.arguments().get("x-max-priority");
        return own instanceof Number n ? (int) Math.min(CLASSIC_MAX_PRIORITY, n.longValue()) : 0;
    }

    private int deliveryLimit() {
        if (queue.type() != Queue.Type.QUORUM) {
            return (int) Math.min(Integer.MAX_VALUE, plain("delivery-limit", -1));
        }
        boolean said = value("delivery-limit") != null;
        return (int) Math.min(Integer.MAX_VALUE, number("delivery-limit", said ? -1 : QUORUM_DELIVERY_LIMIT));
    }

    /** A number that only the queue's own arguments say. */
    private long plain(String key, long otherwise) {
        Object value = queue.arguments().get("x-" + key);
        return ArgumentText.isWhole(value) && value instanceof Number number ? number.longValue() : otherwise;
    }

    private long retainMs() {
        Object value = value("retain");
        if (value instanceof String age) {
            return Ages.parseMs(age);
        }
        return value instanceof Number n ? n.longValue() : 0;
    }

    private @Nullable String text(String key) {
        return value(key) instanceof String text ? text : null;
    }

    /** The value that wins where values are not limits. */
    private @Nullable Object value(String key) {
        Object byOperator = said(operator, key);
        if (byOperator != null) {
            return byOperator;
        }
        Object own = queue.arguments().get("x-" + key);
        return own != null ? own : said(policy, key);
    }

    /** The lowest of what is said; a negative number says that there is no limit. */
    private long number(String key, long otherwise) {
        long lowest = Long.MAX_VALUE;
        boolean said = false;
        Object[] all = {queue.arguments().get("x-" + key), said(policy, key), said(operator, key)};
        for (Object value : all) {
            if (ArgumentText.isWhole(value) && value instanceof Number number) {
                said = true;
                lowest = number.longValue() < 0 ? lowest : Math.min(lowest, number.longValue());
            }
        }
        if (!said) {
            return otherwise;
        }
        return lowest == Long.MAX_VALUE ? -1 : lowest;
    }

    private static @Nullable Object said(@Nullable Policy policy, String key) {
        Map<String, Object> definition = policy == null ? Map.of() : policy.definition();
        return definition.get(key);
    }
}

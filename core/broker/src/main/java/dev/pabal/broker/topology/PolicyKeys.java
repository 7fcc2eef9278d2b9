package dev.pabal.broker.topology;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Policy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** What a policy may say: RabbitMQ's keys as far as they mean something here, and our own {@code retain}. Pure. */
final class PolicyKeys {
    private static final Set<String> APPLY_TO =
            Set.of("queues", "classic_queues", "quorum_queues", "streams", "exchanges", "all");

    /** What an operator may say ({@code rabbit_policies:register}, operator policies). */
    private static final Set<String> OPERATOR = Set.of(
            "message-ttl",
            "expires",
            "max-length",
            "max-length-bytes",
            "delivery-limit",
            "consumer-timeout",
            "overflow",
            "queue-leader-locator");

    private static final Map<String, Function<Object, @Nullable String>> CHECKS = new HashMap<>();

    static {
        CHECKS.put("message-ttl", QueueArguments::expiry);
        CHECKS.put("expires", QueueArguments::expires);
        CHECKS.put("max-length", QueueArguments::notNegative);
        CHECKS.put("max-length-bytes", QueueArguments::notNegative);
        CHECKS.put("delivery-limit", PolicyKeys::whole);
        CHECKS.put("consumer-timeout", QueueArguments::positive);
        CHECKS.put("delayed-retry-min", QueueArguments::expiry);
        CHECKS.put("delayed-retry-max", QueueArguments::expiry);
        CHECKS.put(
                "delayed-retry-type",
                value -> QueueArguments.word(
                        value, List.of("disabled", "all", "failed", "returned"), "not a retry type"));
        CHECKS.put(
                "overflow",
                value -> QueueArguments.word(
                        value,
                        List.of("drop-head", "reject-publish", "reject-publish-dlx"),
                        "not an overflow behaviour"));
        CHECKS.put("dead-letter-exchange", PolicyKeys::text);
        CHECKS.put("dead-letter-routing-key", PolicyKeys::text);
        CHECKS.put(
                "dead-letter-strategy",
                value -> QueueArguments.word(
                        value, List.of("at-most-once", "at-least-once"), "not a dead letter strategy"));
        CHECKS.put("alternate-exchange", PolicyKeys::text);
        CHECKS.put("queue-leader-locator", PolicyKeys::text);
        CHECKS.put("queue-mode", PolicyKeys::text);
        CHECKS.put("queue-version", QueueArguments::notNegative);
        CHECKS.put("max-age", QueueArguments::age);
        CHECKS.put("stream-max-segment-size-bytes", QueueArguments::notNegative);
        CHECKS.put("retain", QueueArguments::retain);
    }

    private PolicyKeys() {}

    /**
     * Checks a policy.
     *
     * @throws BrokerException {@link Refusal#INVALID_REQUEST}
     */
    static void check(Policy policy) {
        if (policy.name().isEmpty()) {
            throw invalid("name is empty");
        }
        if (!APPLY_TO.contains(policy.applyTo())) {
            throw invalid("apply-to '" + policy.applyTo() + "' is none of "
                    + String.join(", ", APPLY_TO.stream().sorted().toList()));
        }
        if (policy.operator() && policy.applyTo().equals("exchanges")) {
            throw invalid("operator policies apply to queues only");
        }
        try {
            Pattern.compile(policy.pattern());
        } catch (PatternSyntaxException e) {
            throw invalid("pattern is not a regular expression: " + e.getDescription());
        }
        if (policy.definition().isEmpty()) {
            throw invalid("no policy provided: the definition is empty");
        }
        policy.definition().forEach((key, value) -> check(key, value, policy.operator()));
    }

    private static void check(String key, Object value, boolean operator) {
        Function<Object, @Nullable String> check = CHECKS.get(key);
        if (check == null || (operator && !OPERATOR.contains(key))) {
            throw invalid("'" + key + "' is not a recognised " + (operator ? "operator " : "") + "policy setting");
        }
        String fault = check.apply(value);
        if (fault != null) {
            throw invalid("'" + value + "' is not a valid value for " + key + ": " + fault);
        }
    }

    private static @Nullable String whole(Object value) {
        return ArgumentText.isWhole(value) ? null : "expected integer";
    }

    private static @Nullable String text(Object value) {
        return value instanceof String ? null : "expected text";
    }

    private static BrokerException invalid(String why) {
        return new BrokerException(Refusal.INVALID_REQUEST, "Validation failed: " + why);
    }
}

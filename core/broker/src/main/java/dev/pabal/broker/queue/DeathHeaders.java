package dev.pabal.broker.queue;

import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpProperties.Property;
import dev.pabal.message.SqsEnvelope;
import dev.pabal.queue.DeadReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What RabbitMQ writes into a message that dies: {@code x-death}, the last death first, one entry for each pair of queue and reason, and
 * {@code x-first-death-*}, {@code x-last-death-*}. The expiration goes, lest it expires again where it is routed to; it is kept as
 * {@code original-expiration}.
 *
 * @see <a href="https://www.rabbitmq.com/docs/dlx#effects">RabbitMQ: Effects on Messages</a>
 */
final class DeathHeaders {
    private static final byte[] DEATHS = "x-death".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIRST_QUEUE = "x-first-death-queue".getBytes(StandardCharsets.US_ASCII);

    private final List<Map<String, Object>> deaths;
    private final Map<String, @Nullable Object> changes = new HashMap<>();

    /**
     * @param properties of the message
     * @param queue where it died
     * @param exchange it was published to
     * @param routingKeys it was published with, without blind copies
     * @param newKey whether it gets a routing key of the queue's: then its own copies are forgotten
     */
    DeathHeaders(
            AmqpProperties properties,
            DeadReason reason,
            String queue,
            String exchange,
            List<String> routingKeys,
            boolean newKey,
            long nowMs) {
        deaths = earlier(properties);
        Map<String, Object> death = find(reason, queue);
        if (death == null) {
            death = first(properties, reason, queue, exchange, routingKeys, nowMs);
        } else {
            deaths.remove(death);
            long before = death.get("count") instanceof Number count ? count.longValue() : 1;
            death.put("count", before + 1);
        }
        deaths.add(0, death);
        changes.put("x-death", deaths);
        if (properties.header(FIRST_QUEUE) == null) {
            changes.put("x-first-death-queue", queue);
            changes.put("x-first-death-reason", reason.word());
            changes.put("x-first-death-exchange", exchange);
        }
        changes.put("x-last-death-queue", queue);
        changes.put("x-last-death-reason", reason.word());
        changes.put("x-last-death-exchange", exchange);
        if (newKey) {
            changes.put("CC", null);
        }
        changes.put("BCC", null);
    }

    private static Map<String, Object> first(
            AmqpProperties properties,
            DeadReason reason,
            String queue,
            String exchange,
            List<String> routingKeys,
            long nowMs) {
        Map<String, Object> death = new LinkedHashMap<>();
        death.put("count", 1L);
        death.put("reason", reason.word());
        death.put("queue", queue);
        death.put("time", Instant.ofEpochSecond(nowMs / 1000));
        death.put("exchange", exchange);
        death.put("routing-keys", List.copyOf(routingKeys));
        String expiration = properties.text(Property.EXPIRATION);
        if (expiration != null) {
            death.put("original-expiration", expiration);
        }
        return death;
    }

    /** What a client wrote there is dropped, unless it looks as a broker would have written it: then a dead letter is published once more. */
    private static List<Map<String, Object>> earlier(AmqpProperties properties) {
        List<Map<String, Object>> found = new ArrayList<>();
        if (properties.header(DEATHS) instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> table) {
                    Map<String, Object> death = new LinkedHashMap<>();
                    table.forEach((name, value) -> {
                        if (value != null) {
                            death.put(String.valueOf(name), value);
                        }
                    });
                    if (isWhole(death)) {
                        found.add(death);
                    }
                }
            }
        }
        return found;
    }

    private static boolean isWhole(Map<String, Object> death) {
        return death.get("queue") instanceof String
                && death.get("reason") instanceof String
                && death.get("count") instanceof Number;
    }

    private @Nullable Map<String, Object> find(DeadReason reason, String queue) {
        for (Map<String, Object> death : deaths) {
            if (queue.equals(death.get("queue")) && reason.word().equals(death.get("reason"))) {
                return death;
            }
        }
        return null;
    }

    /**
     * The message's properties as they are to be published.
     *
     * @param envelope what SQS knows about it, for where it goes; null where it was not sent over SQS
     */
    ByteBuffer edit(AmqpProperties properties, @Nullable ByteBuffer envelope) {
        if (envelope != null) {
            changes.put(SqsEnvelope.NAME, envelope);
        }
        return properties.edited(changes, Set.of(Property.EXPIRATION));
    }

    /**
     * Whether the message comes back to a queue where it died before, and nobody rejected it since: then it would go round for ever
     * ({@code rabbit_dead_letter:is_cycle}).
     */
    boolean isCycle(String queue, DeadReason reason) {
        if (reason == DeadReason.REJECTED) {
            return false;
        }
        for (Map<String, Object> death : deaths) {
            if (DeadReason.REJECTED.word().equals(death.get("reason"))) {
                return false;
            }
            if (queue.equals(death.get("queue"))) {
                return true;
            }
        }
        return false;
    }
}

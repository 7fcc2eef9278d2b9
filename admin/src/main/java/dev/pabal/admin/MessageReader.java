package dev.pabal.admin;

import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.Settlement;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpProperties.Property;
import dev.pabal.message.AmqpRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Takes single messages from a queue and shows them ({@code POST .../get}). */
final class MessageReader {
    private static final int MAX_MESSAGES = 1000;
    /** Bodies of one answer together; what would go beyond is not taken from the queue any more. */
    private static final long MAX_ANSWER_BYTES = 32L << 20;

    /**
     * What is asked for.
     *
     * @param outcome what happens to the messages that were read; null: they are settled as they are handed out
     * @param truncate bytes of a body that are shown at most
     */
    record Wanted(int count, Settlement.@Nullable Outcome outcome, boolean base64, int truncate) {
        static Wanted of(Call.Body body) {
            int count = body.number("count", 1);
            if (count < 1 || count > MAX_MESSAGES) {
                throw ApiException.badRequest("The field 'count' takes a number from 1 to " + MAX_MESSAGES + ".");
            }
            String encoding = body.text("encoding", "auto");
            if (!("auto".equals(encoding) || "base64".equals(encoding))) {
                throw ApiException.badRequest("Unsupported encoding '" + encoding + "'. Use 'auto' or 'base64'");
            }
            return new Wanted(
                    count, outcome(body), "base64".equals(encoding), body.number("truncate", Integer.MAX_VALUE));
        }

        private static Settlement.@Nullable Outcome outcome(Call.Body body) {
            String mode = body.text("ackmode", null);
            if (mode == null) {
                return body.flag("requeue", true) ? Settlement.Outcome.RELEASE : null;
            }
            return switch (mode) {
                case "ack_requeue_true" -> Settlement.Outcome.RELEASE;
                case "ack_requeue_false" -> null;
                case "reject_requeue_true" -> Settlement.Outcome.FAIL;
                case "reject_requeue_false" -> Settlement.Outcome.DISCARD;
                default ->
                    throw ApiException.badRequest(
                            "The field 'ackmode' takes ack_requeue_true, ack_requeue_false, reject_requeue_true or"
                                    + " reject_requeue_false.");
            };
        }
    }

    /** The messages; all are held until the last was read, so that none comes twice. */
    CompletableFuture<List<Map<String, Object>>> read(MessageQueue queue, Wanted wanted) {
        Reading reading = new Reading(queue, wanted);
        return reading.next();
    }

    /** One such request; its steps follow one another. */
    private static final class Reading {
        private final MessageQueue queue;
        private final Wanted wanted;
        private final MessageQueue.Holder holder;
        private final List<Map<String, Object>> messages = new ArrayList<>();
        private final @Nullable Settlement settlement;
        private long bytes;

        Reading(MessageQueue queue, Wanted wanted) {
            this.queue = queue;
            this.wanted = wanted;
            this.holder = queue.newHolder();
            this.settlement = wanted.outcome() == null ? null : new Settlement(wanted.outcome());
        }

        CompletableFuture<List<Map<String, Object>>> next() {
            if (messages.size() == wanted.count() || bytes >= MAX_ANSWER_BYTES) {
                return CompletableFuture.completedFuture(end());
            }
            return queue.get(settlement == null, holder)
                    .thenComposeAsync(got -> {
                        if (got == null) {
                            return CompletableFuture.completedFuture(end());
                        }
                        take(got);
                        return next();
                    })
                    .whenComplete((all, error) -> {
                        if (error != null) {
                            holder.close();
                        }
                    });
        }

        private void take(Deliveries got) {
            try (got) {
                for (int i = 0; i < got.size(); i++) {
                    if (settlement != null) {
                        settlement.add(got.offset(i), got.generation(i));
                    }
                    messages.add(shown(got, i));
                }
            }
        }

        private List<Map<String, Object>> end() {
            if (settlement != null && settlement.size() > 0) {
                queue.settle(settlement);
            }
            holder.close();
            return messages;
        }

        private Map<String, Object> shown(Deliveries got, int index) {
            AmqpRecord record =
                    new AmqpRecord().wrap(got.buffer(index), got.position(index), got.baseTimestampMs(index));
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("payload_bytes", record.bodyLength());
            map.put("redelivered", got.redelivered(index));
            map.put("exchange", record.exchange());
            map.put("routing_key", record.routingKey());
            map.put("message_count", got.readyAfter());
            map.put("properties", properties(record.properties(new AmqpProperties())));
            byte[] body = new byte[Math.min(record.bodyLength(), wanted.truncate())];
            record.buffer().get(record.bodyAt(), body);
            bytes += body.length;
            String text = wanted.base64() ? null : text(body);
            map.put("payload", text == null ? Base64.getEncoder().encodeToString(body) : text);
            map.put("payload_encoding", text == null ? "base64" : "string");
            return map;
        }

        private static @Nullable String text(byte[] body) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(body))
                        .toString();
            } catch (CharacterCodingException e) {
                return null;
            }
        }
    }

    /** Those that are present, by RabbitMQ's names. */
    private static Map<String, Object> properties(AmqpProperties properties) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Property property : Property.values()) {
            if (!properties.has(property)) {
                continue;
            }
            String name = property.word().replace('-', '_');
            switch (property) {
                case HEADERS -> map.put(name, Json.shown(properties.headers()));
                case DELIVERY_MODE, PRIORITY -> map.put(name, properties.octet(property, 0));
                case TIMESTAMP -> map.put(name, properties.timestampSeconds(0));
                default -> map.put(name, String.valueOf(properties.text(property)));
            }
        }
        return map;
    }
}

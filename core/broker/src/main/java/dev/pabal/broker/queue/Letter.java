package dev.pabal.broker.queue;

import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpRecord;
import dev.pabal.message.MessageIds;
import dev.pabal.message.SqsEnvelope;
import dev.pabal.queue.DeadReason;
import dev.pabal.routing.Routed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A dead message on its way: what it is published with, and how far it has come. The body stays where the record lies. */
final class Letter {
    private static final byte[] CC = "CC".getBytes(StandardCharsets.US_ASCII);
    private static final ByteBuffer NO_PROPERTIES = ByteBuffer.allocate(2);

    final long offset;
    final DeadReason reason;
    /** Failed attempts so far. */
    int attempts;
    /** Bytes of its body, while it is under way. */
    int sizeInBytes;
    /** When it is tried again that was refused, wall ms. */
    long retryAtMs;
    /** Appends that are not durable yet; guarded by this object. */
    private int outstanding;

    private boolean failed;
    /** Targets that have it, where there are several: they do not get it again when another one refuses it. */
    private @Nullable Set<QueuePartition> reached;

    Letter(long offset, DeadReason reason) {
        this.offset = offset;
        this.reason = reason;
    }

    /** Counts the appends that this attempt consists of. */
    synchronized void begin(int targets) {
        outstanding = targets;
        failed = false;
        if (targets > 1 && reached == null) {
            reached = new HashSet<>(4);
        }
    }

    /** One append is durable, or was refused; true for the last. */
    synchronized boolean ended(QueuePartition target, boolean good) {
        failed |= !good;
        if (good && reached != null) {
            reached.add(target);
        }
        outstanding--;
        return outstanding == 0;
    }

    /** Whether an earlier attempt brought it to some of its targets. */
    synchronized boolean hasReachedAny() {
        return reached != null && !reached.isEmpty();
    }

    /** Whether an earlier attempt brought it there. */
    synchronized boolean hasReached(QueuePartition target) {
        return reached != null && reached.contains(target);
    }

    synchronized boolean failed() {
        return failed;
    }

    /** What is published, made from the record. */
    record Content(
            String exchange,
            List<String> routingKeys,
            ByteBuffer properties,
            AmqpProperties parsed,
            DeathHeaders deaths,
            ByteBuffer body,
            int bodyAt,
            int bodyLength)
            implements Routed {

        /** @param offset of the record in the queue's log, -1 where it was never appended */
        static Content of(long offset, AmqpRecord record, DeadReason reason, QueueRuntime queue, long nowMs) {
            AmqpProperties before = record.properties(new AmqpProperties());
            String name = queue.definition().topic();
            ByteBuffer envelope = offset < 0
                    ? null
                    : SqsEnvelope.moved(
                            before,
                            MessageIds.messageId(queue.id(), offset),
                            record.timestampMs(),
                            name == null ? queue.definition().name() : name);
            return make(
                    before,
                    envelope,
                    record.exchange(),
                    record.routingKey(),
                    reason,
                    queue,
                    nowMs,
                    record.buffer(),
                    record.bodyAt(),
                    record.bodyLength());
        }

        /** Of bytes that cannot be decoded: they become the body. */
        static Content ofBytes(ByteBuffer bytes, int at, int length, QueueRuntime queue, long nowMs) {
            AmqpProperties none = new AmqpProperties().wrap(NO_PROPERTIES, 0, 2);
            String name = queue.definition().name();
            return make(none, null, "", name, DeadReason.CORRUPT, queue, nowMs, bytes, at, length);
        }

        private static Content make(
                AmqpProperties before,
                @Nullable ByteBuffer envelope,
                String exchange,
                String key,
                DeadReason reason,
                QueueRuntime queue,
                long nowMs,
                ByteBuffer body,
                int bodyAt,
                int bodyLength) {
            QueueSettings settings = queue.settings();
            String newKey = settings.deadLetterRoutingKey();
            List<String> keys = new ArrayList<>();
            keys.add(key);
            if (before.header(CC) instanceof List<?> copies) {
                copies.forEach(copy -> keys.add(String.valueOf(copy)));
            }
            DeathHeaders deaths =
                    new DeathHeaders(before, reason, queue.definition().name(), exchange, keys, newKey != null, nowMs);
            ByteBuffer properties = deaths.edit(before, envelope);
            AmqpProperties parsed = new AmqpProperties().wrap(properties, 0, properties.limit());
            return new Content(
                    String.valueOf(settings.deadLetterExchange()),
                    newKey == null ? keys : List.of(newKey),
                    properties,
                    parsed,
                    deaths,
                    body,
                    bodyAt,
                    bodyLength);
        }

        @Override
        public String routingKey() {
            return routingKeys.get(0);
        }

        @Override
        public List<String> moreRoutingKeys() {
            return routingKeys.subList(1, routingKeys.size());
        }

        @Override
        public @Nullable Object header(String name) {
            return headers().get(name);
        }

        @Override
        public boolean hasHeader(String name) {
            return headers().containsKey(name);
        }

        private Map<String, Object> headers() {
            return parsed.headers();
        }

        @Override
        public @Nullable String property(String name) {
            return parsed.textOf(name);
        }
    }
}

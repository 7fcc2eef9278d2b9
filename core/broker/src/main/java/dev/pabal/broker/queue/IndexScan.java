package dev.pabal.broker.queue;

import dev.pabal.catalog.Queue;
import dev.pabal.log.BatchHeader;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpProperties.Property;
import dev.pabal.message.AmqpRecord;
import dev.pabal.message.BatchCheck;
import dev.pabal.message.MessageIds;
import dev.pabal.message.Recompression;
import dev.pabal.message.SqsEnvelope;
import dev.pabal.queue.IndexEntry;
import dev.pabal.queue.ViewOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds in records what is out of the ordinary about them (priority, expiration, delay, group, deduplication id): in stored ones that a view had
 * not heard of when the process ended, as their publisher's connection did when they came in; and, for queues to which groups or ids matter, in
 * those that come, whoever publishes them.
 */
final class IndexScan {
    private static final Logger LOG = LoggerFactory.getLogger(IndexScan.class);
    private static final byte[] DELAY = "x-delay".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_UNPACKED_BYTES = 128 << 20;

    private final Queue queue;
    private final boolean idsOfGroups;
    private final QueueSettings settings;
    private final DeadLetterRoutes routes;
    private final AmqpRecord record = new AmqpRecord();
    private final AmqpProperties properties = new AmqpProperties();
    private final SqsEnvelope envelope = new SqsEnvelope();

    /** Whether records are looked into as they come. */
    static boolean looksIntoAll(QueueSettings settings) {
        return settings.view().grouping() || settings.view().dedupWindowMs() > 0;
    }

    IndexScan(Queue queue, QueueSettings settings, DeadLetterRoutes routes) {
        this.queue = queue;
        this.idsOfGroups = "group".equals(queue.arguments().get("x-dedup-scope"));
        this.settings = settings;
        this.routes = routes;
    }

    /**
     * Looks at the records of one batch from {@code from} on.
     *
     * @return bytes of their bodies, -1 where it has none that anybody can read
     */
    long batch(ByteBuffer buffer, int at, long from, Consumer<IndexEntry> found) {
        int attributes = BatchHeader.attributes(buffer, at);
        if ((attributes & BatchHeader.ATTR_CONTROL) != 0) {
            return -1;
        }
        try {
            ByteBuffer records = buffer;
            int start = at;
            if ((attributes & BatchCheck.CODEC_MASK) != 0) {
                records = Recompression.recompress(
                        buffer.slice(at, BatchHeader.sizeInBytes(buffer, at)), "none", MAX_UNPACKED_BYTES);
                start = records.position();
            }
            return records(records, start, from, found);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // Discarded as corrupt when its turn comes.
            LOG.debug(
                    "a batch at offset {} cannot be looked into: {}",
                    BatchHeader.baseOffset(buffer, at),
                    e.getMessage());
            return -1;
        }
    }

    private long records(ByteBuffer buffer, int at, long from, Consumer<IndexEntry> found) {
        long base = BatchHeader.baseOffset(buffer, at);
        long baseTimestampMs = BatchHeader.baseTimestamp(buffer, at);
        int end = at + BatchHeader.sizeInBytes(buffer, at);
        int next = at + BatchHeader.BYTES;
        long bodyBytes = 0;
        while (next < end) {
            record.wrap(buffer, next, baseTimestampMs);
            next += record.sizeInBytes();
            long offset = base + record.offsetDelta();
            if (offset >= from) {
                bodyBytes += record.bodyLength();
                look(offset, found);
            }
        }
        return bodyBytes;
    }

    private void look(long offset, Consumer<IndexEntry> found) {
        boolean groups = settings.view().grouping();
        if (!record.fromAmqp()) {
            if (groups) {
                ofGroup(null, offset, record.routingKey(), found);
            }
            return;
        }
        record.properties(properties);
        boolean enveloped = properties.has(Property.HEADERS)
                && envelope.wrap(properties)
                && envelope.belongsTo(record.buffer(), record.bodyAt(), record.bodyLength());
        boolean first = enveloped && envelope.firstId() == null;
        long delayMs = first ? envelope.delaySeconds() * 1000L : delayMs();
        IndexEntry entry = RecordIndex.of(offset, properties, settings, record.timestampMs(), delayMs);
        if (enveloped) {
            ofEnvelope(entry, offset, first, found);
        } else if (groups && !isToQueue()) {
            ofGroup(entry, offset, record.routingKey(), found);
        } else if (entry != null) {
            found.accept(entry);
        }
    }

    /** A message that was sent over SQS. Its id counts where it was sent to: a dead letter, or one that is moved back, is not sent again. */
    private void ofEnvelope(@Nullable IndexEntry entry, long offset, boolean first, Consumer<IndexEntry> found) {
        ViewOptions view = settings.view();
        ByteBuffer in = envelope.buffer();
        long hash = MessageIds.groupHash(in, envelope.groupAt(), envelope.groupLength());
        IndexEntry.Dedup id = null;
        if (view.dedupWindowMs() > 0 && first && envelope.dedupLength() > 0) {
            long scope = idsOfGroups ? hash : 0;
            id = new IndexEntry.Dedup(
                    MessageIds.dedupHigh(scope, in, envelope.dedupAt(), envelope.dedupLength()),
                    MessageIds.dedupLow(scope, in, envelope.dedupAt(), envelope.dedupLength()),
                    record.timestampMs());
        }
        join(entry, offset, view.grouping() ? hash : 0, id, found);
    }

    /** Where groups need no order, a queue's own name is none: AMQP has it as the routing key of all that is sent to the queue itself. */
    private boolean isToQueue() {
        return settings.view().fair()
                && record.exchange().isEmpty()
                && record.routingKey().equals(queue.name());
    }

    /** A message of another protocol: its key is its group. */
    private void ofGroup(@Nullable IndexEntry entry, long offset, String key, Consumer<IndexEntry> found) {
        ByteBuffer name = ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
        join(entry, offset, MessageIds.groupHash(name, 0, name.limit()), null, found);
    }

    private static void join(
            @Nullable IndexEntry entry,
            long offset,
            long group,
            IndexEntry.@Nullable Dedup id,
            Consumer<IndexEntry> found) {
        if (group == 0 && id == null) {
            if (entry != null) {
                found.accept(entry);
            }
        } else if (entry == null) {
            found.accept(new IndexEntry(offset, 0, Long.MAX_VALUE, 0, group, id));
        } else {
            found.accept(new IndexEntry(offset, entry.priority(), entry.expiresAtMs(), entry.dueAtMs(), group, id));
        }
    }

    private long delayMs() {
        if (properties.has(Property.HEADERS)
                && properties.header(DELAY) instanceof Number delay
                && delay.longValue() > 0
                && routes.delays(queue.vhost(), record.exchange())) {
            return delay.longValue();
        }
        return 0;
    }
}

package dev.pabal.broker.queue;

import dev.pabal.log.BatchHeader;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpProperties.Property;
import dev.pabal.message.AmqpRecord;
import dev.pabal.message.BatchCheck;
import dev.pabal.message.Recompression;
import dev.pabal.queue.IndexEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds in stored records what is out of the ordinary about them (priority, expiration, delay), as their publisher's connection did when they
 * came in: for records that a view had not heard of when the process ended.
 */
final class IndexScan {
    private static final Logger LOG = LoggerFactory.getLogger(IndexScan.class);
    private static final byte[] DELAY = "x-delay".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_UNPACKED_BYTES = 128 << 20;

    private final String vhost;
    private final QueueSettings settings;
    private final DeadLetterRoutes routes;
    private final AmqpRecord record = new AmqpRecord();
    private final AmqpProperties properties = new AmqpProperties();

    IndexScan(String vhost, QueueSettings settings, DeadLetterRoutes routes) {
        this.vhost = vhost;
        this.settings = settings;
        this.routes = routes;
    }

    /**
     * Looks at the records of one batch from {@code from} on.
     *
     * @return bytes of their bodies
     */
    long batch(ByteBuffer buffer, int at, long from, Consumer<IndexEntry> found) {
        int attributes = BatchHeader.attributes(buffer, at);
        if ((attributes & BatchHeader.ATTR_CONTROL) != 0) {
            return 0;
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
            return 0;
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
                if (record.fromAmqp()) {
                    look(offset, found);
                }
            }
        }
        return bodyBytes;
    }

    private void look(long offset, Consumer<IndexEntry> found) {
        record.properties(properties);
        IndexEntry entry = RecordIndex.of(offset, properties, settings, record.timestampMs(), delayMs());
        if (entry != null) {
            found.accept(entry);
        }
    }

    private long delayMs() {
        if (properties.has(Property.HEADERS)
                && properties.header(DELAY) instanceof Number delay
                && delay.longValue() > 0
                && routes.delays(vhost, record.exchange())) {
            return delay.longValue();
        }
        return 0;
    }
}

package dev.pabal.amqp.channel;

import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.Settlement;
import dev.pabal.broker.queue.Settlement.Outcome;
import dev.pabal.catalog.Queue;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpRecord;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a channel's deliveries out, and remembers them until they are settled. On the event loop. */
final class Delivering {
    private static final Logger LOG = LoggerFactory.getLogger(Delivering.class);

    private final ServerChannel channel;
    private final DeliveryWriter writer = new DeliveryWriter();
    private final AmqpRecord record = new AmqpRecord();
    private final AmqpProperties properties = new AmqpProperties();

    Delivering(ServerChannel channel) {
        this.channel = channel;
    }

    void write(Consumer consumer, Deliveries deliveries) {
        SharedLimit shared = channel.consumers().shared();
        if (shared.applies(consumer)) {
            shared.take(consumer, deliveries, record);
        } else {
            writeAll(consumer, deliveries);
            consumer.written(deliveries.windowBytes());
        }
    }

    /** Writes a message that waited. */
    void write(Consumer consumer, SharedLimit.Handed message) {
        record.wrap(message.record(), 0, message.timeMs());
        if (channel.firehose().on()) {
            channel.firehose().delivered(consumer.queue(), message.redelivered(), record);
        }
        long tag = tag(consumer, message.offset(), message.generation());
        boolean counted = message.failed() > 0 || message.acquired() > 0;
        boolean counts = counted && consumer.queue().definition().type() == Queue.Type.QUORUM;
        write(
                consumer.tagBytes(),
                tag,
                message.redelivered(),
                record,
                counts ? withCounts(message.failed(), message.acquired()) : null);
    }

    private long tag(Consumer consumer, long offset, int generation) {
        if (!consumer.noAck()) {
            return channel.unsettled().add(consumer, offset, generation);
        }
        consumer.passed(offset, generation);
        return channel.unsettled().skip();
    }

    private void writeAll(Consumer consumer, Deliveries deliveries) {
        Link link = channel.link();
        boolean counts = deliveries.queue().definition().type() == Queue.Type.QUORUM;
        boolean traced = channel.firehose().on();
        for (int i = 0; i < deliveries.size(); i++) {
            if (!read(deliveries, i)) {
                continue;
            }
            if (traced) {
                channel.firehose().delivered(deliveries.queue(), deliveries.redelivered(i), record);
            }
            long tag = tag(consumer, deliveries.offset(i), deliveries.generation(i));
            if (counts && counted(deliveries, i)) {
                writer.deliver(
                        link.out(),
                        channel.number(),
                        consumer.tagBytes(),
                        tag,
                        deliveries.redelivered(i),
                        record,
                        withCounts(deliveries.failedDeliveries(i), deliveries.acquiredBefore(i)),
                        link.frameMax());
            } else {
                writer.deliver(
                        link.out(),
                        channel.number(),
                        consumer.tagBytes(),
                        tag,
                        deliveries.redelivered(i),
                        record,
                        link.frameMax());
            }
        }
    }

    /** Writes a message of no queue. */
    void write(byte[] consumerTag, long tag, boolean redelivered, AmqpRecord stored, @Nullable ByteBuffer raw) {
        Link link = channel.link();
        if (raw == null) {
            writer.deliver(link.out(), channel.number(), consumerTag, tag, redelivered, stored, link.frameMax());
        } else {
            writer.deliver(link.out(), channel.number(), consumerTag, tag, redelivered, stored, raw, link.frameMax());
        }
    }

    /** Answers a {@code basic.get} with the one message; false where it is no record that can be read, and nothing was written. */
    boolean writeGet(@Nullable Getter getter, Deliveries deliveries) {
        if (!read(deliveries, 0)) {
            return false;
        }
        if (channel.firehose().on()) {
            channel.firehose().delivered(deliveries.queue(), deliveries.redelivered(0), record);
        }
        Link link = channel.link();
        long tag = getter == null
                ? channel.unsettled().skip()
                : channel.unsettled().add(getter, deliveries.offset(0), deliveries.generation(0));
        boolean counts = deliveries.queue().definition().type() == Queue.Type.QUORUM && counted(deliveries, 0);
        ByteBuffer raw = counts
                ? withCounts(deliveries.failedDeliveries(0), deliveries.acquiredBefore(0))
                : record.propertiesBuffer();
        writer.getOk(
                link.out(),
                channel.number(),
                tag,
                deliveries.redelivered(0),
                deliveries.readyAfter(),
                record,
                raw,
                counts ? 0 : record.propertiesAt(),
                counts ? raw.limit() : record.propertiesLength(),
                link.frameMax());
        return true;
    }

    /** Looks at a record; one that is none is discarded, so that it does not come again. */
    boolean read(Deliveries deliveries, int index) {
        try {
            record.wrap(deliveries.buffer(index), deliveries.position(index), deliveries.baseTimestampMs(index));
            record.propertiesLength();
            return true;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            MessageQueue queue = deliveries.queue();
            LOG.warn(
                    "the record at offset {} of queue '{}' cannot be read ({}) and is discarded",
                    deliveries.offset(index),
                    queue.definition().name(),
                    e.getMessage());
            queue.settle(new Settlement(Outcome.DISCARD).add(deliveries.offset(index), deliveries.generation(index)));
            return false;
        }
    }

    private static boolean counted(Deliveries deliveries, int index) {
        return deliveries.failedDeliveries(index) > 0 || deliveries.acquiredBefore(index) > 0;
    }

    private ByteBuffer withCounts(int failed, int acquired) {
        Map<String, @Nullable Object> counts = new LinkedHashMap<>();
        counts.put("x-delivery-count", (long) failed);
        counts.put("x-acquired-count", (long) acquired);
        return record.properties(properties).edited(counts, Set.of());
    }
}

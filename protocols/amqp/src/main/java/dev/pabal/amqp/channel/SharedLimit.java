package dev.pabal.amqp.channel;

import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.queue.Settlement.Outcome;
import dev.pabal.message.AmqpRecord;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * The prefetch that all consumers of a channel share ({@code basic.qos} with {@code global}). What their queues hand out beyond it waits here,
 * copied, until something is settled; as none of it counts as written, it is bounded by the consumers' windows. On the event loop.
 */
final class SharedLimit {
    private final ServerChannel channel;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);
    private int limit;

    SharedLimit(ServerChannel channel) {
        this.channel = channel;
    }

    /** A message that was handed out and not written yet; {@code windowBytes} become free with it. */
    private record Waiting(Consumer consumer, Handed message, long windowBytes) {}

    /** What must be known of a delivery to write it. */
    record Handed(
            long offset,
            int generation,
            boolean redelivered,
            int acquired,
            int failed,
            ByteBuffer record,
            long timeMs) {}

    int limit() {
        return limit;
    }

    /** The smaller of a consumer's own bound and this one. */
    int within(int own) {
        return limit == 0 ? own : Math.min(own, limit);
    }

    void limit(int newLimit) {
        limit = newLimit;
        release();
    }

    /** Whether deliveries of the consumer must be looked at one by one. */
    boolean applies(Consumer consumer) {
        return consumer.settles() && (limit > 0 || !waiting.isEmpty());
    }

    void take(Consumer consumer, Deliveries deliveries, AmqpRecord scratch) {
        int last = deliveries.size() - 1;
        for (int i = 0; i <= last; i++) {
            if (!channel.delivering().read(deliveries, i)) {
                consumer.written(i == last ? deliveries.windowBytes() : 0);
                continue;
            }
            int size = scratch.sizeInBytes();
            ByteBuffer copy = ByteBuffer.allocate(size).put(0, deliveries.buffer(i), deliveries.position(i), size);
            Handed handed = new Handed(
                    deliveries.offset(i),
                    deliveries.generation(i),
                    deliveries.redelivered(i),
                    deliveries.acquiredBefore(i),
                    deliveries.failedDeliveries(i),
                    copy,
                    deliveries.baseTimestampMs(i));
            waiting.add(new Waiting(consumer, handed, i == last ? deliveries.windowBytes() : 0));
        }
        release();
    }

    /** Writes what may be written now. */
    void release() {
        while (!waiting.isEmpty() && (limit == 0 || channel.unsettled().consumed() < limit)) {
            Waiting next = waiting.poll();
            if (!next.consumer.gone()) {
                channel.delivering().write(next.consumer, next.message);
                next.consumer.written(next.windowBytes);
            }
        }
    }

    /** The consumer takes nothing any more: what waited for it goes back to its queue. */
    void cancelled(Consumer consumer) {
        waiting.removeIf(one -> {
            boolean its = one.consumer == consumer;
            if (its) {
                consumer.settle(Outcome.RELEASE, one.message.offset, one.message.generation);
            }
            return its;
        });
    }

    void clear() {
        waiting.clear();
    }
}

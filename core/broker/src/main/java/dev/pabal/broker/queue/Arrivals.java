package dev.pabal.broker.queue;

import dev.pabal.queue.IndexEntry;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What was appended to a queue's log and its view has not heard of: one entry for each batch, written under the partition's append order,
 * taken by the shard once durable.
 */
final class Arrivals {
    private final ConcurrentLinkedQueue<Arrival> waiting = new ConcurrentLinkedQueue<>();
    /** Under the partition's append order. */
    private @Nullable Arrival last;

    /** One batch. */
    static final class Arrival {
        final long base;
        final int records;
        final long bodyBytes;
        final long appendedAtMs;
        final List<IndexEntry> index;
        /**
         * The append was refused. Written under the append order, read without it: whoever sees a later append of the same offsets durable
         * sees this too, and before that the batch ends beyond the durable end.
         */
        private boolean refused;

        Arrival(long base, int records, long bodyBytes, long appendedAtMs, List<IndexEntry> index) {
            this.base = base;
            this.records = records;
            this.bodyBytes = bodyBytes;
            this.appendedAtMs = appendedAtMs;
            this.index = index;
        }

        long end() {
            return base + records;
        }
    }

    void add(Arrival arrival) {
        last = arrival;
        waiting.add(arrival);
    }

    /** The last one does not come; returns it. */
    @Nullable
    Arrival refuseLast() {
        Arrival refused = last;
        if (refused != null) {
            refused.refused = true;
        }
        return refused;
    }

    /** The next batch that ends at or before {@code durableEnd}, null where there is none. */
    @Nullable
    Arrival poll(long durableEnd) {
        Arrival next = waiting.peek();
        // One that was refused may reach further than those that came in its place: it must not hold them up.
        while (next != null && (next.refused || next.end() <= durableEnd)) {
            waiting.remove();
            if (!next.refused) {
                return next;
            }
            next = waiting.peek();
        }
        return null;
    }
}

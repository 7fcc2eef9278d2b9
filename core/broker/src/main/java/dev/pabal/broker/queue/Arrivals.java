package dev.pabal.broker.queue;

import dev.pabal.queue.IndexEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was appended to a queue's log and its view has not heard of: one entry for each batch, written under the partition's append order,
 * taken by the shard once durable.
 */
final class Arrivals {
    /** The shard's: the last one taken, whose {@link Arrival#next} is the first that waits. */
    private Arrival taken = new Arrival(0, 0, 0, 0, List.of());
    /** Under the partition's append order: the last that was added. */
    private Arrival last = taken;

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

        private volatile @Nullable Arrival next;

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
        last.next = arrival;
        last = arrival;
    }

    /** Under the partition's append order: the last one, which was added just now, does not come; returns it. */
    Arrival refuseLast() {
        last.refused = true;
        return last;
    }

    /** The next batch that ends at or before {@code durableEnd}, null where there is none. */
    @Nullable
    Arrival poll(long durableEnd) {
        Arrival next = taken.next;
        // One that was refused may reach further than those that came in its place: it must not hold them up.
        while (next != null && (next.refused || next.end() <= durableEnd)) {
            taken.next = null; // what is kept of one must not keep all that follow
            taken = next;
            if (!next.refused) {
                return next;
            }
            next = next.next;
        }
        return null;
    }
}

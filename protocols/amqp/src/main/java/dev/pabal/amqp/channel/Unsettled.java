package dev.pabal.amqp.channel;

import dev.pabal.broker.queue.Settlement.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a channel has delivered and the client has not settled, by delivery tag. Tags are dense, so this is a ring: a slot for each tag from the
 * oldest unsettled one to the newest.
 */
final class Unsettled {
    private static final int FIRST_CAPACITY = 16;

    private long[] offsets = new long[FIRST_CAPACITY];
    private int[] generations = new int[FIRST_CAPACITY];
    private @Nullable Origin[] origins = new Origin[FIRST_CAPACITY];
    /** Settled in a transaction that is not committed. */
    private boolean[] held = new boolean[FIRST_CAPACITY];

    /** The oldest tag that has a slot. */
    private long first = 1;
    /** The tag that comes next. */
    private long next = 1;

    private int count;
    private int consumed;

    /** Gives out a tag for a delivery that need not be settled. */
    long skip() {
        if (first == next) {
            first++;
            return next++;
        }
        return add(null, 0, 0);
    }

    /** Gives out a tag. */
    long add(@Nullable Origin origin, long offset, int generation) {
        if (next - first == offsets.length) {
            grow();
        }
        int slot = slot(next);
        offsets[slot] = offset;
        generations[slot] = generation;
        origins[slot] = origin;
        held[slot] = false;
        if (origin != null) {
            count++;
            consumed += origin.consumes() ? 1 : 0;
        }
        return next++;
    }

    /** Number of unsettled deliveries. */
    int count() {
        return count;
    }

    /** Number of those that consumers were sent, without what was got one by one. */
    int consumed() {
        return consumed;
    }

    long newest() {
        return next - 1;
    }

    boolean contains(long tag) {
        return tag >= first && tag < next && origins[slot(tag)] != null && !held[slot(tag)];
    }

    long oldest() {
        return first;
    }

    /** Ends one, which must be there. */
    void settle(long tag, Outcome outcome) {
        end(tag, outcome);
        advance();
    }

    /** Ends all up to and with {@code tag}. */
    void settleUpTo(long tag, Outcome outcome) {
        for (long t = first; t <= tag; t++) {
            if (contains(t)) {
                end(t, outcome);
            }
        }
        advance();
    }

    /** Lets nothing but {@link #letGo} find it. */
    void hold(long tag) {
        held[slot(tag)] = true;
    }

    /** Undoes {@link #hold}; nothing where it is gone. */
    void letGo(long tag) {
        if (tag >= first && tag < next) {
            held[slot(tag)] = false;
        }
    }

    /** Whether a delivery of the origin is unsettled. */
    boolean holds(Origin origin) {
        for (long t = first; t < next; t++) {
            if (origins[slot(t)] == origin) {
                return true;
            }
        }
        return false;
    }

    /** Forgets all deliveries of the origin: it gives them back itself. */
    void forget(Origin origin) {
        for (long t = first; t < next; t++) {
            int slot = slot(t);
            if (origins[slot] == origin) {
                origins[slot] = null;
                count--;
                consumed -= origin.consumes() ? 1 : 0;
            }
        }
        advance();
    }

    private void end(long tag, Outcome outcome) {
        int slot = slot(tag);
        Origin origin = origins[slot];
        origins[slot] = null;
        if (origin != null) {
            count--;
            consumed -= origin.consumes() ? 1 : 0;
            origin.settle(outcome, offsets[slot], generations[slot]);
        }
    }

    private void advance() {
        while (first < next && origins[slot(first)] == null) {
            first++;
        }
    }

    private int slot(long tag) {
        return (int) tag & (offsets.length - 1);
    }

    private void grow() {
        int capacity = offsets.length * 2;
        long[] newOffsets = new long[capacity];
        int[] newGenerations = new int[capacity];
        @Nullable Origin[] newOrigins = new Origin[capacity];
        boolean[] newHeld = new boolean[capacity];
        for (long t = first; t < next; t++) {
            int to = (int) t & (capacity - 1);
            newOffsets[to] = offsets[slot(t)];
            newGenerations[to] = generations[slot(t)];
            newOrigins[to] = origins[slot(t)];
            newHeld[to] = held[slot(t)];
        }
        offsets = newOffsets;
        generations = newGenerations;
        origins = newOrigins;
        held = newHeld;
    }
}

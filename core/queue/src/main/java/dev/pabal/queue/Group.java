package dev.pabal.queue;

import org.jspecify.annotations.Nullable;

/** One group that has messages which are not settled, and those of them that are ready, in order. One message costs no set. */
final class Group {
    final long hash;
    final int number;
    /** Messages that are not settled. */
    int members;
    /** Messages that somebody has. */
    int inFlight;
    /** It stands in the circle of noisy groups. */
    boolean noisy;

    @Nullable
    Group before;

    @Nullable
    Group after;

    /** The only ready message, -1 where there is none or {@link #set} has them. */
    private long only = -1;

    private @Nullable OffsetSet set;

    Group(long hash, int number) {
        this.hash = hash;
        this.number = number;
    }

    /** Whether it was not ready before. */
    boolean add(long offset) {
        OffsetSet ready = set;
        if (ready == null) {
            if (only == offset) {
                return false;
            }
            if (only < 0) {
                only = offset;
                return true;
            }
            ready = new OffsetSet();
            ready.add(only);
            only = -1;
            set = ready;
        }
        return ready.add(offset);
    }

    /** Whether it was ready before. */
    boolean remove(long offset) {
        if (set != null) {
            return set.remove(offset);
        }
        if (only != offset) {
            return false;
        }
        only = -1;
        return true;
    }

    /** The first ready message, -1 where there is none. */
    long first() {
        return set != null ? set.first() : only;
    }

    /** The first ready message from an offset on, -1 where there is none. */
    long next(long from) {
        if (set != null) {
            return set.next(from);
        }
        return only >= from ? only : -1;
    }
}

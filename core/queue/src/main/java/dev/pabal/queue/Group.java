package dev.pabal.queue;

import org.jspecify.annotations.Nullable;

/** One group that has messages which are not settled: the set of those that are ready. */
final class Group extends FewOffsets {
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

    /** Messages that somebody has, null where nobody ever had one. */
    private @Nullable FewOffsets held;

    Group(long hash, int number) {
        this.hash = hash;
        this.number = number;
    }

    /** Somebody has the message. */
    void hold(long offset) {
        FewOffsets all = held;
        if (all == null) {
            all = new FewOffsets();
            held = all;
        }
        inFlight++;
        all.add(offset);
    }

    /** Nobody has it any more. */
    void release(long offset) {
        FewOffsets all = held;
        inFlight--;
        if (all != null) {
            all.remove(offset);
        }
    }

    /** Whether somebody has a message of the group from an offset on that stands before the first ready one. */
    boolean isHeldBefore(long from) {
        FewOffsets all = held;
        long earliest = inFlight == 0 || all == null ? -1 : all.next(from);
        return earliest >= 0 && earliest < first();
    }
}

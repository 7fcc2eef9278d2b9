package dev.pabal.queue;

import org.jspecify.annotations.Nullable;

/**
 * How far messages may be handed out, per lane: offsets for lanes 0 to 255, times for the lane of delayed messages. Written ahead of the need in
 * strides that grow while they are used up fast; only a durable mark counts.
 */
final class Marks {
    /** The lane of messages that are handed out in the order in which they become due. */
    static final int DUE = 256;

    static final int MIN_STRIDE = 4096;
    static final int MAX_STRIDE = 65536;
    private static final long FAST_MS = 1000;
    private static final long SLOW_MS = 10_000;

    private final JournalWriter journal;
    private @Nullable Mark[] lanes = new Mark[1];
    private int used;
    private @Nullable Mark due;
    /** Marks are written that wait to be handed over and to become durable. */
    private boolean written;

    private boolean waiting;

    Marks(JournalWriter journal) {
        this.journal = journal;
    }

    /** All of the lane below it may be handed out. */
    long durable(int lane) {
        Mark mark = peek(lane);
        return mark == null ? 0 : mark.durable;
    }

    /** As {@link #durable}, also where it is not durable yet. */
    long asked(int lane) {
        Mark mark = peek(lane);
        return mark == null ? 0 : mark.asked;
    }

    /** Asks for a mark where the durable one is less than half a stride ahead of {@code at}. */
    void ahead(int lane, long at, long nowMs) {
        Mark mark = mark(lane);
        if (mark.asked - at >= mark.stride / 2 || mark.asked > mark.durable) {
            return;
        }
        long passedMs = nowMs - mark.askedAtMs;
        if (passedMs < FAST_MS) {
            mark.stride = Math.min(MAX_STRIDE, mark.stride * 2);
        } else if (passedMs > SLOW_MS) {
            mark.stride = Math.max(MIN_STRIDE, mark.stride / 2);
        }
        ask(lane, mark, Math.max(mark.asked, at + mark.stride), nowMs);
    }

    private void ask(int lane, Mark mark, long value, long nowMs) {
        mark.asked = value;
        mark.askedAtMs = nowMs;
        mark.number = Long.MAX_VALUE;
        written = true;
        journal.mark(lane, value);
    }

    /** Asks for a mark of the lane of delayed messages at a time. */
    void dueAhead(long timeMs, long nowMs) {
        Mark mark = mark(DUE);
        if (timeMs > mark.asked && mark.asked <= mark.durable) {
            ask(DUE, mark, timeMs, nowMs);
        }
    }

    /** All that was written up to now is in the entry of that number; returns whether that counts as durable at once. */
    boolean handedOver(long number) {
        if (!written) {
            return false;
        }
        written = false;
        waiting = true;
        for (int i = 0; i <= used; i++) {
            Mark mark = i == used ? due : lanes[i];
            if (mark != null && mark.number == Long.MAX_VALUE) {
                mark.number = number;
            }
        }
        return number <= 0 && journalDurable(0);
    }

    /** Whether that moved a mark. */
    boolean journalDurable(long number) {
        if (!waiting) {
            return false;
        }
        boolean moved = false;
        waiting = false;
        for (int i = 0; i <= used; i++) {
            Mark mark = i == used ? due : lanes[i];
            if (mark != null && mark.asked > mark.durable) {
                if (mark.number <= number) {
                    mark.durable = mark.asked;
                    moved = true;
                } else {
                    waiting = true;
                }
            }
        }
        return moved;
    }

    /** Whether a mark was asked for that is not durable yet. */
    boolean underWay() {
        return written || waiting;
    }

    /** A mark that was found in the journal or in a checkpoint. */
    void restore(int lane, long value) {
        Mark mark = mark(lane);
        mark.durable = Math.max(mark.durable, value);
        mark.asked = Math.max(mark.asked, mark.durable);
    }

    /** Number of lanes that may have marks, without {@link #DUE}. */
    int lanes() {
        return used;
    }

    private @Nullable Mark peek(int lane) {
        if (lane == DUE) {
            return due;
        }
        return lane < used ? lanes[lane] : null;
    }

    private Mark mark(int lane) {
        Mark mark = peek(lane);
        if (mark != null) {
            return mark;
        }
        mark = new Mark();
        if (lane == DUE) {
            due = mark;
            return mark;
        }
        if (lane >= lanes.length) {
            lanes = java.util.Arrays.copyOf(lanes, lane + 1);
        }
        used = Math.max(used, lane + 1);
        lanes[lane] = mark;
        return mark;
    }

    /** One lane's. */
    private static final class Mark {
        private long durable;
        private long asked;
        private long askedAtMs = Long.MIN_VALUE / 2;
        private long number;
        private int stride = MIN_STRIDE;
    }
}

package dev.pabal.queue;

import java.util.function.LongConsumer;

/**
 * When messages are due that were held back one by one, and those of them that have become due and wait: so that whoever delivers them may bring
 * together beforehand what lies scattered in the log. Sees a view as it is at the moment, and changes nothing. For the view's thread.
 */
public final class DueTimes {
    private final TimedSet hidden;
    private final TimedSet due;

    DueTimes(ViewState state) {
        this.hidden = state.hidden;
        this.due = state.due;
    }

    /** Wall time in ms at which the first of them is due, or was; {@link Long#MAX_VALUE} where there are none. */
    public long firstMs() {
        return Math.min(due.firstMs(), hidden.firstMs());
    }

    /** Whether the message has become due and waits. */
    public boolean isDue(long offset) {
        return due.contains(offset);
    }

    /**
     * How many are due up to {@code untilMs}, or something above {@code limit} where that are more; costs by what it returns.
     * Messages that were settled before their time may count until then.
     *
     * @param untilMs wall time, inclusive
     */
    public int count(long untilMs, int limit) {
        int count = due.count(untilMs, limit);
        return count > limit ? count : count + hidden.count(untilMs, limit - count);
    }

    /**
     * Shows offsets that are due up to {@code untilMs}, in no order: those of one block of at most 65,536 offsets, the first from {@code from} on
     * that has any times; costs by what it shows. One that was given another time may be shown twice.
     *
     * @param from where a block begins: 0, or what the last call returned
     * @return where to go on, -1 where that was the last block
     */
    public long show(long from, long untilMs, LongConsumer visitor) {
        long number = from >>> Container.BITS;
        long next = Math.min(hidden.nextBlock(number), due.nextBlock(number));
        if (next == Long.MAX_VALUE) {
            return -1;
        }
        hidden.forEachUntil(next, untilMs, visitor);
        due.forEachUntil(next, untilMs, visitor);
        return next + 1 << Container.BITS;
    }
}

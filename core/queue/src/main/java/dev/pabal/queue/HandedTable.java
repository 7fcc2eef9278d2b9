package dev.pabal.queue;

/**
 * What receipts are judged by: of each message that was handed out and is not settled, the last generation and the time of the first handing
 * out. About 54 bytes each at most.
 */
final class HandedTable extends OffsetSlots {
    private long[] firstTimes = new long[FIRST_CAPACITY];
    private int[] generations = new int[FIRST_CAPACITY];

    /** Notes a handing out; returns the time of the first one. */
    long note(long offset, int generation, long nowMs) {
        int before = size();
        int at = add(offset);
        if (size() > before) {
            firstTimes[at] = nowMs;
        }
        generations[at] = generation;
        return firstTimes[at];
    }

    /** Whether that was the last generation in which the message was handed out. */
    boolean isLast(long offset, int generation) {
        int at = slot(offset);
        return at >= 0 && generations[at] == generation;
    }

    /** The last generation, for an offset that is there. */
    int generation(long offset) {
        return generations[slot(offset)];
    }

    /** Wall time of the first handing out, for an offset that is there. */
    long firstMs(long offset) {
        return firstTimes[slot(offset)];
    }

    void forget(long offset) {
        int at = slot(offset);
        if (at >= 0) {
            removeSlot(at);
        }
    }

    /** Forgets a range, at the lesser of the costs by the range and by what is there. */
    void forget(long from, long to) {
        if (to - from <= size()) {
            for (long offset = from; offset < to; offset++) {
                forget(offset);
            }
            return;
        }
        if (size() == 0) {
            return;
        }
        for (long offset : copy()) {
            if (offset >= 0 && offset >= from && offset < to) {
                forget(offset);
            }
        }
    }

    @Override
    void move(int from, int to) {
        firstTimes[to] = firstTimes[from];
        generations[to] = generations[from];
    }

    @Override
    void resize(int capacity, int[] slots) {
        long[] oldTimes = firstTimes;
        int[] oldGenerations = generations;
        firstTimes = new long[capacity];
        generations = new int[capacity];
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] >= 0) {
                firstTimes[slots[i]] = oldTimes[i];
                generations[slots[i]] = oldGenerations[i];
            }
        }
    }
}

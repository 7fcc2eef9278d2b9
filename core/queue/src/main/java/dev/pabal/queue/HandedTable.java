package dev.pabal.queue;

import java.util.Arrays;

/**
 * What receipts are judged by: of each message that was handed out and is not settled, the last generation and the time of the first handing
 * out. Open addressed; about 40 bytes each at most, given back when they go.
 */
final class HandedTable {
    private static final int FIRST_CAPACITY = 4;
    private static final long FREE = -1;

    private long[] offsets = new long[FIRST_CAPACITY];
    private long[] firstTimes = new long[FIRST_CAPACITY];
    private int[] generations = new int[FIRST_CAPACITY];
    private int size;

    HandedTable() {
        Arrays.fill(offsets, FREE);
    }

    int size() {
        return size;
    }

    boolean contains(long offset) {
        return size > 0 && offsets[find(offset)] == offset;
    }

    /** Notes a handing out; returns the time of the first one. */
    long note(long offset, int generation, long nowMs) {
        if ((size + 1) * 4 > offsets.length * 3) {
            resize(offsets.length * 2);
        }
        int at = find(offset);
        if (offsets[at] == FREE) {
            offsets[at] = offset;
            firstTimes[at] = nowMs;
            size++;
        }
        generations[at] = generation;
        return firstTimes[at];
    }

    /** Whether that was the last generation in which the message was handed out. */
    boolean isLast(long offset, int generation) {
        if (size == 0) {
            return false;
        }
        int at = find(offset);
        return offsets[at] == offset && generations[at] == generation;
    }

    /** The last generation, for an offset that is there. */
    int generation(long offset) {
        return generations[find(offset)];
    }

    /** Wall time of the first handing out, for an offset that is there. */
    long firstMs(long offset) {
        return firstTimes[find(offset)];
    }

    void forget(long offset) {
        if (size == 0) {
            return;
        }
        int hole = find(offset);
        if (offsets[hole] != offset) {
            return;
        }
        int mask = offsets.length - 1;
        for (int i = hole + 1 & mask; offsets[i] != FREE; i = i + 1 & mask) {
            int home = home(offsets[i], mask);
            if ((i - home & mask) >= (i - hole & mask)) {
                move(i, hole);
                hole = i;
            }
        }
        offsets[hole] = FREE;
        size--;
        if (offsets.length > 1024 && size < offsets.length / 8) {
            resize(offsets.length / 4);
        }
    }

    /** Forgets a range, at the lesser of the costs by the range and by what is there. */
    void forget(long from, long to) {
        if (size == 0) {
            return;
        }
        if (to - from <= size) {
            for (long offset = from; offset < to; offset++) {
                forget(offset);
            }
            return;
        }
        for (long offset : offsets.clone()) {
            if (offset != FREE && offset >= from && offset < to) {
                forget(offset);
            }
        }
    }

    void clear() {
        size = 0;
        resize(FIRST_CAPACITY);
    }

    private int find(long offset) {
        int mask = offsets.length - 1;
        int at = home(offset, mask);
        while (offsets[at] != FREE && offsets[at] != offset) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void move(int from, int to) {
        offsets[to] = offsets[from];
        firstTimes[to] = firstTimes[from];
        generations[to] = generations[from];
    }

    private void resize(int capacity) {
        long[] oldOffsets = offsets;
        long[] oldTimes = firstTimes;
        int[] oldGenerations = generations;
        boolean copy = size > 0;
        offsets = new long[capacity];
        firstTimes = new long[capacity];
        generations = new int[capacity];
        Arrays.fill(offsets, FREE);
        for (int i = 0; copy && i < oldOffsets.length; i++) {
            if (oldOffsets[i] != FREE) {
                int at = find(oldOffsets[i]);
                offsets[at] = oldOffsets[i];
                firstTimes[at] = oldTimes[i];
                generations[at] = oldGenerations[i];
            }
        }
    }

    private static int home(long offset, int mask) {
        return (int) (offset * 0x9E3779B97F4A7C15L >>> 32) & mask;
    }
}

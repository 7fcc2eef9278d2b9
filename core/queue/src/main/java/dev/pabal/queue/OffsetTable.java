package dev.pabal.queue;

import java.util.Arrays;

/** A number per offset, for those offsets that have one. Open addressed; 24 bytes each at most, given back when they go. */
final class OffsetTable {
    /** No number. */
    static final int NONE = Integer.MIN_VALUE;

    private static final int FIRST_CAPACITY = 4;

    private long[] offsets = new long[FIRST_CAPACITY];
    private int[] values = new int[FIRST_CAPACITY];
    private int size;

    OffsetTable() {
        Arrays.fill(values, NONE);
    }

    int size() {
        return size;
    }

    int get(long offset) {
        return size == 0 ? NONE : values[find(offset)];
    }

    void put(long offset, int value) {
        if ((size + 1) * 4 > offsets.length * 3) {
            resize(offsets.length * 2);
        }
        int at = find(offset);
        if (values[at] == NONE) {
            offsets[at] = offset;
            size++;
        }
        values[at] = value;
    }

    /** Returns the number it had. */
    int remove(long offset) {
        if (size == 0) {
            return NONE;
        }
        int mask = offsets.length - 1;
        int hole = find(offset);
        int value = values[hole];
        if (value == NONE) {
            return NONE;
        }
        for (int i = hole + 1 & mask; values[i] != NONE; i = i + 1 & mask) {
            int home = home(offsets[i], mask);
            if ((i - home & mask) >= (i - hole & mask)) {
                offsets[hole] = offsets[i];
                values[hole] = values[i];
                hole = i;
            }
        }
        values[hole] = NONE;
        size--;
        if (offsets.length > 1024 && size < offsets.length / 8) {
            resize(offsets.length / 4);
        }
        return value;
    }

    void clear() {
        size = 0;
        resize(FIRST_CAPACITY);
    }

    private int find(long offset) {
        int mask = offsets.length - 1;
        int at = home(offset, mask);
        while (values[at] != NONE && offsets[at] != offset) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void resize(int capacity) {
        long[] oldOffsets = offsets;
        int[] oldValues = values;
        boolean copy = size > 0;
        offsets = new long[capacity];
        values = new int[capacity];
        Arrays.fill(values, NONE);
        for (int i = 0; copy && i < oldOffsets.length; i++) {
            if (oldValues[i] != NONE) {
                int at = find(oldOffsets[i]);
                offsets[at] = oldOffsets[i];
                values[at] = oldValues[i];
            }
        }
    }

    private static int home(long offset, int mask) {
        return (int) (offset * 0x9E3779B97F4A7C15L >>> 32) & mask;
    }
}

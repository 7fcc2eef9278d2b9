package dev.pabal.queue;

import java.util.Arrays;

/**
 * Offsets in an open addressed table, each in a slot of its own; a subclass keeps what it knows of them in arrays by slot. It grows with the
 * offsets, and is given back when they go. A slot holds until something is added or removed.
 */
abstract class OffsetSlots {
    /** Slots that there are at first: so long are a subclass's arrays then. */
    static final int FIRST_CAPACITY = 4;

    private static final int SMALL_CAPACITY = 1024;
    private static final long FREE = -1;

    private long[] offsets = free(FIRST_CAPACITY);
    private int size;

    final int size() {
        return size;
    }

    final boolean contains(long offset) {
        return slot(offset) >= 0;
    }

    /** The slot of an offset, -1 where it has none. */
    final int slot(long offset) {
        if (size == 0) {
            return -1;
        }
        int at = find(offset);
        return offsets[at] == offset ? at : -1;
    }

    /** Gives the offset a slot, where it has none; returns it. */
    final int add(long offset) {
        if ((size + 1) * 4 > offsets.length * 3) {
            resize(offsets.length * 2);
        }
        int at = find(offset);
        if (offsets[at] == FREE) {
            offsets[at] = offset;
            size++;
        }
        return at;
    }

    /** Takes out the offset in a slot. */
    final void removeSlot(int slot) {
        int mask = offsets.length - 1;
        int hole = slot;
        for (int i = hole + 1 & mask; offsets[i] != FREE; i = i + 1 & mask) {
            int home = home(offsets[i], mask);
            if ((i - home & mask) >= (i - hole & mask)) {
                offsets[hole] = offsets[i];
                move(i, hole);
                hole = i;
            }
        }
        offsets[hole] = FREE;
        size--;
        if (offsets.length > SMALL_CAPACITY && size < offsets.length / 8) {
            resize(offsets.length / 4);
        }
    }

    /** All offsets that are there, and free places, which are negative. */
    final long[] copy() {
        return offsets.clone();
    }

    final void clear() {
        size = 0;
        offsets = free(FIRST_CAPACITY);
        resize(FIRST_CAPACITY, new int[0]);
    }

    /** What is kept in one slot belongs into another. */
    abstract void move(int from, int to);

    /**
     * There are so many slots now.
     *
     * @param slots for each slot there was, where what is kept in it belongs now, -1 = nowhere
     */
    abstract void resize(int capacity, int[] slots);

    private void resize(int capacity) {
        long[] old = offsets;
        offsets = free(capacity);
        int[] slots = new int[old.length];
        for (int i = 0; i < old.length; i++) {
            slots[i] = old[i] == FREE ? -1 : find(old[i]);
            if (slots[i] >= 0) {
                offsets[slots[i]] = old[i];
            }
        }
        resize(capacity, slots);
    }

    private int find(long offset) {
        int mask = offsets.length - 1;
        int at = home(offset, mask);
        while (offsets[at] != FREE && offsets[at] != offset) {
            at = at + 1 & mask;
        }
        return at;
    }

    private static long[] free(int capacity) {
        long[] free = new long[capacity];
        Arrays.fill(free, FREE);
        return free;
    }

    private static int home(long offset, int mask) {
        return (int) (offset * 0x9E3779B97F4A7C15L >>> 32) & mask;
    }
}

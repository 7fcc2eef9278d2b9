package dev.pabal.queue;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The messages that somebody holds, in parallel arrays (about 48 bytes each), found by offset, by holder and by deadline. Slots are numbers that
 * hold until the next {@link #add}.
 */
final class InFlightTable {
    private static final int FIRST_CAPACITY = 4;
    private static final int NONE = -1;

    private long[] offsets = new long[FIRST_CAPACITY];
    private long[] deadlines = new long[FIRST_CAPACITY];
    private int[] generations = new int[FIRST_CAPACITY];
    private int[] holders = new int[FIRST_CAPACITY];
    private int[] sizes = new int[FIRST_CAPACITY];
    private int[] next = new int[FIRST_CAPACITY];
    private int[] previous = new int[FIRST_CAPACITY];
    private byte[] lanes = new byte[FIRST_CAPACITY];
    private int[] index = new int[FIRST_CAPACITY * 2];
    private int free = NONE;
    private int highest;
    private int size;

    private HolderTable heads = new HolderTable();
    private DeadlineHeap heap = new DeadlineHeap();

    InFlightTable() {
        Arrays.fill(index, NONE);
    }

    int size() {
        return size;
    }

    /** The slot of an offset, -1 where it is not in flight. */
    int find(long offset) {
        int mask = index.length - 1;
        for (int i = home(offset, mask); index[i] != NONE; i = (i + 1) & mask) {
            if (offsets[index[i]] == offset) {
                return index[i];
            }
        }
        return NONE;
    }

    /** Takes in an offset that is not there; {@code deadlineMs} {@link Long#MAX_VALUE} = none. Returns the slot. */
    int add(long offset, int generation, int holder, long deadlineMs, int lane) {
        int slot = takeSlot();
        offsets[slot] = offset;
        generations[slot] = generation;
        holders[slot] = holder;
        lanes[slot] = (byte) lane;
        sizes[slot] = 0;
        deadlines[slot] = deadlineMs;
        int mask = index.length - 1;
        int i = home(offset, mask);
        while (index[i] != NONE) {
            i = (i + 1) & mask;
        }
        index[i] = slot;
        link(slot, holder);
        if (deadlineMs != Long.MAX_VALUE) {
            heap.add(slot, deadlineMs, offsets[slot]);
        }
        size++;
        return slot;
    }

    void remove(int slot) {
        unindex(slot);
        unlink(slot);
        if (deadlines[slot] != Long.MAX_VALUE) {
            heap.remove(slot);
        }
        next[slot] = free;
        free = slot;
        size--;
        if (size == 0) {
            free = NONE;
            highest = 0;
            if (offsets.length > 1024) {
                resize(FIRST_CAPACITY);
            }
        }
    }

    /** Nothing is in flight any more. */
    void clear() {
        if (size > 0) {
            heads = new HolderTable();
            heap = new DeadlineHeap();
            size = 0;
            highest = 0;
            free = NONE;
            resize(FIRST_CAPACITY);
        }
    }

    void deadline(int slot, long deadlineMs) {
        if (deadlines[slot] != Long.MAX_VALUE) {
            heap.remove(slot);
        }
        deadlines[slot] = deadlineMs;
        if (deadlineMs != Long.MAX_VALUE) {
            heap.add(slot, deadlineMs, offsets[slot]);
        }
    }

    long offset(int slot) {
        return offsets[slot];
    }

    int generation(int slot) {
        return generations[slot];
    }

    int holder(int slot) {
        return holders[slot];
    }

    long deadlineMs(int slot) {
        return deadlines[slot];
    }

    int lane(int slot) {
        return lanes[slot] & 0xFF;
    }

    int bodySize(int slot) {
        return sizes[slot];
    }

    void bodySize(int slot, int bytes) {
        sizes[slot] = bytes;
    }

    /** Earliest deadline, {@link Long#MAX_VALUE} where there is none. */
    long nextDeadlineMs() {
        return heap.firstMs();
    }

    /** The slot with the earliest deadline. */
    int nextDeadlineSlot() {
        return heap.firstSlot();
    }

    /** Offsets that a holder has, in order. */
    long[] heldBy(int holder) {
        long[] held = new long[16];
        int count = 0;
        for (int slot = heads.head(holder); slot != NONE; slot = next[slot]) {
            if (count == held.length) {
                held = Arrays.copyOf(held, count * 2);
            }
            held[count++] = offsets[slot];
        }
        long[] found = Arrays.copyOf(held, count);
        Arrays.sort(found);
        return found;
    }

    /** Forgets a holder that has nothing. */
    void forget(int holder) {
        heads.remove(holder);
    }

    void forEach(LongConsumer visitor) {
        for (int slot : index) {
            if (slot != NONE) {
                visitor.accept(offsets[slot]);
            }
        }
    }

    /** All offsets, in order. */
    long[] offsets() {
        long[] all = new long[size];
        int count = 0;
        for (int slot : index) {
            if (slot != NONE) {
                all[count++] = offsets[slot];
            }
        }
        Arrays.sort(all);
        return all;
    }

    private int takeSlot() {
        if (free != NONE) {
            int slot = free;
            free = next[slot];
            return slot;
        }
        if (highest == offsets.length) {
            resize(highest * 2);
        }
        return highest++;
    }

    private void link(int slot, int holder) {
        int head = heads.head(holder);
        next[slot] = head;
        previous[slot] = NONE;
        if (head != NONE) {
            previous[head] = slot;
        }
        heads.head(holder, slot);
    }

    private void unlink(int slot) {
        if (next[slot] != NONE) {
            previous[next[slot]] = previous[slot];
        }
        if (previous[slot] != NONE) {
            next[previous[slot]] = next[slot];
        } else {
            heads.head(holders[slot], next[slot]);
        }
    }

    private void unindex(int slot) {
        int mask = index.length - 1;
        int hole = home(offsets[slot], mask);
        while (index[hole] != slot) {
            hole = (hole + 1) & mask;
        }
        for (int i = (hole + 1) & mask; index[i] != NONE; i = (i + 1) & mask) {
            int home = home(offsets[index[i]], mask);
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                index[hole] = index[i];
                hole = i;
            }
        }
        index[hole] = NONE;
    }

    private void resize(int capacity) {
        offsets = Arrays.copyOf(offsets, capacity);
        deadlines = Arrays.copyOf(deadlines, capacity);
        generations = Arrays.copyOf(generations, capacity);
        holders = Arrays.copyOf(holders, capacity);
        sizes = Arrays.copyOf(sizes, capacity);
        next = Arrays.copyOf(next, capacity);
        previous = Arrays.copyOf(previous, capacity);
        lanes = Arrays.copyOf(lanes, capacity);
        int[] before = index;
        index = new int[capacity * 2];
        Arrays.fill(index, NONE);
        int mask = index.length - 1;
        for (int slot : before) {
            if (size > 0 && slot != NONE) {
                int i = home(offsets[slot], mask);
                while (index[i] != NONE) {
                    i = (i + 1) & mask;
                }
                index[i] = slot;
            }
        }
    }

    private static int home(long offset, int mask) {
        long mixed = offset * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & mask;
    }
}

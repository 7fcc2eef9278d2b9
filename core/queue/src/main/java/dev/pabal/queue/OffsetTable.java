package dev.pabal.queue;

/** A number per offset, for those offsets that have one; about 32 bytes each at most. */
final class OffsetTable extends OffsetSlots {
    /** No number. */
    static final int NONE = Integer.MIN_VALUE;

    private int[] values = new int[FIRST_CAPACITY];

    int get(long offset) {
        int at = slot(offset);
        return at < 0 ? NONE : values[at];
    }

    void put(long offset, int value) {
        int at = add(offset);
        values[at] = value;
    }

    /** Returns the number it had. */
    int remove(long offset) {
        int at = slot(offset);
        if (at < 0) {
            return NONE;
        }
        int value = values[at];
        removeSlot(at);
        return value;
    }

    @Override
    void move(int from, int to) {
        values[to] = values[from];
    }

    @Override
    void resize(int capacity, int[] slots) {
        int[] old = values;
        values = new int[capacity];
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] >= 0) {
                values[slots[i]] = old[i];
            }
        }
    }
}

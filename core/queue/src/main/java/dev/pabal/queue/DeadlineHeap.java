package dev.pabal.queue;

import java.util.Arrays;

/** Slots by their deadlines, the earliest first and of equals the lowest offset: a binary heap that knows where each slot lies, so that one can be taken out anywhere. */
final class DeadlineHeap {
    private long[] times = new long[4];
    private long[] offsets = new long[4];
    private int[] slots = new int[4];
    private int[] places = new int[4];
    private int size;

    long firstMs() {
        return size == 0 ? Long.MAX_VALUE : times[0];
    }

    int firstSlot() {
        return size == 0 ? -1 : slots[0];
    }

    void add(int slot, long timeMs, long offset) {
        if (size == slots.length) {
            slots = Arrays.copyOf(slots, size * 2);
            times = Arrays.copyOf(times, size * 2);
            offsets = Arrays.copyOf(offsets, size * 2);
        }
        if (slot >= places.length) {
            places = Arrays.copyOf(places, Math.max(places.length * 2, slot + 1));
        }
        up(size++, slot, timeMs, offset);
    }

    void remove(int slot) {
        int place = places[slot];
        size--;
        if (place == size) {
            return;
        }
        int moved = slots[size];
        long timeMs = times[size];
        long offset = offsets[size];
        if (place > 0 && !isBefore((place - 1) >>> 1, timeMs, offset)) {
            up(place, moved, timeMs, offset);
        } else {
            down(place, moved, timeMs, offset);
        }
    }

    private void up(int from, int slot, long timeMs, long offset) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (isBefore(parent, timeMs, offset)) {
                break;
            }
            put(place, slots[parent], times[parent], offsets[parent]);
            place = parent;
        }
        put(place, slot, timeMs, offset);
    }

    private void down(int from, int slot, long timeMs, long offset) {
        int place = from;
        while (place * 2 + 1 < size) {
            int child = place * 2 + 1;
            if (child + 1 < size && isBefore(child + 1, times[child], offsets[child])) {
                child++;
            }
            if (!isBefore(child, timeMs, offset)) {
                break;
            }
            put(place, slots[child], times[child], offsets[child]);
            place = child;
        }
        put(place, slot, timeMs, offset);
    }

    private boolean isBefore(int place, long timeMs, long offset) {
        return times[place] < timeMs || times[place] == timeMs && offsets[place] < offset;
    }

    private void put(int place, int slot, long timeMs, long offset) {
        slots[place] = slot;
        times[place] = timeMs;
        offsets[place] = offset;
        places[slot] = place;
    }
}

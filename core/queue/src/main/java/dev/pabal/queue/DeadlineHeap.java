package dev.pabal.queue;

import java.util.Arrays;

/** Slots by their deadlines, the earliest first: a binary heap that knows where each slot lies, so that one can be taken out anywhere. */
final class DeadlineHeap {
    private long[] times = new long[4];
    private int[] slots = new int[4];
    private int[] places = new int[4];
    private int size;

    long firstMs() {
        return size == 0 ? Long.MAX_VALUE : times[0];
    }

    int firstSlot() {
        return size == 0 ? -1 : slots[0];
    }

    void add(int slot, long timeMs) {
        if (size == slots.length) {
            slots = Arrays.copyOf(slots, size * 2);
            times = Arrays.copyOf(times, size * 2);
        }
        if (slot >= places.length) {
            places = Arrays.copyOf(places, Math.max(places.length * 2, slot + 1));
        }
        up(size++, slot, timeMs);
    }

    void remove(int slot) {
        int place = places[slot];
        size--;
        if (place == size) {
            return;
        }
        int moved = slots[size];
        long timeMs = times[size];
        if (place > 0 && times[(place - 1) >>> 1] > timeMs) {
            up(place, moved, timeMs);
        } else {
            down(place, moved, timeMs);
        }
    }

    private void up(int from, int slot, long timeMs) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (times[parent] <= timeMs) {
                break;
            }
            put(place, slots[parent], times[parent]);
            place = parent;
        }
        put(place, slot, timeMs);
    }

    private void down(int from, int slot, long timeMs) {
        int place = from;
        while (place * 2 + 1 < size) {
            int child = place * 2 + 1;
            if (child + 1 < size && times[child + 1] < times[child]) {
                child++;
            }
            if (times[child] >= timeMs) {
                break;
            }
            put(place, slots[child], times[child]);
            place = child;
        }
        put(place, slot, timeMs);
    }

    private void put(int place, int slot, long timeMs) {
        slots[place] = slot;
        times[place] = timeMs;
        places[slot] = place;
    }
}

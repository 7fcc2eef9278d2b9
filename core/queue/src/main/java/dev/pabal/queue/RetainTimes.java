package dev.pabal.queue;

import java.nio.ByteBuffer;

/**
 * When offsets were settled, for queues that keep settled messages for a while: times at which everything below an offset was, at most 128 of them
 * and at most a sixty-fourth of the time to keep apart.
 */
final class RetainTimes {
    private static final int CAPACITY = 128;
    private static final int PARTS = 64;

    /** Empty until the first time is known: most queues keep nothing. */
    private long[] floors = {};

    private long[] times = {};
    private int first;
    private int size;
    private long beganMs;
    private long nowMs;

    void settled(long floor, long timeMs, long retainMs) {
        nowMs = timeMs;
        int last = first + size - 1 & CAPACITY - 1;
        if (size > 0 && floors[last] >= floor) {
            return;
        }
        if (size > 0 && timeMs - beganMs < retainMs / PARTS) {
            floors[last] = floor;
            times[last] = Math.max(times[last], timeMs);
            return;
        }
        while (size > 1 && times[first] + retainMs <= timeMs || size == CAPACITY) {
            first = first + 1 & CAPACITY - 1;
            size--;
        }
        makeRoom();
        int at = first + size++ & CAPACITY - 1;
        floors[at] = floor;
        times[at] = timeMs;
        beganMs = timeMs;
    }

    private void makeRoom() {
        if (floors.length == 0) {
            floors = new long[CAPACITY];
            times = new long[CAPACITY];
        }
    }

    /** When the offset was settled at the latest; now, where that is not known. */
    long settledMs(long offset) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (floors[first + middle & CAPACITY - 1] > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == size ? nowMs : times[first + low & CAPACITY - 1];
    }

    void write(Bytes out) {
        out.putVar(size);
        for (int i = 0; i < size; i++) {
            out.putVar(floors[first + i & CAPACITY - 1]);
            out.putVar(times[first + i & CAPACITY - 1]);
        }
    }

    void read(ByteBuffer in) {
        size = (int) Bytes.readVar(in);
        first = 0;
        if (size > 0) {
            makeRoom();
        }
        for (int i = 0; i < size; i++) {
            floors[i] = Bytes.readVar(in);
            times[i] = Bytes.readVar(in);
            beganMs = times[i];
            nowMs = Math.max(nowMs, times[i]);
        }
    }
}

package dev.pabal.log.local;

import dev.pabal.log.Log.EpochEnd;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** At which offset each epoch of one log starts; guarded by the log's lock. */
final class Epochs {
    private int[] epochs = new int[1];
    private long[] starts = new long[1];
    private int size;

    /** Batches from {@code offset} on carry {@code epoch}. What a later offset said before is forgotten. */
    void assign(int epoch, long offset) {
        if (size > 0 && epochs[size - 1] >= epoch) {
            return;
        }
        while (size > 0 && starts[size - 1] >= offset) {
            size--; // an epoch in which nothing was written
        }
        if (size == epochs.length) {
            epochs = Arrays.copyOf(epochs, size * 2);
            starts = Arrays.copyOf(starts, size * 2);
        }
        epochs[size] = epoch;
        starts[size] = offset;
        size++;
    }

    /** The log starts at {@code offset} now: epochs that end before it have nothing left to say. */
    void trim(long offset) {
        int drop = 0;
        while (drop + 1 < size && starts[drop + 1] <= offset) {
            drop++;
        }
        if (drop > 0) {
            System.arraycopy(epochs, drop, epochs, 0, size - drop);
            System.arraycopy(starts, drop, starts, 0, size - drop);
            size -= drop;
        }
    }

    EpochEnd end(int epoch, long durableEnd) {
        int found = size - 1;
        while (found >= 0 && epochs[found] > epoch) {
            found--;
        }
        if (found < 0) {
            return EpochEnd.UNKNOWN;
        }
        return new EpochEnd(epochs[found], found + 1 < size ? Math.min(starts[found + 1], durableEnd) : durableEnd);
    }

    /** The epoch that holds at {@code offset}; -1 where it is not known. */
    int at(long offset) {
        for (int i = size - 1; i >= 0; i--) {
            if (starts[i] <= offset) {
                return epochs[i];
            }
        }
        return -1;
    }

    int savedBytes() {
        return Integer.BYTES + size * (Integer.BYTES + Long.BYTES);
    }

    void save(ByteBuffer to) {
        to.putInt(size);
        for (int i = 0; i < size; i++) {
            to.putInt(epochs[i]).putLong(starts[i]);
        }
    }

    void load(ByteBuffer from) {
        int count = from.getInt();
        for (int i = 0; i < count; i++) {
            assign(from.getInt(), from.getLong());
        }
    }
}

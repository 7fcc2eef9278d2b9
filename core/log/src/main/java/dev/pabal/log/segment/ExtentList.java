package dev.pabal.log.segment;

import dev.pabal.log.LogId;
import java.util.Arrays;

/**
 * A growing table of extents, in columns: the sparse index of offsets and timestamps. Within a part the extents are in offset order.
 * Not safe for use by several threads while it grows.
 */
final class ExtentList {
    /** Bytes of memory that one extent takes. */
    static final int ENTRY_BYTES = 5 * Long.BYTES + Integer.BYTES;

    private int size;
    private long[] base;
    private long[] next;
    private long[] position;
    private long[] maxTimestamp;
    private long[] maxTimestampOffset;
    private int[] length;

    ExtentList(int capacity) {
        base = new long[capacity];
        next = new long[capacity];
        position = new long[capacity];
        maxTimestamp = new long[capacity];
        maxTimestampOffset = new long[capacity];
        length = new int[capacity];
    }

    int size() {
        return size;
    }

    long baseOffset(int i) {
        return base[i];
    }

    long nextOffset(int i) {
        return next[i];
    }

    long position(int i) {
        return position[i];
    }

    int sizeInBytes(int i) {
        return length[i];
    }

    long maxTimestamp(int i) {
        return maxTimestamp[i];
    }

    long maxTimestampOffset(int i) {
        return maxTimestampOffset[i];
    }

    void add(long baseOffset, long nextOffset, long at, int sizeInBytes, long timestamp, long timestampOffset) {
        if (size == base.length) {
            grow(Math.max(4, size * 2));
        }
        base[size] = baseOffset;
        next[size] = nextOffset;
        position[size] = at;
        length[size] = sizeInBytes;
        maxTimestamp[size] = timestamp;
        maxTimestampOffset[size] = timestampOffset;
        size++;
    }

    void addAll(ExtentList other, int from, int to) {
        for (int i = from; i < to; i++) {
            add(
                    other.base[i],
                    other.next[i],
                    other.position[i],
                    other.length[i],
                    other.maxTimestamp[i],
                    other.maxTimestampOffset[i]);
        }
    }

    Extent extent(LogId log, SegmentFile file, int i) {
        return new Extent(log, file, base[i], next[i], position[i], length[i], maxTimestamp[i], maxTimestampOffset[i]);
    }

    /** The first extent from {@code from} to before {@code to} that ends after {@code offset}; {@code to} where none does. */
    int firstEndingAfter(long offset, int from, int to) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (next[middle] > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private void grow(int capacity) {
        base = Arrays.copyOf(base, capacity);
        next = Arrays.copyOf(next, capacity);
        position = Arrays.copyOf(position, capacity);
        maxTimestamp = Arrays.copyOf(maxTimestamp, capacity);
        maxTimestampOffset = Arrays.copyOf(maxTimestampOffset, capacity);
        length = Arrays.copyOf(length, capacity);
    }
}

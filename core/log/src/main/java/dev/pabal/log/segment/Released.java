package dev.pabal.log.segment;

import java.util.Arrays;

/**
 * Offsets of one log that nobody will read again, as ranges that neither overlap nor touch. Any thread.
 *
 * <p>Bounded: where there are {@value #MAX_RANGES} ranges, one that joins none of them is forgotten. That costs the space of its records
 * until the log is trimmed, and nothing else.
 */
public final class Released {
    static final int MAX_RANGES = 16_384;

    private long[] from = new long[1];
    private long[] to = new long[1];
    private int size;

    /** Where segments have to look for what is new; empty where {@code lookFrom >= lookTo}. */
    private long lookFrom = Long.MAX_VALUE;

    private long lookTo = Long.MIN_VALUE;

    /** Adds the offsets from {@code first} to before {@code end}. */
    public synchronized void add(long first, long end) {
        if (first >= end) {
            return;
        }
        int low = firstEndingAtOrAfter(first);
        int high = low;
        long joinedFrom = first;
        long joinedTo = end;
        while (high < size && from[high] <= end) {
            joinedFrom = Math.min(joinedFrom, from[high]);
            joinedTo = Math.max(joinedTo, to[high]);
            high++;
        }
        if (high == low) {
            insert(low, first, end);
            return;
        }
        from[low] = joinedFrom;
        to[low] = joinedTo;
        remove(low + 1, high);
    }

    /** Index of the first range that ends at or after {@code offset}. */
    private int firstEndingAtOrAfter(long offset) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (to[middle] >= offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private void insert(int at, long first, long end) {
        if (size == MAX_RANGES) {
            return;
        }
        if (size == from.length) {
            from = Arrays.copyOf(from, size * 2);
            to = Arrays.copyOf(to, size * 2);
        }
        System.arraycopy(from, at, from, at + 1, size - at);
        System.arraycopy(to, at, to, at + 1, size - at);
        from[at] = first;
        to[at] = end;
        size++;
    }

    private void remove(int first, int end) {
        System.arraycopy(from, end, from, first, size - end);
        System.arraycopy(to, end, to, first, size - end);
        size -= end - first;
    }

    /** Whether all offsets from {@code first} to before {@code end} are released. */
    public synchronized boolean covers(long first, long end) {
        int i = firstEndingAtOrAfter(end);
        return i < size && from[i] <= first;
    }

    /** How many offsets from {@code first} to before {@code end} are released. */
    synchronized long count(long first, long end) {
        long count = 0;
        for (int i = firstEndingAtOrAfter(first); i < size && from[i] < end; i++) {
            count += Math.max(0, Math.min(end, to[i]) - Math.max(first, from[i]));
        }
        return count;
    }

    /** The log starts at {@code start} now: what lies before it is of no interest. */
    public synchronized void trim(long start) {
        int drop = firstEndingAtOrAfter(start + 1);
        remove(0, drop);
        if (size > 0 && from[0] < start) {
            from[0] = start;
        }
        lookFrom = Math.max(lookFrom, start);
    }

    /** Something from {@code first} to before {@code end} is new; returns whether nothing was before. */
    public synchronized boolean look(long first, long end) {
        boolean none = lookFrom >= lookTo;
        lookFrom = Math.min(lookFrom, first);
        lookTo = Math.max(lookTo, end);
        return none;
    }

    /** Takes what is new: the first offset and the one behind the last, the first not before the second where there is nothing. */
    synchronized long[] takeLook() {
        long[] taken = {lookFrom, lookTo};
        lookFrom = Long.MAX_VALUE;
        lookTo = Long.MIN_VALUE;
        return taken;
    }
}

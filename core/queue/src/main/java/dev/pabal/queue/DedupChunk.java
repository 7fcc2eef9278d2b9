package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Up to {@link #SIZE} ids of a {@link DedupWindow}, about in the order of their time: 24 bytes each.
 *
 * <pre>
 *   number v | begin v | offset that others are counted from v | ids v | per id: 16 bytes hash | time after the begin z | offset z, plus 1
 *   z = zigzag varint of a difference; an offset is 0 where the id does not count any more
 * </pre>
 */
final class DedupChunk {
    /** Most ids of a chunk; a power of two. */
    static final int SIZE = 8192;
    /** The offset of an id whose message is on its way. */
    static final long CLAIMED = -1;

    private static final int IS_CLAIMED = Integer.MIN_VALUE;
    private static final int IS_DROPPED = Integer.MIN_VALUE + 1;
    private static final int FIRST_CAPACITY = 4;

    private final long number;
    private final long beginMs;
    /** Offsets are counted from it; -1 where there is none yet. */
    private long base = -1;

    private long[] highs = new long[FIRST_CAPACITY];
    private long[] lows = new long[FIRST_CAPACITY];
    private int[] offsets = new int[FIRST_CAPACITY];
    private int[] times = new int[FIRST_CAPACITY];
    private int size;
    private long lastMs;

    DedupChunk(long number, long beginMs) {
        this.number = number;
        this.beginMs = beginMs;
        this.lastMs = beginMs;
    }

    /** Where the id of that number stands in its chunk. */
    static int place(long number) {
        return (int) number & SIZE - 1;
    }

    long number() {
        return number;
    }

    int size() {
        return size;
    }

    long high(int at) {
        return highs[at];
    }

    long low(int at) {
        return lows[at];
    }

    long timeMs(int at) {
        return beginMs + times[at];
    }

    /** The latest time of an id. */
    long lastMs() {
        return lastMs;
    }

    long offset(int at) {
        return base + offsets[at];
    }

    boolean isClaimed(int at) {
        return offsets[at] == IS_CLAIMED;
    }

    /** Whether the id does not count any more. */
    boolean isDropped(int at) {
        return offsets[at] == IS_DROPPED;
    }

    void drop(int at) {
        offsets[at] = IS_DROPPED;
    }

    /** Whether there is room for one more, of that offset or {@link #CLAIMED}. */
    boolean takes(long offset, long timeMs) {
        boolean near = Math.abs(timeMs - beginMs) < Integer.MAX_VALUE;
        return size < SIZE && near && (offset == CLAIMED || reaches(offset));
    }

    /** Adds an id; returns its place. */
    int add(long high, long low, long offset, long timeMs) {
        if (size == highs.length) {
            int capacity = Math.min(SIZE, size * 2);
            highs = Arrays.copyOf(highs, capacity);
            lows = Arrays.copyOf(lows, capacity);
            offsets = Arrays.copyOf(offsets, capacity);
            times = Arrays.copyOf(times, capacity);
        }
        int at = size++;
        highs[at] = high;
        lows[at] = low;
        times[at] = (int) (timeMs - beginMs);
        lastMs = Math.max(lastMs, timeMs);
        offsets[at] = IS_CLAIMED;
        if (offset != CLAIMED) {
            resolve(at, offset);
        }
        return at;
    }

    /** The offset of a claimed one is known; false where it is out of reach. */
    boolean resolve(int at, long offset) {
        if (!reaches(offset)) {
            return false;
        }
        base = base < 0 ? offset : base;
        offsets[at] = (int) (offset - base);
        return true;
    }

    private boolean reaches(long offset) {
        return base < 0 || Math.abs(offset - base) < Integer.MAX_VALUE;
    }

    void write(Bytes out) {
        out.putVar(number);
        out.putVar(beginMs);
        out.putVar(Math.max(0, base));
        out.putVar(size);
        for (int at = 0; at < size; at++) {
            out.putLong(highs[at]);
            out.putLong(lows[at]);
            out.putVar(coded(times[at]));
            out.putVar(isClaimed(at) || isDropped(at) ? 0 : coded(offsets[at]) + 1);
        }
    }

    static DedupChunk read(ByteBuffer in) {
        DedupChunk chunk = new DedupChunk(Bytes.readVar(in), Bytes.readVar(in));
        chunk.base = Bytes.readVar(in);
        for (long left = Bytes.readVar(in); left > 0; left--) {
            long high = in.getLong();
            long low = in.getLong();
            int at = chunk.add(high, low, CLAIMED, chunk.beginMs + decoded(Bytes.readVar(in)));
            long coded = Bytes.readVar(in) - 1;
            chunk.offsets[at] = coded < 0 ? IS_DROPPED : (int) decoded(coded);
        }
        return chunk;
    }

    private static long coded(long difference) {
        return difference << 1 ^ difference >> 63;
    }

    private static long decoded(long coded) {
        return coded >>> 1 ^ -(coded & 1);
    }
}

package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Ids that were used lately, with the offset of the message that used them first. Kept in generations of a sixth of the window, so that old ones go
 * at once; exact to the millisecond nevertheless. About 50 bytes per id.
 *
 * <pre>
 *   piece of a generation: number v | begin v | ids v | per id: 16 bytes hash | offset v | time after the begin v
 * </pre>
 */
final class DedupWindow {
    private static final int GENERATIONS = 6;

    private final ArrayDeque<Generation> generations = new ArrayDeque<>();
    /** Numbers grow even where all generations went: a checkpoint takes a lower one for one that it has shown. */
    private long nextNumber;

    /** The offset that was remembered for the id within the window, otherwise -1. */
    long find(long high, long low, long nowMs, long windowMs) {
        expire(nowMs, windowMs);
        for (Generation generation : generations) {
            int at = generation.find(high, low);
            if (generation.times[at] != 0 && generation.timeMs(at) + windowMs > nowMs) {
                return generation.offsets[at];
            }
        }
        return -1;
    }

    void remember(long high, long low, long offset, long nowMs, long windowMs) {
        Generation last = generations.peekLast();
        long step = Math.max(1, windowMs / GENERATIONS);
        if (last == null || nowMs >= last.beginMs + step) {
            last = new Generation(nextNumber++, nowMs);
            generations.addLast(last);
        }
        last.put(high, low, offset, Math.max(nowMs, last.beginMs));
    }

    /** Drops generations whose ids are all too old. */
    void expire(long nowMs, long windowMs) {
        Generation first = generations.peekFirst();
        while (first != null && first.lastMs + windowMs <= nowMs) {
            generations.removeFirst();
            first = generations.peekFirst();
        }
    }

    /** Number of the oldest generation, -1 where there is none. */
    long firstNumber() {
        return generations.isEmpty() ? -1 : generations.peekFirst().number;
    }

    /** Shows generations from a number on. */
    void write(long from, OffsetLine.ChunkVisitor visitor) {
        for (Generation generation : generations) {
            if (generation.number >= from) {
                Bytes out = new Bytes(64 + generation.size * 24);
                generation.write(out);
                visitor.chunk(generation.number, out);
            }
        }
    }

    /** The number of the generation that grows, -1 where there is none. */
    long lastNumber() {
        return generations.isEmpty() ? -1 : generations.peekLast().number;
    }

    /** Takes in a generation; returns its number. */
    long read(ByteBuffer in) {
        Generation read = new Generation(Bytes.readVar(in), Bytes.readVar(in));
        for (long left = Bytes.readVar(in); left > 0; left--) {
            long high = in.getLong();
            long low = in.getLong();
            long offset = Bytes.readVar(in);
            read.put(high, low, offset, read.beginMs + Bytes.readVar(in));
        }
        nextNumber = Math.max(nextNumber, read.number + 1);
        generations.add(read);
        Generation[] sorted = generations.toArray(new Generation[0]);
        Arrays.sort(sorted, (a, b) -> Long.compare(a.number, b.number));
        generations.clear();
        generations.addAll(Arrays.asList(sorted));
        return read.number;
    }

    /** Ids of one span of time; a time of 0 marks a free place, others are counted from the begin, plus 1. */
    private static final class Generation {
        private final long number;
        private final long beginMs;
        private long lastMs;
        private long[] highs = new long[8];
        private long[] lows = new long[8];
        private long[] offsets = new long[8];
        private int[] times = new int[8];
        private int size;

        Generation(long number, long beginMs) {
            this.number = number;
            this.beginMs = beginMs;
            this.lastMs = beginMs;
        }

        long timeMs(int at) {
            return beginMs + times[at] - 1;
        }

        int find(long high, long low) {
            int mask = times.length - 1;
            int at = (int) ((high ^ low * 31) * 0x9E3779B97F4A7C15L >>> 32) & mask;
            while (times[at] != 0 && (highs[at] != high || lows[at] != low)) {
                at = at + 1 & mask;
            }
            return at;
        }

        void put(long high, long low, long offset, long timeMs) {
            if ((size + 1) * 4 > times.length * 3) {
                grow();
            }
            int at = find(high, low);
            if (times[at] == 0) {
                size++;
            }
            highs[at] = high;
            lows[at] = low;
            offsets[at] = offset;
            times[at] = (int) Math.min(Integer.MAX_VALUE, timeMs - beginMs + 1);
            lastMs = Math.max(lastMs, timeMs);
        }

        void write(Bytes out) {
            out.putVar(number);
            out.putVar(beginMs);
            out.putVar(size);
            for (int i = 0; i < times.length; i++) {
                if (times[i] != 0) {
                    out.putLong(highs[i]);
                    out.putLong(lows[i]);
                    out.putVar(offsets[i]);
                    out.putVar(times[i] - 1);
                }
            }
        }

        private void grow() {
            long[] oldHighs = highs;
            long[] oldLows = lows;
            long[] oldOffsets = offsets;
            int[] oldTimes = times;
            int capacity = times.length * 2;
            highs = new long[capacity];
            lows = new long[capacity];
            offsets = new long[capacity];
            times = new int[capacity];
            for (int i = 0; i < oldTimes.length; i++) {
                if (oldTimes[i] != 0) {
                    int at = find(oldHighs[i], oldLows[i]);
                    highs[at] = oldHighs[i];
                    lows[at] = oldLows[i];
                    offsets[at] = oldOffsets[i];
                    times[at] = oldTimes[i];
                }
            }
        }
    }
}

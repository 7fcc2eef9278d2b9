package dev.pabal.queue;

/**
 * Bytes of the bodies of ready messages. Without a limit by bytes: a mean, at no cost per message. With one: the sizes of what is touched one by
 * one, those of untouched messages as ranges, each with its sum.
 */
final class BodyBytes {
    private static final int MAX_RANGES = 65536;
    private static final long FORGET_AFTER = 1 << 20;

    private boolean exact;
    private long sampleBytes;
    private long samples;

    private final OffsetTable sizes = new OffsetTable();
    private long touchedReady;

    /** A ring of ranges of untouched messages in their order: number and sum. */
    private long[] counts = new long[2];

    private long[] sums = new long[2];
    private int head;
    private int ranges;
    private long untouched;

    boolean exact() {
        return exact;
    }

    /** Switches to exact figures; what waits untouched counts with the mean. */
    void makeExact(boolean wanted, long untouchedMessages) {
        if (wanted && !exact) {
            exact = true;
            addRange(untouchedMessages, estimate(untouchedMessages));
        } else if (!wanted && exact) {
            exact = false;
            sizes.clear();
            touchedReady = 0;
            clearUntouched();
        }
    }

    /** New messages. @param before how many were ready */
    void appended(long messages, long bytes, long before) {
        if (before == 0) {
            samples = 0;
            sampleBytes = 0;
        }
        if (samples > FORGET_AFTER) {
            samples /= 2;
            sampleBytes /= 2;
        }
        samples += messages;
        sampleBytes += bytes;
    }

    /** Untouched messages that came. */
    void addRange(long messages, long bytes) {
        if (!exact || messages <= 0) {
            return;
        }
        untouched += bytes;
        if (ranges > 0) {
            int last = head + ranges - 1 & counts.length - 1;
            if (bytes % messages == 0
                    && sums[last] % counts[last] == 0
                    && bytes / messages == sums[last] / counts[last]) {
                counts[last] += messages;
                sums[last] += bytes;
                return;
            }
        }
        if (ranges == MAX_RANGES) {
            mergePairs();
        }
        if (ranges == counts.length) {
            grow();
        }
        int at = head + ranges++ & counts.length - 1;
        counts[at] = messages;
        sums[at] = bytes;
    }

    /** One untouched message is untouched no more. Returns its size. */
    int takeUntouched() {
        if (!exact || ranges == 0) {
            return 0;
        }
        long size = sums[head] / counts[head];
        sums[head] -= size;
        untouched -= size;
        if (--counts[head] == 0) {
            untouched -= sums[head];
            head = head + 1 & counts.length - 1;
            ranges--;
        }
        return (int) Math.min(Integer.MAX_VALUE, size);
    }

    void takeUntouched(long messages) {
        for (long left = messages; exact && ranges > 0 && left > 0; ) {
            if (counts[head] > left) {
                long size = sums[head] / counts[head] * left;
                sums[head] -= size;
                counts[head] -= left;
                untouched -= size;
                return;
            }
            left -= counts[head];
            untouched -= sums[head];
            head = head + 1 & counts.length - 1;
            ranges--;
        }
    }

    void clearUntouched() {
        ranges = 0;
        untouched = 0;
    }

    /** All touched messages are gone. */
    void clearPending() {
        sizes.clear();
        touchedReady = 0;
    }

    /** A touched message became ready. */
    void becameReady(long offset) {
        if (exact) {
            touchedReady += Math.max(0, sizes.get(offset));
        }
    }

    /** A touched message is ready no more. Returns its size. */
    int ceasedReady(long offset) {
        if (!exact) {
            return 0;
        }
        int size = Math.max(0, sizes.get(offset));
        touchedReady -= size;
        return size;
    }

    void size(long offset, int bytes) {
        if (exact) {
            sizes.put(offset, bytes);
        }
    }

    int size(long offset) {
        return exact ? Math.max(0, sizes.get(offset)) : 0;
    }

    void forget(long offset) {
        if (exact) {
            sizes.remove(offset);
        }
    }

    long mean() {
        return samples == 0 ? 0 : sampleBytes / samples;
    }

    /** The mean of an earlier life. */
    void restoreMean(long bytes) {
        samples = bytes > 0 ? 1 : 0;
        sampleBytes = bytes;
    }

    long estimate(long messages) {
        return samples == 0 ? 0 : (long) ((double) sampleBytes / samples * messages);
    }

    /**
     * Bytes of ready messages.
     *
     * @param ready all ready ones
     * @param untouchedReady those of them that are untouched
     * @param held untouched ones that are not ready yet: they have their share of the bytes
     */
    long ready(long ready, long untouchedReady, long held) {
        if (!exact) {
            return estimate(ready);
        }
        return touchedReady
                + (held == 0 ? untouched : (long) ((double) untouched / (untouchedReady + held) * untouchedReady));
    }

    private void grow() {
        long[] grownCounts = new long[counts.length * 2];
        long[] grownSums = new long[counts.length * 2];
        for (int i = 0; i < ranges; i++) {
            grownCounts[i] = counts[head + i & counts.length - 1];
            grownSums[i] = sums[head + i & counts.length - 1];
        }
        counts = grownCounts;
        sums = grownSums;
        head = 0;
    }

    private void mergePairs() {
        int mask = counts.length - 1;
        for (int i = 0; i < ranges / 2; i++) {
            int first = head + 2 * i & mask;
            int second = first + 1 & mask;
            int target = head + i & mask;
            counts[target] = counts[first] + counts[second];
            sums[target] = sums[first] + sums[second];
        }
        ranges /= 2;
    }
}

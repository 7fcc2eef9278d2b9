package dev.pabal.queue;

/**
 * A small number per offset, kept as one set of offsets per binary digit: numbers that are 0 cost nothing, and ten million that are 1 cost one
 * bit each.
 */
final class Counts {
    /** Digits: counts stop growing at 2^20 - 1. */
    static final int DIGITS = 20;

    private final OffsetSet[] digits = new OffsetSet[DIGITS];
    private int used;

    int of(long offset) {
        int count = 0;
        for (int i = 0; i < used; i++) {
            if (digits[i].contains(offset)) {
                count |= 1 << i;
            }
        }
        return count;
    }

    void set(long offset, int count) {
        int bounded = Math.min(count, (1 << DIGITS) - 1);
        for (int i = 0; i < DIGITS && (i < used || bounded >>> i != 0); i++) {
            if ((bounded >>> i & 1) != 0) {
                digit(i).add(offset);
            } else {
                digit(i).remove(offset);
            }
        }
    }

    /** Sets a range whose counts are known to be 0. */
    void setRange(long from, long to, int count) {
        for (int i = 0; i < DIGITS && count >>> i != 0; i++) {
            if ((count >>> i & 1) != 0) {
                digit(i).addRange(from, to);
            }
        }
    }

    /** Adds one to each of a range. */
    void increment(long from, long to) {
        if (isZero(from, to)) {
            setRange(from, to, 1);
            return;
        }
        for (long offset = from; offset < to; offset++) {
            set(offset, of(offset) + 1);
        }
    }

    /** Whether all of a range are 0. */
    boolean isZero(long from, long to) {
        return isZero(0, from, to);
    }

    /** Whether all of a range are 1. */
    boolean isOne(long from, long to) {
        return used > 0 && digits[0].nextAbsent(from) >= to && isZero(1, from, to);
    }

    private boolean isZero(int digit, long from, long to) {
        for (int i = digit; i < used; i++) {
            long next = digits[i].next(from);
            if (next >= 0 && next < to) {
                return false;
            }
        }
        return true;
    }

    void clear() {
        for (int i = 0; i < used; i++) {
            digits[i].clear();
        }
    }

    void clear(long offset) {
        for (int i = 0; i < used; i++) {
            digits[i].remove(offset);
        }
    }

    void clear(long from, long to) {
        for (int i = 0; i < used; i++) {
            digits[i].removeRange(from, to);
        }
    }

    /** Number of digits in use. */
    int digits() {
        return used;
    }

    OffsetSet digit(int index) {
        while (used <= index) {
            digits[used++] = new OffsetSet();
        }
        return digits[index];
    }
}

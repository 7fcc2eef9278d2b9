package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A set of numbers from 0 to 65,535: a sorted list of the members, a sorted list of those that are missing, or one bit each, whichever is small.
 *
 * <p>Lists are trimmed from the front without moving the rest, so that a window which slides over the block costs constant time.
 *
 * <pre>
 *   form (1): 0 list, 1 list of the missing, 2 bits
 *   0, 1:     count (varint), then per number the difference to the one before (varint; the first from 0)
 *   2:        1,024 words of 8 bytes
 * </pre>
 */
final class Container {
    static final int BITS = 16;
    static final int SIZE = 1 << BITS;
    private static final int WORDS = SIZE >>> 6;
    private static final int MAX_LISTED = 1024;
    private static final int LISTED_AGAIN = 512;
    private static final int FIRST_CAPACITY = 8;

    private char[] list = new char[FIRST_CAPACITY];
    private int from;
    private int to;
    private boolean missing;
    private long[] words;
    private int count;
    /** No bit is set in words before this one. */
    private int firstWord;

    int count() {
        return count;
    }

    boolean contains(int number) {
        if (words != null) {
            return (words[number >>> 6] & (1L << number)) != 0;
        }
        return (find(number) >= 0) != missing;
    }

    /** Whether it was not there before. */
    boolean add(int number) {
        if (words != null) {
            long bit = 1L << number;
            if ((words[number >>> 6] & bit) != 0) {
                return false;
            }
            words[number >>> 6] |= bit;
            firstWord = Math.min(firstWord, number >>> 6);
            count++;
            normalise();
            return true;
        }
        boolean changed = missing ? unlist(number) : enlist(number);
        count += changed ? 1 : 0;
        return changed;
    }

    /** Whether it was there before. */
    boolean remove(int number) {
        if (words != null) {
            long bit = 1L << number;
            if ((words[number >>> 6] & bit) == 0) {
                return false;
            }
            words[number >>> 6] &= ~bit;
            count--;
            normalise();
            return true;
        }
        boolean changed = missing ? enlist(number) : unlist(number);
        count -= changed ? 1 : 0;
        return changed;
    }

    /** Adds all from {@code first} to before {@code end}. */
    void addRange(int first, int end) {
        if (end - first == 1) {
            add(first);
        } else if (end - first == SIZE) {
            makeEmpty();
            missing = true;
            count = SIZE;
        } else {
            changeRange(first, end, true);
        }
    }

    /** Removes all from {@code first} to before {@code end}. */
    void removeRange(int first, int end) {
        if (end - first == 1) {
            remove(first);
        } else if (end - first == SIZE) {
            makeEmpty();
        } else {
            changeRange(first, end, false);
        }
    }

    /** The first member from {@code start} on, -1 where there is none. */
    int next(int start) {
        if (start >= SIZE) {
            return -1;
        }
        if (words != null) {
            return nextBit(Math.max(start, firstWord << 6), false);
        }
        return missing ? nextUnlisted(start) : nextListed(start);
    }

    /** The first number from {@code start} on that is no member, {@link #SIZE} where there is none. */
    int nextAbsent(int start) {
        if (start >= SIZE) {
            return SIZE;
        }
        int found;
        if (words != null) {
            found = nextBit(start, true);
        } else {
            found = missing ? nextListed(start) : nextUnlisted(start);
        }
        return found < 0 ? SIZE : found;
    }

    /** Members from {@code first} to before {@code end}. */
    int count(int first, int end) {
        if (first >= end) {
            return 0;
        }
        if (first == 0 && end == SIZE) {
            return count;
        }
        if (words == null) {
            int listed = place(end) - place(first);
            return missing ? end - first - listed : listed;
        }
        int found = 0;
        for (int i = first >>> 6; i <= end - 1 >>> 6; i++) {
            long word = words[i];
            word = i == first >>> 6 ? word & -1L << first : word;
            word = i == end - 1 >>> 6 ? word & -1L >>> -end : word;
            found += Long.bitCount(word);
        }
        return found;
    }

    /** Index in the list of the first number from {@code number} on. */
    private int place(int number) {
        if (number >= SIZE) {
            return to;
        }
        int at = find(number);
        return at >= 0 ? at : -at - 1;
    }

    /** The last number before {@code end} that is a member, or with {@code absent} that is none; -1 where there is none. */
    int previous(int end, boolean absent) {
        int number = end - 1;
        if (words == null && missing == absent) {
            int at = place(end) - 1;
            return at >= from ? list[at] : -1;
        }
        if (words == null) {
            while (number >= 0 && contains(number) == absent) {
                number--;
            }
            return number;
        }
        while (number >= 0) {
            long word = (absent ? ~words[number >>> 6] : words[number >>> 6]) & (-1L >>> 63 - (number & 63));
            if (word != 0) {
                return (number & ~63) + 63 - Long.numberOfLeadingZeros(word);
            }
            number = (number & ~63) - 1;
        }
        return -1;
    }

    void makeEmpty() {
        words = null;
        from = 0;
        to = 0;
        missing = false;
        count = 0;
        if (list.length > LISTED_AGAIN) {
            list = new char[FIRST_CAPACITY];
        }
    }

    void write(Bytes out) {
        if (words != null) {
            out.put(2);
            for (long word : words) {
                out.putLong(word);
            }
            return;
        }
        out.put(missing ? 1 : 0);
        out.putVar(to - from);
        int last = 0;
        for (int i = from; i < to; i++) {
            out.putVar(list[i] - last);
            last = list[i];
        }
    }

    static Container read(ByteBuffer in) {
        Container read = new Container();
        int form = in.get();
        if (form == 2) {
            read.words = new long[WORDS];
            for (int i = 0; i < WORDS; i++) {
                read.words[i] = in.getLong();
                read.count += Long.bitCount(read.words[i]);
            }
            read.normalise();
            return read;
        }
        int size = (int) Bytes.readVar(in);
        int last = 0;
        read.missing = form == 1;
        read.count = read.missing ? SIZE : 0;
        for (int i = 0; i < size; i++) {
            last += (int) Bytes.readVar(in);
            if (read.missing) {
                read.remove(last);
            } else {
                read.add(last);
            }
        }
        return read;
    }

    private void changeRange(int first, int end, boolean set) {
        toBits();
        int firstIndex = first >>> 6;
        int lastIndex = (end - 1) >>> 6;
        for (int i = firstIndex; i <= lastIndex; i++) {
            long mask = -1L;
            if (i == firstIndex) {
                mask &= -1L << first;
            }
            if (i == lastIndex) {
                mask &= -1L >>> -end;
            }
            int before = Long.bitCount(words[i]);
            words[i] = set ? words[i] | mask : words[i] & ~mask;
            count += Long.bitCount(words[i]) - before;
        }
        if (set) {
            firstWord = Math.min(firstWord, firstIndex);
        }
        normalise();
    }

    private int nextBit(int start, boolean inverted) {
        int index = start >>> 6;
        long word = (inverted ? ~words[index] : words[index]) & (-1L << start);
        boolean nothingBefore = !inverted && index <= firstWord;
        while (word == 0) {
            if (++index == WORDS) {
                return -1;
            }
            word = inverted ? ~words[index] : words[index];
        }
        if (nothingBefore && (start & 63) == 0) {
            firstWord = index;
        }
        return (index << 6) + Long.numberOfTrailingZeros(word);
    }

    private int nextListed(int start) {
        int at = find(start);
        if (at < 0) {
            at = -at - 1;
        }
        return at < to ? list[at] : -1;
    }

    private int nextUnlisted(int start) {
        int at = find(start);
        int number = start;
        while (at >= 0 && at < to && list[at] == number) {
            at++;
            number++;
        }
        return number < SIZE ? number : -1;
    }

    /** Index of the number in the list, otherwise minus the place for it, minus 1. */
    private int find(int number) {
        if (from == to || number > list[to - 1]) {
            return -to - 1;
        }
        if (number == list[from]) {
            return from;
        }
        return Arrays.binarySearch(list, from, to, (char) number);
    }

    private boolean enlist(int number) {
        int at = find(number);
        if (at >= 0) {
            return false;
        }
        if (to - from == MAX_LISTED) {
            toBits();
            if (missing(number)) {
                words[number >>> 6] |= 1L << number;
                firstWord = Math.min(firstWord, number >>> 6);
            } else {
                words[number >>> 6] &= ~(1L << number);
            }
            return true;
        }
        int place = -at - 1;
        if (to == list.length) {
            place -= from;
            makeRoom();
        }
        System.arraycopy(list, place, list, place + 1, to - place);
        list[place] = (char) number;
        to++;
        return true;
    }

    private boolean missing(int number) {
        return (words[number >>> 6] & (1L << number)) == 0;
    }

    /** Moves the list to the beginning of its array, or of one of twice the size. */
    private void makeRoom() {
        int size = to - from;
        char[] target = size > list.length / 2 ? new char[list.length * 2] : list;
        System.arraycopy(list, from, target, 0, size);
        list = target;
        from = 0;
        to = size;
    }

    private boolean unlist(int number) {
        int at = find(number);
        if (at < 0) {
            return false;
        }
        if (at == from) {
            from++;
        } else {
            System.arraycopy(list, at + 1, list, at, to - at - 1);
            to--;
        }
        if (from == to) {
            from = 0;
            to = 0;
        }
        return true;
    }

    private void toBits() {
        if (words != null) {
            return;
        }
        long[] bits = new long[WORDS];
        if (missing) {
            Arrays.fill(bits, -1L);
        }
        for (int i = from; i < to; i++) {
            bits[list[i] >>> 6] ^= 1L << list[i];
        }
        words = bits;
        firstWord = 0;
    }

    private void normalise() {
        if (count > LISTED_AGAIN && count < SIZE - LISTED_AGAIN) {
            return;
        }
        boolean absentees = count >= SIZE - LISTED_AGAIN;
        int size = absentees ? SIZE - count : count;
        char[] numbers = list.length >= size ? list : new char[LISTED_AGAIN * 2];
        int filled = 0;
        for (int i = 0; i < WORDS; i++) {
            long word = absentees ? ~words[i] : words[i];
            while (word != 0) {
                numbers[filled++] = (char) ((i << 6) + Long.numberOfTrailingZeros(word));
                word &= word - 1;
            }
        }
        list = numbers;
        from = 0;
        to = filled;
        missing = absentees;
        words = null;
    }
}

package dev.pabal.queue;

import org.jspecify.annotations.Nullable;

/**
 * Where in a {@link DedupWindow} an id stands: tables of four bytes per place, open addressed, many small ones rather than one large, so that none
 * takes long to grow.
 */
final class DedupIndex {
    private static final int TABLES = 256;
    private static final int FIRST_CAPACITY = 4;
    private static final int MASK = Integer.MAX_VALUE;
    /** Most queues never see an id. */
    private static final int[][] NO_TABLES = {};

    private static final int[] NO_SIZES = {};

    private final DedupWindow ids;
    /** Per place 0, or the lowest 31 bits of the id's number, plus 1 (so it may be negative). */
    private int @Nullable [][] tables = NO_TABLES;

    private int[] sizes = NO_SIZES;

    DedupIndex(DedupWindow ids) {
        this.ids = ids;
    }

    /** The id's number, -1 where it has none. */
    long find(long high, long low) {
        if (isUnused()) {
            return -1;
        }
        long hash = hash(high, low);
        int[] table = tables[table(hash)];
        if (table == null) {
            return -1;
        }
        int stored = table[place(table, hash, high, low)];
        return stored == 0 ? -1 : number(stored);
    }

    /** The id has that number from now on. */
    void put(long high, long low, long number) {
        if (isUnused()) {
            tables = new int[TABLES][];
            sizes = new int[TABLES];
        }
        long hash = hash(high, low);
        int which = table(hash);
        int[] table = tables[which];
        if (table == null) {
            table = new int[FIRST_CAPACITY];
            tables[which] = table;
        } else if ((sizes[which] + 1) * 4 > table.length * 3) {
            table = grow(table);
            tables[which] = table;
        }
        int at = place(table, hash, high, low);
        sizes[which] += table[at] == 0 ? 1 : 0;
        table[at] = ((int) number & MASK) + 1;
    }

    /** Takes the id out where it has that number. */
    void remove(long high, long low, long number) {
        if (isUnused()) {
            return;
        }
        long hash = hash(high, low);
        int which = table(hash);
        int[] table = tables[which];
        if (table == null) {
            return;
        }
        int hole = place(table, hash, high, low);
        if (table[hole] == 0 || number(table[hole]) != number) {
            return;
        }
        int mask = table.length - 1;
        for (int i = hole + 1 & mask; table[i] != 0; i = i + 1 & mask) {
            int home = home(hashOf(table[i]), mask);
            if ((i - home & mask) >= (i - hole & mask)) {
                table[hole] = table[i];
                hole = i;
            }
        }
        table[hole] = 0;
        if (--sizes[which] == 0) {
            tables[which] = null;
        }
    }

    void clear() {
        tables = NO_TABLES;
        sizes = NO_SIZES;
    }

    private boolean isUnused() {
        return sizes.length == 0;
    }

    private int[] grow(int[] table) {
        int[] grown = new int[table.length * 2];
        int mask = grown.length - 1;
        for (int stored : table) {
            if (stored != 0) {
                int at = home(hashOf(stored), mask);
                while (grown[at] != 0) {
                    at = at + 1 & mask;
                }
                grown[at] = stored;
            }
        }
        return grown;
    }

    private int place(int[] table, long hash, long high, long low) {
        int mask = table.length - 1;
        int at = home(hash, mask);
        while (table[at] != 0 && !is(table[at], high, low)) {
            at = at + 1 & mask;
        }
        return at;
    }

    private boolean is(int stored, long high, long low) {
        long number = number(stored);
        DedupChunk chunk = ids.chunk(number);
        int at = DedupChunk.place(number);
        return chunk.low(at) == low && chunk.high(at) == high;
    }

    private long hashOf(int stored) {
        long number = number(stored);
        DedupChunk chunk = ids.chunk(number);
        int at = DedupChunk.place(number);
        return hash(chunk.high(at), chunk.low(at));
    }

    private long number(int stored) {
        long begin = ids.begin();
        return begin + ((stored - 1) - (int) begin & MASK);
    }

    private static long hash(long high, long low) {
        long mixed = (high ^ Long.rotateLeft(low, 31)) * 0x9E3779B97F4A7C15L;
        return (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
    }

    private static int table(long hash) {
        return (int) (hash >>> 56);
    }

    private static int home(long hash, int mask) {
        return (int) (hash >>> 24) & mask;
    }
}

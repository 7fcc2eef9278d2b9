package dev.pabal.queue;

import java.util.Arrays;

/** Per holder the first slot of the list of what it holds. Open addressed; a holder stays until it is removed or the table grows. */
final class HolderTable {
    private static final int NONE = -1;
    private static final int FIRST_CAPACITY = 4;

    private int[] holders = new int[FIRST_CAPACITY];
    private int[] heads = new int[FIRST_CAPACITY];
    private int used;

    HolderTable() {
        Arrays.fill(holders, NONE);
    }

    int head(int holder) {
        int at = find(holder);
        return holders[at] == NONE ? NONE : heads[at];
    }

    void head(int holder, int slot) {
        int at = find(holder);
        if (holders[at] == NONE) {
            if (slot == NONE) {
                return;
            }
            if ((used + 1) * 2 > holders.length) {
                rebuild();
                at = find(holder);
            }
            holders[at] = holder;
            used++;
        }
        heads[at] = slot;
    }

    void remove(int holder) {
        int mask = holders.length - 1;
        int hole = find(holder);
        if (holders[hole] == NONE) {
            return;
        }
        used--;
        for (int i = (hole + 1) & mask; holders[i] != NONE; i = (i + 1) & mask) {
            int home = home(holders[i], mask);
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                holders[hole] = holders[i];
                heads[hole] = heads[i];
                hole = i;
            }
        }
        holders[hole] = NONE;
    }

    /** Takes those that hold something into a table of at least twice their number. */
    private void rebuild() {
        int[] oldHolders = holders;
        int[] oldHeads = heads;
        int busy = 1;
        for (int i = 0; i < oldHolders.length; i++) {
            busy += oldHolders[i] != NONE && oldHeads[i] != NONE ? 1 : 0;
        }
        int capacity = Math.max(FIRST_CAPACITY, Integer.highestOneBit(busy) * 4);
        holders = new int[capacity];
        heads = new int[capacity];
        Arrays.fill(holders, NONE);
        used = 0;
        for (int i = 0; i < oldHolders.length; i++) {
            if (oldHolders[i] != NONE && oldHeads[i] != NONE) {
                int at = find(oldHolders[i]);
                holders[at] = oldHolders[i];
                heads[at] = oldHeads[i];
                used++;
            }
        }
    }

    private int find(int holder) {
        int mask = holders.length - 1;
        int at = home(holder, mask);
        while (holders[at] != NONE && holders[at] != holder) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private static int home(int holder, int mask) {
        return (holder * 0x9E3779B9 >>> 7) & mask;
    }
}

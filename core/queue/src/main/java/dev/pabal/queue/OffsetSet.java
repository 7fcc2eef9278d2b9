package dev.pabal.queue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A set of offsets in order, by blocks of 65,536. Costs memory for the blocks that have members only, and for a block that is nearly full no
 * more than for one that is nearly empty. Allocates nothing while a window slides over it.
 */
final class OffsetSet {
    private static final int FIRST_CAPACITY = 2;

    private static final long[] NO_KEYS = {};
    private static final @Nullable Container[] NO_BLOCKS = {};

    /** Of no length until there is a member: a view has many sets, most of which stay empty. */
    private long[] keys = NO_KEYS;

    private @Nullable Container[] blocks = NO_BLOCKS;
    private int used;
    /** Where the last search ended: the next one mostly ends there too. */
    private int last;

    private long size;
    private @Nullable Container spare;

    long size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean contains(long offset) {
        if (size == 0) {
            return false;
        }
        int index = find(offset >>> Container.BITS);
        return index >= 0 && blocks[index].contains(low(offset));
    }

    /** Whether it was not there before. */
    boolean add(long offset) {
        boolean added = blockFor(offset >>> Container.BITS).add(low(offset));
        size += added ? 1 : 0;
        return added;
    }

    /** Whether it was there before. */
    boolean remove(long offset) {
        if (size == 0) {
            return false;
        }
        int index = find(offset >>> Container.BITS);
        if (index < 0 || !blocks[index].remove(low(offset))) {
            return false;
        }
        size--;
        dropIfEmpty(index);
        return true;
    }

    /** Adds all from {@code from} to before {@code to}. */
    void addRange(long from, long to) {
        for (long start = from; start < to; ) {
            long key = start >>> Container.BITS;
            long end = Math.min(to, (key + 1) << Container.BITS);
            Container block = blockFor(key);
            int before = block.count();
            block.addRange(low(start), low(end - 1) + 1);
            size += block.count() - before;
            start = end;
        }
    }

    /** Removes all from {@code from} to before {@code to}; costs by blocks that have members. Returns how many there were. */
    long removeRange(long from, long to) {
        long before = size;
        if (from >= to || size == 0) {
            return 0;
        }
        int index = lowerBound(from >>> Container.BITS);
        int kept = index;
        long lastKey = (to - 1) >>> Container.BITS;
        int end = index;
        for (; end < used && keys[end] <= lastKey; end++) {
            Container block = blocks[end];
            long first = keys[end] << Container.BITS;
            int count = block.count();
            block.removeRange(
                    (int) (Math.max(from, first) - first), (int) (Math.min(to, first + Container.SIZE) - first));
            size += block.count() - count;
            if (block.count() > 0) {
                keys[kept] = keys[end];
                blocks[kept++] = block;
            }
        }
        close(kept, end);
        return before - size;
    }

    /** The first member from {@code from} on, -1 where there is none. */
    long next(long from) {
        if (size == 0) {
            return -1;
        }
        long key = from >>> Container.BITS;
        int index = lowerBound(key);
        if (index < used && keys[index] == key) {
            int found = blocks[index].next(low(from));
            if (found >= 0) {
                return (key << Container.BITS) + found;
            }
            index++;
        }
        return index < used ? (keys[index] << Container.BITS) + blocks[index].next(0) : -1;
    }

    long first() {
        return size == 0 ? -1 : (keys[0] << Container.BITS) + blocks[0].next(0);
    }

    /** The first offset from {@code from} on that is no member. */
    long nextAbsent(long from) {
        long offset = from;
        while (size > 0) {
            int index = find(offset >>> Container.BITS);
            if (index < 0) {
                return offset;
            }
            int found = blocks[index].nextAbsent(low(offset));
            if (found < Container.SIZE) {
                return (keys[index] << Container.BITS) + found;
            }
            offset = (keys[index] + 1) << Container.BITS;
        }
        return offset;
    }

    /** Members from {@code from} to before {@code to}; costs by blocks. */
    long count(long from, long to) {
        long count = 0;
        for (int index = size == 0 ? used : lowerBound(from >>> Container.BITS); index < used; index++) {
            long first = keys[index] << Container.BITS;
            if (first >= to) {
                break;
            }
            int start = (int) (Math.max(from, first) - first);
            int stop = (int) (Math.min(to, first + Container.SIZE) - first);
            count += blocks[index].count(start, stop);
        }
        return count;
    }

    /** The last member before {@code offset}, -1 where there is none. */
    long previous(long offset) {
        if (size == 0 || offset == 0) {
            return -1;
        }
        long key = offset - 1 >>> Container.BITS;
        int index = lowerBound(key);
        if (index < used && keys[index] == key) {
            int found = blocks[index].previous(low(offset - 1) + 1, false);
            if (found >= 0) {
                return (key << Container.BITS) + found;
            }
        }
        index--;
        return index < 0 ? -1 : (keys[index] << Container.BITS) + blocks[index].previous(Container.SIZE, false);
    }

    /** The last offset before {@code offset} that is no member, -1 where there is none. */
    long previousAbsent(long offset) {
        long before = offset - 1;
        while (before >= 0) {
            int index = size == 0 ? -1 : find(before >>> Container.BITS);
            if (index < 0) {
                return before;
            }
            int found = blocks[index].previous(low(before) + 1, true);
            if (found >= 0) {
                return (keys[index] << Container.BITS) + found;
            }
            before = (keys[index] << Container.BITS) - 1;
        }
        return -1;
    }

    void clear() {
        Arrays.fill(blocks, 0, used, null);
        used = 0;
        last = 0;
        size = 0;
    }

    /** The members of one block of 65,536, null where there are none. */
    @Nullable
    Container block(long key) {
        int index = size == 0 ? -1 : find(key);
        return index < 0 ? null : blocks[index];
    }

    /** Puts the members of a whole block in the place of those it had. */
    void putBlock(long key, Container block) {
        removeRange(key << Container.BITS, (key + 1) << Container.BITS);
        if (block.count() > 0) {
            int place = -find(key) - 1;
            insert(place, key, block);
            size += block.count();
        }
    }

    private Container blockFor(long key) {
        int index = find(key);
        if (index >= 0) {
            return blocks[index];
        }
        Container block = spare == null ? new Container() : spare;
        spare = null;
        insert(-index - 1, key, block);
        return block;
    }

    private void insert(int place, long key, Container block) {
        if (used == keys.length) {
            int capacity = Math.max(FIRST_CAPACITY, used * 2);
            keys = Arrays.copyOf(keys, capacity);
            blocks = Arrays.copyOf(blocks, capacity);
        }
        System.arraycopy(keys, place, keys, place + 1, used - place);
        System.arraycopy(blocks, place, blocks, place + 1, used - place);
        keys[place] = key;
        blocks[place] = block;
        used++;
        last = place;
    }

    private void dropIfEmpty(int index) {
        Container block = blocks[index];
        if (block.count() == 0) {
            close(index, index + 1);
            block.makeEmpty();
            spare = block;
        }
    }

    /** Takes the entries from {@code from} to before {@code to} out of the directory. */
    private void close(int from, int to) {
        if (from == to) {
            return;
        }
        System.arraycopy(keys, to, keys, from, used - to);
        System.arraycopy(blocks, to, blocks, from, used - to);
        int left = used - (to - from);
        Arrays.fill(blocks, left, used, null);
        used = left;
        last = 0;
        if (used == 0 && keys.length > 64) {
            keys = NO_KEYS;
            blocks = NO_BLOCKS;
        }
    }

    private int find(long key) {
        if (last < used && keys[last] == key) {
            return last;
        }
        int index = Arrays.binarySearch(keys, 0, used, key);
        if (index >= 0) {
            last = index;
        }
        return index;
    }

    private int lowerBound(long key) {
        int index = find(key);
        return index >= 0 ? index : -index - 1;
    }

    private static int low(long offset) {
        return (int) offset & (Container.SIZE - 1);
    }
}

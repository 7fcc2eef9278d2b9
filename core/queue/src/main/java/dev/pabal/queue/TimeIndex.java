package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * Offsets by a time, the earliest first, and in order among equal times: one heap per block of 65,536 offsets, and a heap of the blocks. An entry
 * is eight bytes and stands for up to 64 offsets in a row that have the same time, so a million delayed messages cost 8 MB at most.
 *
 * <pre>
 *   entry: 42 bits time (ms, until the year 2109) | 16 bits offset within the block | 6 bits number of offsets, less one
 * </pre>
 *
 * Entries of offsets that do not matter any more may stay until their time; whoever asks must check.
 */
final class TimeIndex {
    /** Later times are taken for this one. */
    static final long MAX_MS = (1L << 42) - 1;

    private static final int TIME_SHIFT = 22;
    private static final int OFFSET_SHIFT = 6;
    private static final int MAX_RUN = 1 << OFFSET_SHIFT;

    /** By number. */
    private Block[] blocks = new Block[1];

    /** A heap of the same blocks by what they have first. */
    private Block[] heap = new Block[1];

    private int used;
    private int last;
    private long entries;

    boolean isEmpty() {
        return used == 0;
    }

    /** Number of entries, each for one or more offsets. */
    long entries() {
        return entries;
    }

    void add(long offset, long timeMs) {
        long time = Math.max(0, Math.min(MAX_MS, timeMs));
        Block block = blockFor(offset >>> Container.BITS);
        long low = offset & Container.SIZE - 1;
        if (!block.extend(time, low)) {
            block.push(time << TIME_SHIFT | low << OFFSET_SHIFT);
            entries++;
        }
        up(block);
    }

    /** Earliest time, {@link Long#MAX_VALUE} where there is none. */
    long firstMs() {
        return used == 0 ? Long.MAX_VALUE : heap[0].keys[0] >>> TIME_SHIFT;
    }

    /** The offset with the earliest time. */
    long firstOffset() {
        return (heap[0].number << Container.BITS) + low(heap[0].keys[0]);
    }

    /** Takes the first offset out. */
    void removeFirst() {
        Block block = heap[0];
        if ((block.keys[0] & MAX_RUN - 1) != 0) {
            // one offset further, one less
            block.keys[0] += (1 << OFFSET_SHIFT) - 1;
            block.down(0);
        } else {
            block.pop();
            entries--;
        }
        if (block.size == 0) {
            drop(block);
        } else {
            down(block);
        }
    }

    /** Takes out all from an offset on. */
    void removeFrom(long offset) {
        if (used == 0 || blocks[used - 1].number < offset >>> Container.BITS) {
            return;
        }
        int at = find(offset >>> Container.BITS);
        if (at >= 0) {
            split(blocks[at], (int) offset & Container.SIZE - 1);
        }
        retain(other -> other < offset);
    }

    /** Gives an offset an entry of its own. */
    private void split(Block block, int low) {
        for (int i = block.size - 1; i >= 0; i--) {
            long key = block.keys[i];
            int before = low - low(key);
            int after = (int) (key & MAX_RUN - 1) - before;
            if (before < 0 || after < 0 || before + after == 0) {
                continue;
            }
            long plain = key & ~(MAX_RUN - 1L);
            block.keys[i] = before > 0 ? plain | before - 1 : plain;
            if (before > 0) {
                block.push(plain + ((long) before << OFFSET_SHIFT));
                entries++;
            }
            if (after > 0) {
                block.push(plain + ((long) before + 1 << OFFSET_SHIFT) | after - 1);
                entries++;
            }
        }
        Arrays.sort(block.keys, 0, block.size);
    }

    /** Keeps entries of which at least one offset passes. */
    void retain(LongPredicate wanted) {
        for (int i = used - 1; i >= 0; i--) {
            rebuild(blocks[i], wanted);
        }
    }

    void retain(long number, LongPredicate wanted) {
        int at = find(number);
        if (at >= 0) {
            rebuild(blocks[at], wanted);
        }
    }

    void clear() {
        blocks = new Block[1];
        heap = new Block[1];
        used = 0;
        entries = 0;
    }

    /** Whether a block has entries. */
    boolean hasBlock(long number) {
        return find(number) >= 0;
    }

    /** Shows all offsets of a block with their times, in no order. */
    void forEach(long number, Visitor visitor) {
        int at = find(number);
        if (at >= 0) {
            Block block = blocks[at];
            for (int i = 0; i < block.size; i++) {
                long key = block.keys[i];
                long first = (number << Container.BITS) + low(key);
                for (int k = 0; k <= (key & MAX_RUN - 1); k++) {
                    visitor.see(first + k, key >>> TIME_SHIFT);
                }
            }
        }
    }

    void forEach(Visitor visitor) {
        for (int i = 0; i < used; i++) {
            forEach(blocks[i].number, visitor);
        }
    }

    /** The number of the first block from that one on, {@link Long#MAX_VALUE} where there is none. */
    long nextBlock(long number) {
        int at = find(number);
        int next = at >= 0 ? at : -at - 1;
        return next < used ? blocks[next].number : Long.MAX_VALUE;
    }

    /** Shows those offsets of a block whose time is not after {@code untilMs}, in no order; costs by their number. */
    void forEachUntil(long number, long untilMs, Visitor visitor) {
        int at = find(number);
        if (at >= 0) {
            blocks[at].forEachUntil(0, Math.min(untilMs, MAX_MS), visitor);
        }
    }

    /** How many offsets have a time that is not after {@code untilMs}; more than {@code limit} where that are more, but perhaps not all. */
    int count(long untilMs, int limit) {
        int count = 0;
        for (int i = 0; i < used && count <= limit; i++) {
            count = blocks[i].count(0, Math.min(untilMs, MAX_MS), count, limit);
        }
        return count;
    }

    /** Writes a block's entries: their number (varint), then 8 bytes each. */
    void write(long number, Bytes out) {
        Block block = blocks[find(number)];
        out.putVar(block.size);
        for (int i = 0; i < block.size; i++) {
            out.putLong(block.keys[i]);
        }
    }

    void read(long number, ByteBuffer in) {
        int at = find(number);
        if (at >= 0) {
            entries -= blocks[at].size;
            drop(blocks[at]);
        }
        int size = (int) Bytes.readVar(in);
        if (size == 0) {
            return;
        }
        Block block = blockFor(number);
        for (int i = 0; i < size; i++) {
            block.push(in.getLong());
        }
        entries += size;
        up(block);
    }

    /** Leaves those entries of a block of which at least one offset passes. */
    private void rebuild(Block block, LongPredicate wanted) {
        int kept = 0;
        long base = block.number << Container.BITS;
        for (int i = 0; i < block.size; i++) {
            long key = block.keys[i];
            boolean any = false;
            for (int k = 0; k <= (key & MAX_RUN - 1) && !any; k++) {
                any = wanted.test(base + low(key) + k);
            }
            if (any) {
                block.keys[kept++] = key;
            }
        }
        if (kept == block.size) {
            return;
        }
        entries -= block.size - kept;
        block.size = kept;
        if (kept == 0) {
            drop(block);
            return;
        }
        // a sorted array is a heap
        Arrays.sort(block.keys, 0, kept);
        block.shrink();
        up(block);
        down(block);
    }

    private Block blockFor(long number) {
        int at = find(number);
        if (at >= 0) {
            return blocks[at];
        }
        int place = -at - 1;
        if (used == blocks.length) {
            blocks = Arrays.copyOf(blocks, used * 2);
            heap = Arrays.copyOf(heap, used * 2);
        }
        System.arraycopy(blocks, place, blocks, place + 1, used - place);
        Block block = new Block(number);
        blocks[place] = block;
        heap[used] = block;
        block.place = used++;
        last = place;
        return block;
    }

    private void drop(Block block) {
        int at = find(block.number);
        System.arraycopy(blocks, at + 1, blocks, at, used - at - 1);
        used--;
        blocks[used] = null;
        Block moved = heap[used];
        heap[used] = null;
        if (moved != block) {
            heap[block.place] = moved;
            moved.place = block.place;
            up(moved);
            down(moved);
        }
    }

    private int find(long number) {
        if (last < used && blocks[last].number == number) {
            return last;
        }
        int low = 0;
        int high = used - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            long found = blocks[middle].number;
            if (found < number) {
                low = middle + 1;
            } else if (found > number) {
                high = middle - 1;
            } else {
                last = middle;
                return middle;
            }
        }
        return -low - 1;
    }

    private void up(Block block) {
        int place = block.place;
        while (place > 0 && block.before(heap[place - 1 >>> 1])) {
            put(place, heap[place - 1 >>> 1]);
            place = place - 1 >>> 1;
        }
        put(place, block);
    }

    private void down(Block block) {
        int place = block.place;
        while (place * 2 + 1 < used) {
            int child = place * 2 + 1;
            if (child + 1 < used && heap[child + 1].before(heap[child])) {
                child++;
            }
            if (!heap[child].before(block)) {
                break;
            }
            put(place, heap[child]);
            place = child;
        }
        put(place, block);
    }

    private void put(int place, Block block) {
        heap[place] = block;
        block.place = place;
    }

    private static int low(long key) {
        return (int) (key >>> OFFSET_SHIFT) & Container.SIZE - 1;
    }

    /** Sees one offset with its time. */
    @FunctionalInterface
    interface Visitor {
        void see(long offset, long timeMs);
    }

    /** The entries of 65,536 offsets as a heap of four children each. */
    private static final class Block {
        private final long number;
        private long[] keys = new long[4];
        private int size;
        private int place;

        Block(long number) {
            this.number = number;
        }

        /** Counts the offset to the entry that was added last, if it follows on that. */
        boolean extend(long time, long low) {
            if (size == 0) {
                return false;
            }
            long key = keys[size - 1];
            long run = (key & MAX_RUN - 1) + 1;
            if (key >>> TIME_SHIFT != time || low(key) + run != low || run == MAX_RUN) {
                return false;
            }
            keys[size - 1]++;
            return true;
        }

        void push(long key) {
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, size + (size >> 2) + 4);
            }
            int at = size++;
            while (at > 0 && keys[at - 1 >>> 2] > key) {
                keys[at] = keys[at - 1 >>> 2];
                at = at - 1 >>> 2;
            }
            keys[at] = key;
        }

        void pop() {
            long moved = keys[--size];
            if (size > 0) {
                keys[0] = moved;
                down(0);
                shrink();
            }
        }

        void shrink() {
            if (keys.length > 64 && size < keys.length / 4) {
                keys = Arrays.copyOf(keys, keys.length / 2);
            }
        }

        void down(int from) {
            long key = keys[from];
            int at = from;
            while (at * 4 + 1 < size) {
                int least = at * 4 + 1;
                int end = Math.min(size, least + 4);
                for (int child = least + 1; child < end; child++) {
                    if (keys[child] < keys[least]) {
                        least = child;
                    }
                }
                if (keys[least] >= key) {
                    break;
                }
                keys[at] = keys[least];
                at = least;
            }
            keys[at] = key;
        }

        /** From an entry of the heap on: what lies under a later one is later. */
        void forEachUntil(int at, long untilMs, Visitor visitor) {
            if (at >= size || keys[at] >>> TIME_SHIFT > untilMs) {
                return;
            }
            long first = (number << Container.BITS) + low(keys[at]);
            for (long offset = first; offset <= first + (keys[at] & MAX_RUN - 1); offset++) {
                visitor.see(offset, keys[at] >>> TIME_SHIFT);
            }
            for (int child = at * 4 + 1; child <= at * 4 + 4; child++) {
                forEachUntil(child, untilMs, visitor);
            }
        }

        /** Adds to {@code before} how many there are from an entry of the heap on, until it is above the limit. */
        int count(int at, long untilMs, int before, int limit) {
            if (at >= size || keys[at] >>> TIME_SHIFT > untilMs) {
                return before;
            }
            int count = before + (int) (keys[at] & MAX_RUN - 1) + 1;
            for (int child = at * 4 + 1; child <= at * 4 + 4 && count <= limit; child++) {
                count = count(child, untilMs, count, limit);
            }
            return count;
        }

        boolean before(Block other) {
            long mine = keys[0] >>> TIME_SHIFT;
            long theirs = other.keys[0] >>> TIME_SHIFT;
            return mine < theirs || mine == theirs && number < other.number;
        }
    }
}

package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Offsets in the order of a time each; membership and number are exact. What is taken out leaves its entry in the {@link TimeIndex}, which is passed
 * over when its time comes; they are all cleared away when they are an eighth of the members.
 */
final class TimedSet {
    private static final int MIN_OLD = 1024;

    private final OffsetSet members = new OffsetSet();
    private TimeIndex times = new TimeIndex();
    /** Offsets that may come again while they have old entries. */
    private final Map<Long, Old> old = new HashMap<>();

    private long oldEntries;

    long size() {
        return members.size();
    }

    boolean contains(long offset) {
        return members.contains(offset);
    }

    /** Takes in an offset, or gives it another time. */
    void add(long offset, long timeMs) {
        remove(offset);
        members.add(offset);
        times.add(offset, timeMs);
        Old before = old.isEmpty() ? null : old.get(offset);
        if (before != null) {
            before.timeMs = Math.max(0, Math.min(TimeIndex.MAX_MS, timeMs));
        }
    }

    /** Takes out an offset that may come again. */
    boolean remove(long offset) {
        if (!members.remove(offset)) {
            return false;
        }
        Old entries = old.computeIfAbsent(offset, any -> new Old());
        entries.count++;
        entries.timeMs = -1;
        if (++oldEntries > MIN_OLD + members.size() / 8) {
            clearAway();
        }
        return true;
    }

    /** Leaves entries of members only, one each. */
    private void clearAway() {
        if (oldEntries > 0) {
            TimeIndex kept = new TimeIndex();
            OffsetSet seen = new OffsetSet();
            forEach((offset, timeMs) -> {
                // one that came again with the time it had before has two entries that look alike
                if (seen.add(offset)) {
                    kept.add(offset, timeMs);
                }
            });
            times = kept;
            old.clear();
            oldEntries = 0;
        }
    }

    /** Whether the entry counts. */
    private boolean counts(long offset, long timeMs) {
        if (!members.contains(offset)) {
            return false;
        }
        Old entries = old.isEmpty() ? null : old.get(offset);
        return entries == null || entries.timeMs == timeMs;
    }

    /** Takes out an offset that never comes again; its entry goes at its time. */
    void abandon(long offset) {
        members.remove(offset);
        if (members.isEmpty()) {
            clear();
        }
    }

    /** Forgets all from an offset on, also what was abandoned. */
    void forgetFrom(long offset) {
        clearAway();
        members.removeRange(offset, Long.MAX_VALUE);
        times.removeFrom(offset);
    }

    void removeRange(long from, long to) {
        members.removeRange(from, to);
        if (members.isEmpty() && !times.isEmpty()) {
            clear();
        }
    }

    /** Earliest time, {@link Long#MAX_VALUE} where the set is empty. */
    long firstMs() {
        skip();
        return times.firstMs();
    }

    /** The offset with the earliest time, -1 where the set is empty. */
    long first() {
        skip();
        return times.isEmpty() ? -1 : times.firstOffset();
    }

    void removeFirst() {
        members.remove(times.firstOffset());
        times.removeFirst();
    }

    void clear() {
        members.clear();
        times.clear();
        old.clear();
        oldEntries = 0;
    }

    OffsetSet members() {
        return members;
    }

    /** As {@link TimeIndex#count}; offsets that were taken out may count until their time. */
    int count(long untilMs, int limit) {
        return times.count(untilMs, limit);
    }

    /** As {@link TimeIndex#nextBlock}. */
    long nextBlock(long number) {
        return times.nextBlock(number);
    }

    /** Shows those members of a block whose time is not after {@code untilMs}, in no order; perhaps one twice that was taken out and came again. */
    void forEachUntil(long number, long untilMs, LongConsumer visitor) {
        times.forEachUntil(number, untilMs, (offset, timeMs) -> {
            if (counts(offset, timeMs)) {
                visitor.accept(offset);
            }
        });
    }

    TimedSet copy() {
        TimedSet copy = new TimedSet();
        forEach(copy::add);
        return copy;
    }

    /** Shows the first ones, in order; they are taken out. */
    void drain(int limit, LongConsumer visitor) {
        for (int i = 0; i < limit && first() >= 0; i++) {
            visitor.accept(first());
            removeFirst();
        }
    }

    void forEach(TimeIndex.Visitor visitor) {
        times.forEach((offset, timeMs) -> {
            if (counts(offset, timeMs)) {
                visitor.see(offset, timeMs);
            }
        });
    }

    /** Writes the members of a block, then their entries; nothing where there are none. */
    boolean write(int code, long number, Bytes out) {
        Container block = members.block(number);
        if (block == null) {
            return false;
        }
        clearAway();
        out.put(code);
        block.write(out);
        times.write(number, out);
        return true;
    }

    /** Adds what was written. */
    void read(long number, ByteBuffer in) {
        Container block = Container.read(in);
        TimeIndex read = new TimeIndex();
        read.read(number, in);
        read.forEach((offset, timeMs) -> {
            if (block.contains((int) offset & Container.SIZE - 1)) {
                add(offset, timeMs);
            }
        });
    }

    private void skip() {
        while (!times.isEmpty() && !counts(times.firstOffset(), times.firstMs())) {
            Old entries = old.isEmpty() ? null : old.get(times.firstOffset());
            if (entries != null) {
                oldEntries--;
                if (--entries.count == 0) {
                    old.remove(times.firstOffset());
                }
            }
            times.removeFirst();
        }
    }

    /** Of an offset that was taken out and may have come again. */
    private static final class Old {
        /** Entries that do not count. */
        private int count;
        /** The time of the one that does, -1 where none does. */
        private long timeMs;
    }
}

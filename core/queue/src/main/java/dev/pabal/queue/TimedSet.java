package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** Offsets in the order of a time each; membership and number are exact. */
final class TimedSet {
    private final OffsetSet members = new OffsetSet();
    private final TimeIndex times = new TimeIndex();

    long size() {
        return members.size();
    }

    boolean contains(long offset) {
        return members.contains(offset);
    }

    /** Takes in an offset, or gives it another time. */
    void add(long offset, long timeMs) {
        if (!members.add(offset)) {
            times.remove(offset);
        }
        times.add(offset, timeMs);
    }

    /** Takes out an offset that may come again; costs by the entries of its block. */
    boolean remove(long offset) {
        if (!members.remove(offset)) {
            return false;
        }
        times.remove(offset);
        return true;
    }

    /** Takes out an offset that never comes again; its entry goes at its time. */
    void abandon(long offset) {
        members.remove(offset);
        if (members.isEmpty()) {
            times.clear();
        }
    }

    /** Forgets all from an offset on, also what was abandoned. */
    void forgetFrom(long offset) {
        members.removeRange(offset, Long.MAX_VALUE);
        times.removeFrom(offset);
    }

    void removeRange(long from, long to) {
        members.removeRange(from, to);
        if (members.isEmpty() && !times.isEmpty()) {
            times.clear();
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
    }

    OffsetSet members() {
        return members;
    }

    /** The times; of some offsets that are no members any more, too. */
    TimeIndex times() {
        return times;
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
            if (members.contains(offset)) {
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
        while (!times.isEmpty() && !members.contains(times.firstOffset())) {
            times.removeFirst();
        }
    }
}

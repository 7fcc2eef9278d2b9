package dev.pabal.queue;

import org.jspecify.annotations.Nullable;

/** A set of offsets that is mostly empty or holds one: that costs no {@link OffsetSet}. */
class FewOffsets {
    /** The only one, -1 where there is none or {@link #set} has them. */
    private long only = -1;

    private @Nullable OffsetSet set;

    /** Whether it was not there before. */
    final boolean add(long offset) {
        OffsetSet many = set;
        if (many == null) {
            if (only == offset) {
                return false;
            }
            if (only < 0) {
                only = offset;
                return true;
            }
            many = new OffsetSet();
            many.add(only);
            only = -1;
            set = many;
        }
        return many.add(offset);
    }

    /** Whether it was there before. */
    final boolean remove(long offset) {
        if (set != null) {
            return set.remove(offset);
        }
        if (only != offset) {
            return false;
        }
        only = -1;
        return true;
    }

    /** The first, -1 where there is none. */
    final long first() {
        return set != null ? set.first() : only;
    }

    /** The first from an offset on, -1 where there is none. */
    final long next(long from) {
        if (set != null) {
            return set.next(from);
        }
        return only >= from ? only : -1;
    }
}

package dev.pabal.queue;

import org.jspecify.annotations.Nullable;

/** Dead messages that wait to be appended to their dead-letter targets, one set of offsets per reason. */
final class DeadTable {
    private static final DeadReason[] REASONS = DeadReason.values();

    private final OffsetSet[] byReason = new OffsetSet[REASONS.length];

    DeadTable() {
        for (int i = 0; i < byReason.length; i++) {
            byReason[i] = new OffsetSet();
        }
    }

    long size() {
        long size = 0;
        for (OffsetSet set : byReason) {
            size += set.size();
        }
        return size;
    }

    void add(long offset, DeadReason reason) {
        byReason[reason.ordinal()].add(offset);
    }

    /** Whether it was there. */
    boolean remove(long offset) {
        for (OffsetSet set : byReason) {
            if (set.remove(offset)) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        for (OffsetSet set : byReason) {
            set.clear();
        }
    }

    boolean contains(long offset) {
        for (OffsetSet set : byReason) {
            if (set.contains(offset)) {
                return true;
            }
        }
        return false;
    }

    /** The first one at or after {@code from}, -1 for none. */
    long next(long from) {
        long first = -1;
        for (OffsetSet set : byReason) {
            long next = set.next(from);
            if (next >= 0 && (first < 0 || next < first)) {
                first = next;
            }
        }
        return first;
    }

    /** Adds all of them to a set; costs by their ranges. */
    void addTo(OffsetSet all) {
        for (OffsetSet set : byReason) {
            for (long from = set.first(); from >= 0; ) {
                long end = set.nextAbsent(from);
                all.addRange(from, end);
                from = set.next(end);
            }
        }
    }

    @Nullable
    DeadReason reason(long offset) {
        for (int i = 0; i < byReason.length; i++) {
            if (byReason[i].contains(offset)) {
                return REASONS[i];
            }
        }
        return null;
    }

    OffsetSet of(DeadReason reason) {
        return byReason[reason.ordinal()];
    }
}

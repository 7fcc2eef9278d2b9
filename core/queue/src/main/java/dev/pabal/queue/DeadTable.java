package dev.pabal.queue;

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

    OffsetSet of(DeadReason reason) {
        return byReason[reason.ordinal()];
    }
}

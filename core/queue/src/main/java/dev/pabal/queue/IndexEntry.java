package dev.pabal.queue;

import org.jspecify.annotations.Nullable;

/**
 * What is out of the ordinary about one record; ordinary ones need none.
 *
 * @param offset the record's
 * @param priority 0 = ordinary
 * @param expiresAtMs wall time from which it may not be delivered any more, {@link Long#MAX_VALUE} = never; for a delayed one counted from when it
 *     is due, by whoever makes the entry
 * @param dueAtMs wall time before which it may not be delivered, 0 = at once
 * @param group hash of its group's name, 0 = none
 * @param dedup 128-bit hash of its deduplication scope and id, null = none
 */
public record IndexEntry(long offset, int priority, long expiresAtMs, long dueAtMs, long group, @Nullable Dedup dedup) {
    /** The same at another offset. */
    public IndexEntry at(long newOffset) {
        return new IndexEntry(newOffset, priority, expiresAtMs, dueAtMs, group, dedup);
    }

    IndexEntry with(@Nullable Dedup id) {
        return new IndexEntry(offset, priority, expiresAtMs, dueAtMs, group, id);
    }

    /**
     * A deduplication id, hashed together with its scope.
     *
     * @param sentMs wall time from which its window counts, at most that of the append; 0 = when it was appended. Whoever reads it from a stored
     *     record names the record's time, so that a window does not begin again after a crash
     */
    public record Dedup(long high, long low, long sentMs) {
        /** An id that is sent now. */
        public Dedup(long high, long low) {
            this(high, low, 0);
        }
    }
}

package dev.pabal.log;

import java.util.UUID;

/**
 * Names one log for ever: an id is never used again, not even after its log was deleted.
 *
 * @param owner the topic (or the broker's own purpose) that the log belongs to
 * @param index the partition within the owner, from 0
 */
public record LogId(UUID owner, int index) {
    /** Bytes of an id on disk: two longs and an int. */
    public static final int BYTES = 20;

    public LogId {
        if (index < 0) {
            throw new IllegalArgumentException("a log's index is never negative: " + index);
        }
    }

    @Override
    public String toString() {
        return owner + "-" + index;
    }
}

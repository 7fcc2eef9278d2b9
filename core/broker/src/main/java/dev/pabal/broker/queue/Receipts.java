package dev.pabal.broker.queue;

/**
 * Messages that somebody has received, named by offset and generation (how often they were handed out before), and what is to happen to them.
 * Immutable but for its arrays, which nobody changes after the hand-over.
 *
 * @param offsets which
 * @param generations which receiving of each
 */
public record Receipts(long[] offsets, int[] generations) {
    /** What became of one of them. */
    public enum Outcome {
        /** Done, durably. */
        DONE,
        /** It was received again since: not touched. */
        STALE,
        /**
         * It is visible again, and nobody has received it since. A deletion is done all the same and says {@link #DONE}, but where groups are
         * ordered: there the message is the next one's of its group.
         */
        NOT_IN_FLIGHT,
        /** It was deleted before, or never was. */
        GONE
    }
}

package dev.pabal.logkit.history;

/**
 * One thing that must not have happened.
 *
 * @param kind what it is
 * @param partition where
 * @param message what was seen, for people
 */
public record Violation(Kind kind, String partition, String message) {
    /** What can go wrong with a log that several clients use. */
    public enum Kind {
        /** Acknowledged, not removed on purpose, and seen by nobody: after a drain, or though a consumer went past its place. */
        LOST,
        /** Seen, but never sent, or refused, or sent elsewhere. */
        GHOST,
        /** One value stored at two places. */
        DUPLICATE,
        /** Seen at another offset than its acknowledgement named. */
        MISPLACED,
        /** One offset that held two values. */
        OFFSET_CLASH,
        /** Two values of one producer stored against the order in which they were sent. */
        REORDERED,
        /** A consumer passed over a record that others saw there. */
        SKIPPED,
        /** A consumer went back, or got a record twice, though nobody moved it. */
        NONMONOTONIC
    }

    @Override
    public String toString() {
        return kind + " in " + partition + ": " + message;
    }
}

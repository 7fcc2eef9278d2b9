package dev.pabal.cli.record;

/**
 * Where reading begins.
 *
 * @param kind what {@code value} means
 * @param value an offset, or milliseconds since 1970
 */
record StartPosition(Kind kind, long value) {
    static final StartPosition BEGINNING = new StartPosition(Kind.BEGINNING, 0);
    static final StartPosition END = new StartPosition(Kind.END, 0);
    static final StartPosition COMMITTED = new StartPosition(Kind.COMMITTED, 0);

    /** What a position is told by. */
    enum Kind {
        BEGINNING,
        END,
        /** Where the group has got to. */
        COMMITTED,
        OFFSET,
        TIME
    }
}

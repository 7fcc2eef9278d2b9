package dev.pabal.sqs.action;

import dev.pabal.sqs.wire.ReplyWriter;

/** What an action answers. Holds memory of the log until it was written or dropped. */
public interface Reply {
    /** The reply of actions that never say anything (by this very object they are known: XML has no {@code Result} for them). */
    Reply EMPTY = out -> {};

    /** Writes the members; called at most once, on the connection's thread. */
    void write(ReplyWriter out);

    /** About how many bytes {@link #write} will write: a good guess saves copies, a wrong one does no harm. */
    default int estimatedBytes() {
        return 512;
    }

    /** Gives memory back; called exactly once, after {@link #write} or instead of it where the connection is gone. */
    default void close() {}
}

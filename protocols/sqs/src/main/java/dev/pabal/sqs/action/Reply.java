package dev.pabal.sqs.action;

import dev.pabal.sqs.wire.ReplyWriter;

/** What an action answers. Holds memory of the log until it was written or dropped. */
public interface Reply {
    /** The reply of actions that say nothing. */
    Reply EMPTY = out -> {};

    /** Writes the members; called at most once, on the connection's thread. */
    void write(ReplyWriter out);

    /** Gives memory back; called exactly once, after {@link #write} or instead of it where the connection is gone. */
    default void close() {}
}

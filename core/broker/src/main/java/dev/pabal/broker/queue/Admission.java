package dev.pabal.broker.queue;

import dev.pabal.queue.ViewOptions;
import org.jspecify.annotations.Nullable;

/**
 * Who may still publish to a queue that refuses what is too much: counts what is ready and what is on its way, exactly. Publishers enter on
 * their own threads; the shard tells how much has left.
 */
final class Admission {
    private long messages;
    private long bytes;

    /**
     * Takes a batch in, or refuses it whole.
     *
     * @param limits null where all are let in
     */
    synchronized boolean enter(@Nullable ViewOptions limits, int records, long bodyBytes) {
        if (limits != null && isFull(limits, records, bodyBytes)) {
            return false;
        }
        messages += records;
        bytes += bodyBytes;
        return true;
    }

    private boolean isFull(ViewOptions limits, int records, long bodyBytes) {
        return limits.maxLength() >= 0 && messages + records > limits.maxLength()
                || limits.maxLengthBytes() >= 0 && bytes + bodyBytes > limits.maxLengthBytes();
    }

    /** The count changes: by a batch that was not appended after all, one that came in by another way, messages that left or came back. */
    synchronized void change(long moreMessages, long moreBytes) {
        messages += moreMessages;
        bytes += moreBytes;
    }

    static boolean rejects(ViewOptions options) {
        return options.overflow() != ViewOptions.Overflow.DROP_HEAD
                && (options.maxLength() >= 0 || options.maxLengthBytes() >= 0);
    }
}

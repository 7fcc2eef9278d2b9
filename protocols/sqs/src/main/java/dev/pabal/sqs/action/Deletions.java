package dev.pabal.sqs.action;

import dev.pabal.broker.queue.Receipts;
import dev.pabal.sqs.queue.ReceiptHandle;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import org.jspecify.annotations.Nullable;

/** What a deletion's outcome means to its client. */
final class Deletions {
    private Deletions() {}

    /**
     * The refusal of a deletion, null where it was done, or there was nothing left to do: a handle whose message is gone, or was received again
     * from a standard queue, deletes nothing and is no error.
     *
     * @param text the handle as the client gave it
     */
    static @Nullable SqsException refusal(SqsQueue queue, Receipts.Outcome outcome, String text) {
        boolean expired = outcome == Receipts.Outcome.STALE || outcome == Receipts.Outcome.NOT_IN_FLIGHT;
        return expired && queue.attributes().fifo() ? expired(text) : null;
    }

    /** The handle as the client gave it. */
    static ReceiptHandle handle(String text, SqsQueue queue) {
        return ReceiptHandle.read(text, queue.queue().id());
    }

    /** The refusal of a handle of a FIFO queue whose time is over. */
    static SqsException expired(String text) {
        return new SqsException(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value " + text + " for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.");
    }
}

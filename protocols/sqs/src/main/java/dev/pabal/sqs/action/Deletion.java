package dev.pabal.sqs.action;

import dev.pabal.broker.queue.Receipts;
import dev.pabal.sqs.queue.ReceiptHandle;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.Parameters;
import dev.pabal.sqs.wire.SqsException;
import org.jspecify.annotations.Nullable;

/**
 * One message that is to be deleted.
 *
 * @param text the handle as the client gave it
 * @param handle the handle
 */
record Deletion(String text, ReceiptHandle handle) {
    /** Reads one. */
    static Deletion read(Parameters entry, SqsQueue queue) {
        String text = entry.required("ReceiptHandle");
        return new Deletion(text, ReceiptHandle.read(text, queue.queue().id()));
    }

    /**
     * What its outcome means to the client: a refusal, or null where it was done, or there was nothing left to do. A handle whose message is
     * gone, or was received again from a standard queue, deletes nothing and is no error.
     */
    @Nullable
    SqsException refusal(SqsQueue queue, Receipts.Outcome outcome) {
        boolean expired = outcome == Receipts.Outcome.STALE || outcome == Receipts.Outcome.NOT_IN_FLIGHT;
        return expired && queue.attributes().fifo() ? expired(text) : null;
    }

    /** The refusal of a handle of a FIFO queue whose time is over. */
    static SqsException expired(String text) {
        return SqsException.invalid(text, "ReceiptHandle", "The receipt handle has expired.");
    }
}

package dev.pabal.sqs.action;

import dev.pabal.broker.queue.Receipts;
import dev.pabal.sqs.queue.ReceiptHandle;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.Parameters;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import org.jspecify.annotations.Nullable;

/**
 * One message whose visibility is to change.
 *
 * @param text the handle as the client gave it
 * @param handle the handle
 * @param untilMs until when it is to be hidden, wall ms
 */
record VisibilityChange(String text, ReceiptHandle handle, long untilMs) {
    static final int MAX_SECONDS = 43_200;

    /** Reads one. */
    static VisibilityChange read(Parameters entry, SqsQueue queue, long nowMs) {
        String text = entry.required("ReceiptHandle");
        Integer seconds = entry.integer("VisibilityTimeout");
        if (seconds == null) {
            throw SqsException.missing("VisibilityTimeout");
        }
        if (seconds < 0 || seconds > MAX_SECONDS) {
            throw SqsException.invalid(
                    seconds, "VisibilityTimeout", "Must be >= 0 and <= " + MAX_SECONDS + ", if provided.");
        }
        ReceiptHandle handle = ReceiptHandle.read(text, queue.queue().id());
        long untilMs = nowMs + seconds * 1000L;
        if (seconds > 0 && untilMs - handle.receivedMs() > MAX_SECONDS * 1000L) {
            throw SqsException.invalid(
                    seconds,
                    "VisibilityTimeout",
                    "Total VisibilityTimeout for the message is beyond the limit [" + MAX_SECONDS + " seconds].");
        }
        return new VisibilityChange(text, handle, untilMs);
    }

    /**
     * What its outcome means to the client, null for success. A message of a standard queue that became visible in the meantime stays so, and is
     * no error.
     */
    @Nullable
    SqsException refusal(SqsQueue queue, Receipts.Outcome outcome) {
        boolean fifo = queue.attributes().fifo();
        return switch (outcome) {
            case DONE -> null;
            case NOT_IN_FLIGHT, STALE -> fifo ? Deletion.expired(text) : null;
            case GONE ->
                SqsException.invalid(
                        text,
                        "ReceiptHandle",
                        "Message does not exist or is not available for visibility timeout change.");
        };
    }

    static SqsException notInFlight() {
        return new SqsException(SqsError.MESSAGE_NOT_INFLIGHT, "The specified message isn't in flight.");
    }
}

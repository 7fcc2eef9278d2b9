package dev.pabal.sqs.wire;

/** A request that is answered with an error. */
public final class SqsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final SqsError error;

    /** @param message what the client reads, in SQS's words where it has some */
    public SqsException(SqsError error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    public SqsError error() {
        return error;
    }
}

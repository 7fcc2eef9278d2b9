package dev.pabal.sqs.wire;

/** A request that is answered with an error. */
public final class SqsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Messages quote what clients sent; as much of it as a person reads. */
    private static final int MAX_LENGTH = 2_000;

    private final SqsError error;

    /** @param message what the client reads, in SQS's words where it has some; cut where it is longer than {@value #MAX_LENGTH} characters */
    public SqsException(SqsError error, String message) {
        super(message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + "...", null, false, false);
        this.error = error;
    }

    /** The value of a parameter is wrong. */
    public static SqsException invalid(Object value, String parameter, String reason) {
        return new SqsException(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value " + value + " for parameter " + parameter + " is invalid. Reason: " + reason);
    }

    /** A parameter is not there. */
    public static SqsException missing(String parameter) {
        return new SqsException(
                SqsError.MISSING_PARAMETER, "The request must contain the parameter " + parameter + ".");
    }

    public SqsError error() {
        return error;
    }
}

package dev.pabal.kafka.wire;

/** The peer sent what is no request that this broker serves: the connection is closed. The message completes "the client ...". */
final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message, null, false, false);
    }

    BadRequestException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}

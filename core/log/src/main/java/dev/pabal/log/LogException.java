package dev.pabal.log;

/** A log refuses or cannot do what was asked; {@link #reason} is for programs, the message for people. */
public class LogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a log refused. */
    public enum Reason {
        /** The offset lies before the start or beyond the durable end. */
        OFFSET_OUT_OF_RANGE,
        /** Stored bytes do not match their checksum: nothing is served from there and nothing was removed. */
        CORRUPT,
        /** Free space is below what is needed to keep all that was acknowledged; it heals by itself when space returns. */
        DISK_FULL,
        /** The append is larger than a journal group may be. */
        TOO_LARGE,
        /** Another writer owns the log now. */
        FENCED,
        /** The log was deleted. */
        DELETED,
        /** The store is closing, closed or failed. */
        CLOSED,
        /** Too many reads wait for the disk or for memory: the same read may succeed in a moment. Nothing is broken. */
        BUSY,
        /** The disk failed to do what was asked. */
        IO
    }

    private final Reason reason;

    public LogException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public LogException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}

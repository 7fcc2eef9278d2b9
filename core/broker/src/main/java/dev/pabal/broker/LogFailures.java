package dev.pabal.broker;

import dev.pabal.log.LogException;

/** Turns what a log says into what the broker says. */
final class LogFailures {
    private LogFailures() {}

    /** The refusal behind any failure, wrapped in futures' exceptions or not. */
    static RuntimeException refusal(Throwable failure) {
        Throwable cause = Cause.of(failure);
        if (cause instanceof LogException e) {
            return new BrokerException(refusal(e.reason()), e.getMessage(), e);
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
    }

    private static Refusal refusal(LogException.Reason reason) {
        return switch (reason) {
            case OFFSET_OUT_OF_RANGE -> Refusal.OFFSET_OUT_OF_RANGE;
            case CORRUPT -> Refusal.CORRUPT_LOG;
            case DISK_FULL -> Refusal.DISK_FULL;
            case IO, BUSY -> Refusal.STORAGE;
            case TOO_LARGE -> Refusal.BATCH_TOO_LARGE;
            case FENCED -> Refusal.FENCED;
            case DELETED -> Refusal.UNKNOWN_TOPIC;
            case CLOSED -> Refusal.SHUTTING_DOWN;
        };
    }
}

package dev.pabal.sqs.http;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.client.QuietLog;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients are told when an action fails, and what the log is. */
final class Failures {
    /** Requests that are refused for what the broker lacks: memory, or a disk that takes records. */
    static final QuietLog REFUSED = new QuietLog(LoggerFactory.getLogger("dev.pabal.sqs.refused"));

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static SqsException translated(Throwable failure, String action, String requestId) {
        Throwable cause = Cause.of(failure);
        if (cause instanceof SqsException refused) {
            return refused;
        }
        if (cause instanceof BrokerException refused) {
            return refusal(refused, action);
        }
        LOG.error("The SQS request {} ({}) failed; it was answered with InternalFailure.", requestId, action, cause);
        return new SqsException(
                SqsError.INTERNAL_FAILURE, "The request could not be carried out; the broker's log says why.");
    }

    private static SqsException refusal(BrokerException refused, String action) {
        String message = String.valueOf(refused.getMessage());
        return switch (refused.refusal()) {
            case NOT_FOUND, UNKNOWN_TOPIC, UNKNOWN_PARTITION ->
                new SqsException(SqsError.QUEUE_DOES_NOT_EXIST, "The specified queue does not exist.");
            case TOPIC_EXISTS -> new SqsException(SqsError.QUEUE_NAME_EXISTS, message);
            case QUEUE_FULL, NOT_ALLOWED -> new SqsException(SqsError.OVER_LIMIT, message);
            case ACCESS_REFUSED, RESOURCE_LOCKED, POLICY, INTERNAL_TOPIC ->
                new SqsException(SqsError.ACCESS_DENIED, message);
            case STORAGE, DISK_FULL, CORRUPT_LOG, FENCED, TIMED_OUT, SHUTTING_DOWN -> {
                REFUSED.warn("The SQS action {} is refused with ServiceUnavailable: {}", action, message);
                yield new SqsException(SqsError.SERVICE_UNAVAILABLE, message);
            }
            default -> new SqsException(SqsError.INVALID_PARAMETER_VALUE, message);
        };
    }
}

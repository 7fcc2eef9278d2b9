package dev.pabal.kafka;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.Refusal;
import dev.pabal.log.LogException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The one place where the broker's refusals become Kafka's error codes. */
public final class KafkaErrors {
    private KafkaErrors() {}

    /** The code for any failure, wrapped in futures' exceptions or not; {@link Errors#UNKNOWN_SERVER_ERROR} for what nobody foresaw. */
    public static Errors of(Throwable failure) {
        Throwable cause = Cause.of(failure);
        if (cause instanceof BrokerException e) {
            return of(e.refusal());
        }
        if (cause instanceof LogException e) {
            return of(e.reason());
        }
        if (cause instanceof TimeoutException) {
            return Errors.REQUEST_TIMED_OUT;
        }
        return Errors.forException(cause);
    }

    /** The sentence that goes with {@link #of(Throwable)}; null where the code says all and the failure's own words are not for clients. */
    public static @Nullable String message(Throwable failure) {
        Throwable cause = Cause.of(failure);
        Errors error = of(cause);
        if (error == Errors.UNKNOWN_SERVER_ERROR) {
            return null;
        }
        return cause.getMessage() != null ? cause.getMessage() : error.message();
    }

    /** The code for a refusal of the broker. */
    public static Errors of(Refusal refusal) {
        return switch (refusal) {
            case UNKNOWN_TOPIC, UNKNOWN_PARTITION -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
            case TOPIC_EXISTS -> Errors.TOPIC_ALREADY_EXISTS;
            case INVALID_NAME, INTERNAL_TOPIC -> Errors.INVALID_TOPIC_EXCEPTION;
            case INVALID_PARTITIONS -> Errors.INVALID_PARTITIONS;
            case INVALID_REPLICATION -> Errors.INVALID_REPLICATION_FACTOR;
            case INVALID_ASSIGNMENT -> Errors.INVALID_REPLICA_ASSIGNMENT;
            case INVALID_CONFIG -> Errors.INVALID_CONFIG;
            case INVALID_REQUEST -> Errors.INVALID_REQUEST;
            case CORRUPT_BATCH -> Errors.CORRUPT_MESSAGE;
            case INVALID_BATCH -> Errors.INVALID_RECORD;
            case UNSUPPORTED_FORMAT -> Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT;
            case NOT_IN_TRANSACTION -> Errors.INVALID_TXN_STATE;
            case POLICY, PRECONDITION_FAILED, RESOURCE_LOCKED, COMMAND_INVALID, NOT_ALLOWED, QUEUE_FULL ->
                Errors.POLICY_VIOLATION;
            case NOT_FOUND -> Errors.RESOURCE_NOT_FOUND;
            case ACCESS_REFUSED -> Errors.TOPIC_AUTHORIZATION_FAILED;
            case UNSUPPORTED_COMPRESSION -> Errors.UNSUPPORTED_COMPRESSION_TYPE;
            case BATCH_TOO_LARGE -> Errors.MESSAGE_TOO_LARGE;
            case INVALID_TIMESTAMP -> Errors.INVALID_TIMESTAMP;
            case OFFSET_OUT_OF_RANGE -> Errors.OFFSET_OUT_OF_RANGE;
            case OUT_OF_ORDER_SEQUENCE -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case DUPLICATE_SEQUENCE -> Errors.DUPLICATE_SEQUENCE_NUMBER;
            case INVALID_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
            case UNKNOWN_PRODUCER -> Errors.UNKNOWN_PRODUCER_ID;
            case CORRUPT_LOG, STORAGE, DISK_FULL -> Errors.KAFKA_STORAGE_ERROR;
            // Clients ask for the metadata again and retry: right for a broker that goes away.
            case FENCED, SHUTTING_DOWN -> Errors.NOT_LEADER_OR_FOLLOWER;
            case TIMED_OUT -> Errors.REQUEST_TIMED_OUT;
        };
    }

    private static Errors of(LogException.Reason reason) {
        return switch (reason) {
            case OFFSET_OUT_OF_RANGE -> Errors.OFFSET_OUT_OF_RANGE;
            case CORRUPT, DISK_FULL, IO, BUSY -> Errors.KAFKA_STORAGE_ERROR;
            case TOO_LARGE -> Errors.MESSAGE_TOO_LARGE;
            case FENCED, CLOSED -> Errors.NOT_LEADER_OR_FOLLOWER;
            case DELETED -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
        };
    }
}

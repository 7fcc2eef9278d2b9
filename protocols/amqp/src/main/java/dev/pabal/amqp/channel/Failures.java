package dev.pabal.amqp.channel;

import dev.pabal.amqp.codec.MalformedFrameException;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.message.FieldTableException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What went wrong, as a code and text of AMQP. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static AmqpException of(Throwable failure) {
        Throwable cause = Cause.of(failure);
        if (cause instanceof AmqpException e) {
            return e;
        }
        if (cause instanceof MalformedFrameException) {
            return new AmqpException(ReplyCode.FRAME_ERROR, String.valueOf(cause.getMessage()));
        }
        if (cause instanceof FieldTableException) {
            return new AmqpException(ReplyCode.SYNTAX_ERROR, String.valueOf(cause.getMessage()));
        }
        if (cause instanceof BrokerException e) {
            return new AmqpException(code(e), String.valueOf(e.getMessage()));
        }
        if (cause instanceof TimeoutException) {
            LOG.error("a method was not carried out within two minutes; its connection is closed. Is the disk stuck?");
            return new AmqpException(ReplyCode.INTERNAL_ERROR, "the broker did not answer in time; its log says more");
        }
        LOG.error("a method failed after a defect of the broker; its connection is closed", cause);
        return new AmqpException(ReplyCode.INTERNAL_ERROR, "the broker failed; its log says more");
    }

    private static ReplyCode code(BrokerException e) {
        return switch (e.refusal()) {
            case NOT_FOUND, UNKNOWN_TOPIC, UNKNOWN_PARTITION -> ReplyCode.NOT_FOUND;
            case ACCESS_REFUSED, INTERNAL_TOPIC -> ReplyCode.ACCESS_REFUSED;
            case RESOURCE_LOCKED -> ReplyCode.RESOURCE_LOCKED;
            case COMMAND_INVALID -> ReplyCode.COMMAND_INVALID;
            case NOT_ALLOWED -> ReplyCode.NOT_ALLOWED;
            case STORAGE, DISK_FULL -> ReplyCode.RESOURCE_ERROR;
            case SHUTTING_DOWN, FENCED -> ReplyCode.CONNECTION_FORCED;
            case PRECONDITION_FAILED,
                    TOPIC_EXISTS,
                    INVALID_NAME,
                    INVALID_CONFIG,
                    INVALID_REQUEST,
                    INVALID_PARTITIONS,
                    POLICY,
                    QUEUE_FULL -> ReplyCode.PRECONDITION_FAILED;
            default -> ReplyCode.INTERNAL_ERROR;
        };
    }
}

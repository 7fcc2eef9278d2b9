package dev.pabal.cli.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

/** Turns the reply code and text of a channel or connection that the broker closed into one sentence with the next step. */
public final class AmqpFailures {
    private AmqpFailures() {}

    /** The sentence for a failure; null where it is none of AMQP's. */
    public static @Nullable String sentence(Throwable failure) {
        ShutdownSignalException signal = signal(failure);
        if (signal == null) {
            return null;
        }
        String text = replyText(failure);
        if (text == null) {
            return "The connection to the broker broke (" + signal.getMessage()
                    + "). Check that the broker runs and try again.";
        }
        return text + ". " + nextStep(code(signal));
    }

    /** What the broker gave as its reason; null where it gave none. */
    static @Nullable String replyText(Throwable failure) {
        ShutdownSignalException signal = signal(failure);
        if (signal == null) {
            return null;
        }
        Method reason = signal.getReason();
        if (reason instanceof AMQP.Channel.Close close) {
            return close.getReplyText();
        }
        return reason instanceof AMQP.Connection.Close close ? close.getReplyText() : null;
    }

    private static int code(ShutdownSignalException signal) {
        Method reason = signal.getReason();
        if (reason instanceof AMQP.Channel.Close close) {
            return close.getReplyCode();
        }
        return reason instanceof AMQP.Connection.Close close ? close.getReplyCode() : 0;
    }

    private static String nextStep(int code) {
        return switch (code) {
            case AMQP.NOT_FOUND -> "'pabal queue list' and 'pabal exchange list' show what there is.";
            case AMQP.PRECONDITION_FAILED -> "'pabal queue describe' or 'pabal exchange describe' shows how it is now.";
            case AMQP.ACCESS_REFUSED -> "The user lacks the permission, or the name is reserved.";
            case AMQP.RESOURCE_LOCKED -> "Another connection has it for itself; it goes when that connection ends.";
            case AMQP.NOT_IMPLEMENTED -> "The broker does not offer this for such a queue.";
            default -> "The broker's log may say more.";
        };
    }

    private static @Nullable ShutdownSignalException signal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ShutdownSignalException signal) {
                return signal;
            }
        }
        return null;
    }
}

package dev.pabal.cli.client;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Turns what a Kafka client throws into one sentence with the next step. */
public final class Failures {
    private Failures() {}

    /** The sentence for a failure. */
    public static String sentence(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof CommandFailure) {
            return String.valueOf(cause.getMessage());
        } else if (cause instanceof UnknownTopicOrPartitionException) {
            return "The topic or partition does not exist; 'pabal topic list' shows the topics, 'pabal topic create' makes one.";
        } else if (cause instanceof TopicExistsException) {
            return message(cause) + " Use 'pabal topic alter' to change it, or --if-not-exists to leave it as it is.";
        } else if (cause instanceof InvalidTopicException) {
            return message(cause) + " A name has 1 to 249 letters, digits, '.', '_' and '-'.";
        } else if (cause instanceof GroupIdNotFoundException) {
            return "The group does not exist; 'pabal group list' shows the groups.";
        } else if (cause instanceof GroupNotEmptyException) {
            return "The group still has members; stop its consumers first.";
        } else if (cause instanceof RecordTooLargeException) {
            return message(cause)
                    + " Raise max.message.bytes of the topic with 'pabal topic alter', or send less at once.";
        } else if (cause instanceof TimeoutException) {
            return message(cause) + " Check that the broker runs (GET /health on its http port) and try again.";
        }
        return message(cause);
    }

    private static String message(Throwable cause) {
        String message = cause.getMessage();
        String text = message == null || message.isBlank() ? cause.getClass().getSimpleName() : message.strip();
        return text.endsWith(".") ? text : text + ".";
    }
}

package dev.pabal.sqs.queue;

import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.regex.Pattern;

/** Names of queues: SQS's rules and words. */
public final class QueueNames {
    private static final String FIFO_SUFFIX = ".fifo";
    private static final int LONGEST = 80;
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-]+");

    private QueueNames() {}

    /** Checks the name of a new queue. Fails with {@link SqsError#INVALID_PARAMETER_VALUE}. */
    public static void check(String name, boolean fifo) {
        boolean suffixed = name.endsWith(FIFO_SUFFIX);
        String stem = suffixed ? name.substring(0, name.length() - FIFO_SUFFIX.length()) : name;
        boolean good = name.length() <= LONGEST && ALLOWED.matcher(stem).matches();
        if (fifo && !(good && suffixed)) {
            throw new SqsException(
                    SqsError.INVALID_PARAMETER_VALUE,
                    "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end"
                            + " with .fifo suffix and be 1 to 80 in length");
        }
        if (!fifo && (!good || suffixed)) {
            throw new SqsException(
                    SqsError.INVALID_PARAMETER_VALUE,
                    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
        }
    }
}

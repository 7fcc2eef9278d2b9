package dev.pabal.sqs.queue;

import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tags of queues: SQS's bounds. Pure. */
public final class Tags {
    private static final int MOST = 50;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private Tags() {}

    /**
     * The tags after more were put on.
     *
     * @throws SqsException {@link SqsError#INVALID_PARAMETER_VALUE} where a key or value is too long, or there are too many
     */
    public static Map<String, String> with(Map<String, String> before, Map<String, String> more) {
        more.forEach(Tags::check);
        Map<String, String> tags = new LinkedHashMap<>(before);
        tags.putAll(more);
        if (tags.size() > MOST) {
            throw invalid("Too many tags added: a queue has at most " + MOST + ".");
        }
        return tags;
    }

    private static void check(String key, String value) {
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw invalid("Tag keys must be between 1 and " + LONGEST_KEY + " characters in length.");
        }
        if (key.startsWith("aws:")) {
            throw invalid("Tag keys must not begin with aws:.");
        }
        if (value.length() > LONGEST_VALUE) {
            throw invalid("Tag values must be between 0 and " + LONGEST_VALUE + " characters in length.");
        }
    }

    private static SqsException invalid(String message) {
        return new SqsException(SqsError.INVALID_PARAMETER_VALUE, message);
    }
}

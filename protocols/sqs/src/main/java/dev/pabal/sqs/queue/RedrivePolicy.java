package dev.pabal.sqs.queue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;

/**
 * Where messages go that were received too often.
 *
 * @param targetArn the dead-letter queue
 * @param maxReceiveCount how often a message may be received, 1 to 1000
 */
public record RedrivePolicy(String targetArn, int maxReceiveCount) {
    private static final String TARGET = "deadLetterTargetArn";
    private static final String COUNT = "maxReceiveCount";
    private static final int MAX_COUNT = 1_000;

    /** Reads the attribute's value. Fails with {@link SqsError#INVALID_PARAMETER_VALUE} where it is none. */
    public static RedrivePolicy parse(String text) {
        JsonNode json = Documents.object(text);
        if (json == null) {
            throw invalid(text, "Redrive policy is not a valid JSON map.");
        }
        JsonNode count = json.get(COUNT);
        JsonNode target = json.get(TARGET);
        if (target == null || !target.isTextual()) {
            throw invalid(text, "Redrive policy does not contain mandatory attribute: " + TARGET + ".");
        }
        if (count == null) {
            throw invalid(text, "Redrive policy does not contain mandatory attribute: " + COUNT + ".");
        }
        int number = count.isInt() || count.isTextual() ? wholeNumber(count.asText()) : -1;
        if (number < 1 || number > MAX_COUNT) {
            throw invalid(
                    text,
                    "Invalid value for " + COUNT + ": " + count.asText() + ", valid values are from 1 to " + MAX_COUNT
                            + " both inclusive.");
        }
        return new RedrivePolicy(target.asText(), number);
    }

    private static int wholeNumber(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The refusal of a redrive policy, in SQS's words. */
    static SqsException invalid(String text, String reason) {
        return SqsException.invalid(text, "RedrivePolicy", reason);
    }
}

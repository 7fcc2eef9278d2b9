package dev.pabal.sqs.action;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What SQS itself knows about a message, by the names under which receivers ask for it. */
enum SystemAttribute {
    SENDER_ID("SenderId"),
    SENT_TIMESTAMP("SentTimestamp"),
    APPROXIMATE_RECEIVE_COUNT("ApproximateReceiveCount"),
    APPROXIMATE_FIRST_RECEIVE_TIMESTAMP("ApproximateFirstReceiveTimestamp"),
    SEQUENCE_NUMBER("SequenceNumber"),
    MESSAGE_DEDUPLICATION_ID("MessageDeduplicationId"),
    MESSAGE_GROUP_ID("MessageGroupId"),
    AWS_TRACE_HEADER("AWSTraceHeader"),
    DEAD_LETTER_QUEUE_SOURCE_ARN("DeadLetterQueueSourceArn");

    private static final Map<String, SystemAttribute> BY_NAME = new HashMap<>();

    static {
        for (SystemAttribute attribute : values()) {
            BY_NAME.put(attribute.label, attribute);
        }
    }

    private final String label;

    SystemAttribute(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** The one of that name, null where there is none. */
    static @Nullable SystemAttribute find(String name) {
        return BY_NAME.get(name);
    }
}

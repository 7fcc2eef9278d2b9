package dev.pabal.sqs.queue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The attributes of SQS's queues, in the order in which they are shown. */
public enum QueueAttribute {
    QUEUE_ARN("QueueArn"),
    MESSAGES("ApproximateNumberOfMessages"),
    MESSAGES_NOT_VISIBLE("ApproximateNumberOfMessagesNotVisible"),
    MESSAGES_DELAYED("ApproximateNumberOfMessagesDelayed"),
    CREATED("CreatedTimestamp"),
    LAST_MODIFIED("LastModifiedTimestamp"),
    VISIBILITY_TIMEOUT("VisibilityTimeout", 0, 43_200, 30),
    MAXIMUM_MESSAGE_SIZE("MaximumMessageSize", 1_024, 1 << 20, 1 << 20),
    RETENTION("MessageRetentionPeriod", 60, 1_209_600, 345_600),
    DELAY("DelaySeconds", 0, 900, 0),
    POLICY("Policy", Form.DOCUMENT),
    RECEIVE_WAIT("ReceiveMessageWaitTimeSeconds", 0, 20, 0),
    REDRIVE_POLICY("RedrivePolicy", Form.DOCUMENT),
    REDRIVE_ALLOW_POLICY("RedriveAllowPolicy", Form.DOCUMENT),
    KMS_KEY("KmsMasterKeyId", Form.TEXT),
    KMS_REUSE("KmsDataKeyReusePeriodSeconds", 60, 86_400, 300),
    FIFO("FifoQueue", Form.WORD, true, "", List.of("true", "false")),
    DEDUPLICATION_SCOPE("DeduplicationScope", Form.WORD, true, "queue", List.of("queue", "messageGroup")),
    FIFO_THROUGHPUT("FifoThroughputLimit", Form.WORD, true, "perQueue", List.of("perQueue", "perMessageGroupId")),
    CONTENT_DEDUPLICATION("ContentBasedDeduplication", Form.WORD, true, "false", List.of("true", "false")),
    MANAGED_SSE("SqsManagedSseEnabled", Form.WORD, false, "true", List.of("true", "false"));

    /** What values look like. */
    enum Form {
        /** Nobody sets it: it is counted or known. */
        SHOWN,
        NUMBER,
        WORD,
        TEXT,
        /** A JSON document; an empty text takes it away. */
        DOCUMENT
    }

    /** Most characters of a text or a document: all of them are in every copy of the catalog. */
    static final int MAX_LENGTH = 64 << 10;

    private static final Map<String, QueueAttribute> BY_NAME = new TreeMap<>();

    static {
        for (QueueAttribute attribute : values()) {
            BY_NAME.put(attribute.label, attribute);
        }
    }

    private final String label;
    private final Form form;
    private final boolean fifoOnly;
    private final String standard;
    private final List<String> words;
    private final long min;
    private final long max;

    QueueAttribute(String label) {
        this(label, Form.SHOWN);
    }

    QueueAttribute(String label, Form form) {
        this(label, form, false, "", List.of(), 0, 0);
    }

    QueueAttribute(String label, long min, long max, long standard) {
        this(label, Form.NUMBER, false, Long.toString(standard), List.of(), min, max);
    }

    QueueAttribute(String label, Form form, boolean fifoOnly, String standard, List<String> words) {
        this(label, form, fifoOnly, standard, words, 0, 0);
    }

    QueueAttribute(String label, Form form, boolean fifoOnly, String standard, List<String> words, long min, long max) {
        this.label = label;
        this.form = form;
        this.fifoOnly = fifoOnly;
        this.standard = standard;
        this.words = words;
        this.min = min;
        this.max = max;
    }

    /** The attribute of that name, null where there is none. */
    public static @Nullable QueueAttribute of(String name) {
        return BY_NAME.get(name);
    }

    /** As clients say it: {@code VisibilityTimeout}. */
    public String label() {
        return label;
    }

    /** Whether clients may say it. */
    boolean settable() {
        return form != Form.SHOWN;
    }

    /** Whether standard queues know nothing of it. */
    boolean fifoOnly() {
        return fifoOnly;
    }

    /** What holds where nobody said anything; empty where that is nothing. */
    String standard() {
        return standard;
    }

    /** Whether an empty text takes the attribute away. */
    boolean removable() {
        return form == Form.DOCUMENT || form == Form.TEXT;
    }

    /** The value in the form in which it is kept, null where it is none that this attribute may have. Documents are read elsewhere. */
    @Nullable
    String accepted(String value) {
        return switch (form) {
            case NUMBER -> number(value);
            case WORD -> word(value);
            case TEXT, DOCUMENT -> value.length() <= MAX_LENGTH ? value : null;
            case SHOWN -> null;
        };
    }

    private @Nullable String number(String value) {
        if (value.isEmpty() || value.length() > 10) {
            return null;
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return null;
            }
        }
        long number = Long.parseLong(value);
        return number < min || number > max ? null : Long.toString(number);
    }

    /** Truth values are taken in any case: programs in Python say {@code True}. */
    private @Nullable String word(String value) {
        for (String word : words) {
            if (words.contains("true") ? word.equalsIgnoreCase(value) : word.equals(value)) {
                return word;
            }
        }
        return null;
    }
}

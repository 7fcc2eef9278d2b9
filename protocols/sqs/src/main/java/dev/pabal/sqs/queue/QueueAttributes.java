package dev.pabal.sqs.queue;

import dev.pabal.catalog.Arguments;
import dev.pabal.catalog.Queue;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one queue that somebody can set, as they hold: what was said, and SQS's defaults for the rest. Queues that were not made
 * over SQS have defaults, and what their arguments say. Immutable.
 */
public final class QueueAttributes {
    /** What is not needed for every message is asked for here; only attributes with a value are in it. */
    private final Map<QueueAttribute, String> values;

    private final boolean fifo;
    private final boolean contentDeduplication;
    private final boolean deduplicatesPerGroup;
    private final int visibilityTimeoutSeconds;
    private final int delaySeconds;
    private final int receiveWaitSeconds;
    private final int maximumMessageSizeInBytes;

    private QueueAttributes(Map<QueueAttribute, String> values) {
        this.values = values;
        this.fifo = is(QueueAttribute.FIFO, "true");
        this.contentDeduplication = is(QueueAttribute.CONTENT_DEDUPLICATION, "true");
        this.deduplicatesPerGroup = is(QueueAttribute.DEDUPLICATION_SCOPE, "messageGroup");
        this.visibilityTimeoutSeconds = number(QueueAttribute.VISIBILITY_TIMEOUT);
        this.delaySeconds = number(QueueAttribute.DELAY);
        this.receiveWaitSeconds = number(QueueAttribute.RECEIVE_WAIT);
        this.maximumMessageSizeInBytes = number(QueueAttribute.MAXIMUM_MESSAGE_SIZE);
    }

    /** Those that were said, accepted by {@link AttributeRules}, and the defaults. */
    public static QueueAttributes of(Map<String, String> said) {
        return new QueueAttributes(effective(said));
    }

    /** Those of a queue. */
    public static QueueAttributes of(Queue definition) {
        return ofArguments(definition.arguments());
    }

    /** Those of a queue with these arguments. */
    static QueueAttributes ofArguments(Map<String, Object> arguments) {
        SqsDescription description = SqsDescription.of(arguments);
        if (description.createdS() >= 0) {
            return of(description.attributes());
        }
        Map<String, String> said = new LinkedHashMap<>(QueueArguments.said(arguments));
        said.putAll(description.attributes());
        Map<QueueAttribute, String> values = effective(said);
        if (!said.containsKey(QueueAttribute.RETENTION.label())) {
            // Without a time to live its messages stay for ever: SQS's default would not be true.
            values.remove(QueueAttribute.RETENTION);
        }
        return new QueueAttributes(values);
    }

    private static Map<QueueAttribute, String> effective(Map<String, String> said) {
        boolean fifo = "true".equals(said.get(QueueAttribute.FIFO.label()));
        boolean kms = said.containsKey(QueueAttribute.KMS_KEY.label());
        Map<QueueAttribute, String> values = new EnumMap<>(QueueAttribute.class);
        for (QueueAttribute attribute : QueueAttribute.values()) {
            String value = said.get(attribute.label());
            if (value == null && (!attribute.fifoOnly() || fifo)) {
                value = standard(attribute, kms);
            }
            if (value != null && !value.isEmpty()) {
                values.put(attribute, value);
            }
        }
        return values;
    }

    /** Keys of a key service are named only where there is one; with one, the queues' own encryption is off. */
    private static String standard(QueueAttribute attribute, boolean kms) {
        return switch (attribute) {
            case KMS_REUSE -> kms ? attribute.standard() : "";
            case MANAGED_SSE -> kms ? "false" : attribute.standard();
            default -> attribute.standard();
        };
    }

    /** The value, null where there is none. */
    public @Nullable String value(QueueAttribute attribute) {
        return values.get(attribute);
    }

    /** All that have a value, in the order in which they are shown. */
    public Map<QueueAttribute, String> values() {
        return Collections.unmodifiableMap(values);
    }

    private boolean is(QueueAttribute attribute, String value) {
        return value.equals(values.get(attribute));
    }

    private int number(QueueAttribute attribute) {
        String value = values.getOrDefault(attribute, attribute.standard());
        String accepted = attribute.accepted(value); // AMQP clients may have declared anything
        return Integer.parseInt(accepted == null ? attribute.standard() : accepted);
    }

    /** Whether order within message groups, and deduplication, hold. */
    public boolean fifo() {
        return fifo;
    }

    /** Whether a message without a deduplication id has its body's digest as one. */
    public boolean contentBasedDeduplication() {
        return contentDeduplication;
    }

    /** Whether the same deduplication id in two message groups means two messages. */
    public boolean deduplicatesPerGroup() {
        return deduplicatesPerGroup;
    }

    /** How long a received message is hidden where the receiver does not say. */
    public int visibilityTimeoutSeconds() {
        return visibilityTimeoutSeconds;
    }

    /** How long a new message is held back where its sender does not say. */
    public int delaySeconds() {
        return delaySeconds;
    }

    /** How long a receiver waits where it does not say. */
    public int receiveWaitSeconds() {
        return receiveWaitSeconds;
    }

    /** Most bytes of a message: body, attributes' names, types and values. */
    public int maximumMessageSizeInBytes() {
        return maximumMessageSizeInBytes;
    }

    /** Where messages go that were received too often, null = nowhere. */
    public @Nullable RedrivePolicy redrivePolicy() {
        String text = values.get(QueueAttribute.REDRIVE_POLICY);
        return text == null ? null : RedrivePolicy.parse(text);
    }

    /** Who may name it as dead-letter queue; everybody where nothing is said. */
    public boolean allowsRedriveFrom(String sourceArn) {
        String text = values.get(QueueAttribute.REDRIVE_ALLOW_POLICY);
        return text == null || RedriveAllowPolicy.parse(text).allows(sourceArn);
    }

    /** The queue's retention in ms, -1 = for ever. */
    public long retentionMs() {
        String seconds = values.get(QueueAttribute.RETENTION);
        return seconds == null ? -1 : Long.parseLong(seconds) * 1000;
    }

    /** What arguments of a queue that was not made over SQS mean as attributes. */
    private static final class QueueArguments {
        private static Map<String, String> said(Map<String, Object> arguments) {
            Map<String, String> said = new LinkedHashMap<>();
            if ("ordered".equals(arguments.get("x-groups"))) {
                said.put(QueueAttribute.FIFO.label(), "true");
            }
            if ("group".equals(arguments.get("x-dedup-scope"))) {
                said.put(QueueAttribute.DEDUPLICATION_SCOPE.label(), "messageGroup");
            }
            Long ttlMs = Arguments.number(arguments, "x-message-ttl");
            if (ttlMs != null) {
                said.put(QueueAttribute.RETENTION.label(), Long.toString(ttlMs / 1000));
            }
            return said;
        }
    }
}

package dev.pabal.sqs.queue;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What SQS's clients said of a queue, kept as the queue's argument {@code x-sqs}: a table of {@code attributes} and {@code tags} (tables of
 * texts), {@code created} and {@code modified} (seconds since 1970).
 *
 * @param attributes as they were set, without those that hold by default
 * @param tags in the order in which they came
 * @param createdS when it was made, -1 where nobody knows: it was not made over SQS
 * @param modifiedS when its attributes were set last, -1 where they never were
 */
public record SqsDescription(Map<String, String> attributes, Map<String, String> tags, long createdS, long modifiedS) {
    /** The argument's name. */
    public static final String ARGUMENT = "x-sqs";

    /** Nobody has said anything. */
    public static final SqsDescription NONE = new SqsDescription(Map.of(), Map.of(), -1, -1);

    public SqsDescription {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /** As the arguments of a queue say it. */
    public static SqsDescription of(Map<String, Object> arguments) {
        if (!(arguments.get(ARGUMENT) instanceof Map<?, ?> table)) {
            return NONE;
        }
        return new SqsDescription(
                texts(table.get("attributes")),
                texts(table.get("tags")),
                seconds(table.get("created")),
                seconds(table.get("modified")));
    }

    /** One attribute as the arguments of a queue say it, null where it was not set: without a copy of the others. */
    static @Nullable String attribute(Map<String, Object> arguments, QueueAttribute attribute) {
        return arguments.get(ARGUMENT) instanceof Map<?, ?> table
                        && table.get("attributes") instanceof Map<?, ?> said
                        && said.get(attribute.label()) instanceof String text
                ? text
                : null;
    }

    private static Map<String, String> texts(@Nullable Object value) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> table) {
            table.forEach((key, text) -> {
                if (key instanceof String name && text instanceof String said) {
                    texts.put(name, said);
                }
            });
        }
        return texts;
    }

    private static long seconds(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : -1;
    }

    /** The argument's value. */
    public Map<String, Object> argument() {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("attributes", attributes);
        table.put("tags", tags);
        table.put("created", createdS);
        table.put("modified", modifiedS);
        return table;
    }

    /** The same with other tags. */
    public SqsDescription withTags(Map<String, String> other) {
        return new SqsDescription(attributes, other, createdS, modifiedS);
    }
}

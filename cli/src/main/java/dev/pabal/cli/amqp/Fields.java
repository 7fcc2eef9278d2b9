package dev.pabal.cli.amqp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;

/** Fields of the management API's answers, as they are printed. */
public final class Fields {
    private Fields() {}

    /** A text, or {@code -} where it is missing or empty. */
    public static String text(JsonNode object, String field) {
        String text = object.path(field).asText("");
        return text.isEmpty() ? "-" : text;
    }

    /** A number, 0 where the broker has not counted yet. */
    public static long number(JsonNode object, String field) {
        return object.path(field).asLong(0);
    }

    /** An object's entries as they would be typed, or {@code -}. */
    public static String assignments(JsonNode object) {
        StringJoiner joined = new StringJoiner(" ");
        object.fields()
                .forEachRemaining(entry -> joined.add(entry.getKey() + "="
                        + (entry.getValue().isValueNode()
                                ? entry.getValue().asText()
                                : entry.getValue().toString())));
        return joined.length() == 0 ? "-" : joined.toString();
    }
}

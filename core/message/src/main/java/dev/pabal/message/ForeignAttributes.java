package dev.pabal.message;

import dev.pabal.message.AmqpProperties.Property;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attributes of a message that nobody sent over SQS: its headers (text and booleans as String, numbers and times as Number, bytes as
 * Binary) but for those of the broker's own ({@code x-...}, {@code CC}), nested ones and names that XML cannot say; then the properties that are
 * texts for readers, but for the message id, under their names. Of several headers of one name the last counts, as for Kafka's readers, and a header
 * hides a property: SQS has each name once, and its SDKs compare digests.
 */
final class ForeignAttributes {
    private static final Property[] TEXTS = {
        Property.CONTENT_TYPE,
        Property.CONTENT_ENCODING,
        Property.CORRELATION_ID,
        Property.REPLY_TO,
        Property.TYPE,
        Property.APP_ID
    };

    private ForeignAttributes() {}

    static void read(AmqpProperties properties, List<SqsAttribute> found) {
        Map<String, SqsAttribute> out = new LinkedHashMap<>();
        ByteBuffer in = properties.buffer();
        if (properties.has(Property.HEADERS)) {
            int next = properties.at(Property.HEADERS) + 4;
            int end = next - 4 + properties.length(Property.HEADERS);
            while (next < end) {
                int valueAt = FieldTable.value(in, next, end);
                int after = FieldTable.skip(in, valueAt, end);
                header(in, next + 1, valueAt, after, out);
                next = after;
            }
        }
        for (Property property : TEXTS) {
            if (properties.has(property) && !out.containsKey(property.word())) {
                add(property.word(), in, properties.at(property), properties.length(property), out);
            }
        }
        found.addAll(out.values());
    }

    private static void header(ByteBuffer in, int nameAt, int valueAt, int after, Map<String, SqsAttribute> out) {
        int nameLength = valueAt - nameAt;
        String name = FieldTable.text(in, nameAt, nameLength);
        if (nameLength == 0 || !SqsText.isText(in, nameAt, nameLength) || SqsEnvelope.staysInside(name)) {
            return;
        }
        switch (in.get(valueAt)) {
            case 'S' -> add(name, in, valueAt + 5, after - valueAt - 5, out);
            case 'x' -> out.put(name, new SqsAttribute(name, "Binary", in, valueAt + 5, after - valueAt - 5));
            case 'A', 'F', 'V' -> {}
            default -> {
                Object value = FieldTable.valueAt(in, valueAt, after);
                byte[] text = decimal(value).getBytes(StandardCharsets.US_ASCII);
                String type = value instanceof Boolean ? "String" : "Number";
                out.put(name, new SqsAttribute(name, type, ByteBuffer.wrap(text), 0, text.length));
            }
        }
    }

    private static String decimal(@Nullable Object value) {
        if (value instanceof Instant time) {
            return Long.toString(time.getEpochSecond());
        }
        return value instanceof BigDecimal number ? number.toPlainString() : String.valueOf(value);
    }

    private static void add(String name, ByteBuffer in, int at, int length, Map<String, SqsAttribute> out) {
        out.put(name, new SqsAttribute(name, SqsText.isText(in, at, length) ? "String" : "Binary", in, at, length));
    }
}

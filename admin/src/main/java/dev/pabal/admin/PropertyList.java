package dev.pabal.admin;

import dev.pabal.message.AmqpProperties.Property;
import dev.pabal.message.FieldTableWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Properties named as in JSON ({@code content_type}, {@code headers}, ...) as the raw list that is stored: flags, then values. */
final class PropertyList {
    private static final int MAX_SHORT = 255;

    private PropertyList() {}

    /** @throws ApiException 400 where a value does not fit its property */
    static ByteBuffer encode(Map<String, Object> named) {
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        int flags = 0;
        for (Property property : Property.values()) {
            Object value = named.get(property.word().replace('-', '_'));
            if (value != null) {
                flags |= 1 << (15 - property.ordinal());
                write(values, property, value);
            }
        }
        ByteBuffer out = ByteBuffer.allocate(2 + values.size());
        return out.putShort((short) flags).put(values.toByteArray()).flip();
    }

    private static void write(ByteArrayOutputStream out, Property property, Object value) {
        switch (property) {
            case HEADERS -> {
                if (!(value instanceof Map<?, ?> headers)) {
                    throw ApiException.badRequest("The property 'headers' takes an object.");
                }
                out.writeBytes(FieldTableWriter.encode(Json.map(headers)));
            }
            case DELIVERY_MODE, PRIORITY -> out.write((int) number(property, value, 255));
            case TIMESTAMP ->
                out.writeBytes(ByteBuffer.allocate(Long.BYTES)
                        .putLong(number(property, value, Long.MAX_VALUE))
                        .array());
            default -> {
                byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
                if (text.length > MAX_SHORT) {
                    throw ApiException.badRequest("The property '" + property.word() + "' is longer than 255 bytes.");
                }
                out.write(text.length);
                out.writeBytes(text);
            }
        }
    }

    private static long number(Property property, Object value, long max) {
        if (value instanceof Long number && number >= 0 && number <= max) {
            return number;
        }
        throw ApiException.badRequest("The property '" + property.word() + "' takes a whole number up to " + max + ".");
    }
}

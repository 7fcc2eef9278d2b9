package dev.pabal.catalog;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of declarations, as maps from names to values. Values are of the classes that an AMQP field table knows: {@link Boolean},
 * {@link Byte}, {@link Short}, {@link Integer}, {@link Long}, {@link Float}, {@link Double}, {@link java.math.BigDecimal}, {@link String},
 * {@code byte[]} wrapped as {@link java.nio.ByteBuffer}, {@link java.time.Instant} (seconds), {@link java.util.List}, {@link Map}, and null.
 */
public final class Arguments {
    /** How deep lists and maps may be nested. */
    public static final int MAX_DEPTH = 64;

    private Arguments() {}

    /** The value as a whole number, or null where there is none or it is no whole number. */
    public static @Nullable Long number(Map<String, Object> arguments, String name) {
        Object value = arguments.get(name);
        return value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long
                ? ((Number) value).longValue()
                : null;
    }

    /** The value as text, or null where there is none or it is no text. */
    public static @Nullable String text(Map<String, Object> arguments, String name) {
        return arguments.get(name) instanceof String text ? text : null;
    }
}

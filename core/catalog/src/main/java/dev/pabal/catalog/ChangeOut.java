package dev.pabal.catalog;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A change being written; the forms are drawn in {@link CatalogCodec}. */
final class ChangeOut extends ByteArrayOutputStream {
    ChangeOut kind(int value) {
        write(value);
        return this;
    }

    ChangeOut flag(boolean value) {
        write(value ? 1 : 0);
        return this;
    }

    ChangeOut number(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        write((int) rest);
        return this;
    }

    /** A number that may be below zero. */
    ChangeOut signed(long value) {
        return number(value << 1 ^ value >> 63);
    }

    ChangeOut text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private ChangeOut bytes(byte[] bytes) {
        number(bytes.length);
        writeBytes(bytes);
        return this;
    }

    ChangeOut texts(List<String> texts) {
        number(texts.size());
        texts.forEach(this::text);
        return this;
    }

    ChangeOut id(UUID id) {
        writeBytes(ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
        return this;
    }

    ChangeOut map(Map<String, String> map) {
        number(map.size());
        new TreeMap<>(map).forEach((key, value) -> text(key).text(value));
        return this;
    }

    /**
     * Values as in {@link Arguments}, in the order of the map.
     *
     * @throws IllegalArgumentException where a value is of another class, or they are nested too deep
     */
    ChangeOut arguments(Map<String, Object> arguments) {
        return table(arguments, 0);
    }

    private ChangeOut table(Map<?, ?> table, int depth) {
        number(table.size());
        table.forEach((name, value) -> text((String) name).value(value, depth));
        return this;
    }

    private void value(@Nullable Object value, int depth) {
        if (depth > Arguments.MAX_DEPTH) {
            throw new IllegalArgumentException("arguments are nested deeper than " + Arguments.MAX_DEPTH);
        }
        if (value == null) {
            write('V');
        } else if (value instanceof Boolean v) {
            kind('t').flag(v);
        } else if (value instanceof Byte v) {
            kind('b').signed(v);
        } else if (value instanceof Short v) {
            kind('s').signed(v);
        } else if (value instanceof Integer v) {
            kind('I').signed(v);
        } else if (value instanceof Long v) {
            kind('l').signed(v);
        } else if (value instanceof Float v) {
            kind('f').number(Integer.toUnsignedLong(Float.floatToRawIntBits(v)));
        } else if (value instanceof Double v) {
            kind('d').number(Double.doubleToRawLongBits(v));
        } else if (value instanceof String v) {
            kind('S').text(v);
        } else {
            compound(value, depth);
        }
    }

    private void compound(Object value, int depth) {
        if (value instanceof BigDecimal v) {
            kind('D').signed(v.scale()).bytes(v.unscaledValue().toByteArray());
        } else if (value instanceof ByteBuffer v) {
            byte[] bytes = new byte[v.remaining()];
            v.duplicate().get(bytes);
            kind('x').bytes(bytes);
        } else if (value instanceof Instant v) {
            kind('T').signed(v.getEpochSecond());
        } else if (value instanceof List<?> v) {
            kind('A').number(v.size());
            v.forEach(element -> value(element, depth + 1));
        } else if (value instanceof Map<?, ?> v) {
            kind('F').table(v, depth + 1);
        } else {
            throw new IllegalArgumentException("no argument can be a " + value.getClass());
        }
    }
}

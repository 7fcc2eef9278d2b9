package dev.pabal.catalog;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change being read; the forms are drawn in {@link CatalogCodec}. Every method throws {@link BufferUnderflowException} where the bytes end
 * too soon, and {@link IllegalArgumentException} where they are no such thing.
 */
final class ChangeIn {
    private final ByteBuffer in;

    ChangeIn(ByteBuffer in) {
        this.in = in;
    }

    byte kind() {
        return in.get();
    }

    boolean flag() {
        return in.get() != 0;
    }

    boolean hasRemaining() {
        return in.hasRemaining();
    }

    UUID id() {
        return new UUID(in.getLong(), in.getLong());
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than ten bytes in the catalog");
    }

    int intNumber() {
        long value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a number out of range in the catalog: " + value);
        }
        return (int) value;
    }

    long signed() {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }

    /** A number of things that take at least one byte each. */
    private int count() {
        int count = intNumber();
        if (count > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return count;
    }

    /** The constant with that number. */
    <E extends Enum<E>> E constant(E[] constants) {
        int index = in.get();
        if (index < 0 || index >= constants.length) {
            throw new IllegalArgumentException("an unknown choice in the catalog: " + index);
        }
        return constants[index];
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    private byte[] bytes() {
        byte[] bytes = new byte[count()];
        in.get(bytes);
        return bytes;
    }

    List<String> texts() {
        int count = count();
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(text());
        }
        return texts;
    }

    Map<String, String> map() {
        int count = count();
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String key = text();
            map.put(key, text());
        }
        return map;
    }

    Map<String, Object> arguments() {
        return table(0);
    }

    @SuppressWarnings("NullAway") // A value may be null, as Arguments says.
    private Map<String, Object> table(int depth) {
        int count = count();
        Map<String, Object> table = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = text();
            table.put(name, value(depth));
        }
        return table;
    }

    private @Nullable Object value(int depth) {
        if (depth > Arguments.MAX_DEPTH) {
            throw new IllegalArgumentException("arguments in the catalog are nested too deep");
        }
        byte type = in.get();
        return switch (type) {
            case 'V' -> null;
            case 't' -> flag();
            case 'b' -> (byte) signed();
            case 's' -> (short) signed();
            case 'I' -> (int) signed();
            case 'l' -> signed();
            case 'f' -> Float.intBitsToFloat((int) number());
            case 'd' -> Double.longBitsToDouble(number());
            case 'S' -> text();
            case 'D' -> decimal();
            case 'x' -> ByteBuffer.wrap(bytes()).asReadOnlyBuffer();
            case 'T' -> instant();
            case 'A' -> list(depth);
            case 'F' -> Collections.unmodifiableMap(table(depth + 1));
            default -> throw new IllegalArgumentException("an argument of unknown type in the catalog: " + type);
        };
    }

    private BigDecimal decimal() {
        int scale = (int) signed();
        byte[] unscaled = bytes();
        if (unscaled.length == 0) {
            throw new IllegalArgumentException("a decimal without digits in the catalog");
        }
        return new BigDecimal(new BigInteger(unscaled), scale);
    }

    private Instant instant() {
        long seconds = signed();
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw new IllegalArgumentException("a time out of range in the catalog: " + seconds);
        }
        return Instant.ofEpochSecond(seconds);
    }

    private List<Object> list(int depth) {
        int count = count();
        List<@Nullable Object> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(value(depth + 1));
        }
        return Collections.unmodifiableList(list);
    }
}

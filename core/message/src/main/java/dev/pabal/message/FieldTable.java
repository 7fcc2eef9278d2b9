package dev.pabal.message;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Field tables of AMQP 0-9-1 as RabbitMQ and its clients write them (spec 4.2.5.5 with RabbitMQ's types).
 *
 * <pre>
 *   +-------------+----------------------------------------------- ...
 *   | length (4)  | name: length (1), bytes | type (1) | value | name ...
 *   +-------------+----------------------------------------------- ...
 *   t boolean 1   b int8   B uint8   s int16   u uint16   I int32   i uint32   l, L int64   f float   d double
 *   D decimal: scale 1, int32   S longstr: length 4, bytes   x bytes: length 4, bytes   T seconds 8   A array: length 4, values
 *   F table   V nothing
 * </pre>
 *
 * Values are of the classes that {@code dev.pabal.catalog.Arguments} names. All lengths are checked against the bytes at hand; tables and
 * arrays may nest {@value #MAX_DEPTH} deep.
 */
public final class FieldTable {
    /** How deep tables and arrays may nest: what is deeper is an attack, not a message. */
    public static final int MAX_DEPTH = 64;

    private FieldTable() {}

    /**
     * The table as a map.
     *
     * @param at where its length field lies; absolute reads only
     * @param limit where the bytes that it may use end
     * @throws FieldTableException where the bytes are no table
     */
    public static Map<String, Object> decode(ByteBuffer in, int at, int limit) {
        return table(in, at, end(in, at, limit), 0);
    }

    /**
     * Where the table that begins at {@code at} ends, without a look inside.
     *
     * @throws FieldTableException where it announces more than there is
     */
    public static int end(ByteBuffer in, int at, int limit) {
        need(at, 4, limit);
        int length = in.getInt(at);
        if (length < 0 || length > limit - at - 4) {
            throw new FieldTableException("a table announces more bytes than there are");
        }
        return at + 4 + length;
    }

    /**
     * Where the type byte of the entry named {@code name} lies; -1 where there is none. Where a name occurs twice, the last holds, as in the
     * maps that clients make.
     *
     * @param at where the table's length field lies
     */
    public static int find(ByteBuffer in, int at, int limit, byte[] name) {
        int end = end(in, at, limit);
        int found = -1;
        int next = at + 4;
        while (next < end) {
            int valueAt = value(in, next, end);
            if (same(in, next, name)) {
                found = valueAt;
            }
            next = skip(in, valueAt, end);
        }
        return found;
    }

    /** Where the type byte of the entry lies whose name begins at {@code nameAt}. */
    static int value(ByteBuffer in, int nameAt, int limit) {
        need(nameAt, 1, limit);
        int valueAt = nameAt + 1 + (in.get(nameAt) & 0xff);
        need(valueAt, 1, limit);
        return valueAt;
    }

    static boolean same(ByteBuffer in, int nameAt, byte[] name) {
        if ((in.get(nameAt) & 0xff) != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (in.get(nameAt + 1 + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The value whose type byte lies at {@code at}.
     *
     * @throws FieldTableException where the bytes are none
     */
    public static @Nullable Object valueAt(ByteBuffer in, int at, int limit) {
        return value(in, at, limit, 0);
    }

    /** Where the value ends whose type byte lies at {@code at}; nested ones are passed over whole. */
    public static int skip(ByteBuffer in, int at, int limit) {
        need(at, 1, limit);
        int size =
                switch (in.get(at)) {
                    case 't', 'b', 'B' -> 1;
                    case 's', 'u' -> 2;
                    case 'I', 'i', 'f' -> 4;
                    case 'D' -> 5;
                    case 'l', 'L', 'd', 'T' -> 8;
                    case 'V' -> 0;
                    case 'S', 'x', 'A', 'F' -> end(in, at + 1, limit) - at - 1;
                    default -> throw unknown(in.get(at));
                };
        need(at + 1, size, limit);
        return at + 1 + size;
    }

    private static Map<String, Object> table(ByteBuffer in, int at, int end, int depth) {
        checkDepth(depth);
        Map<String, Object> map = new LinkedHashMap<>();
        int next = at + 4;
        while (next < end) {
            int valueAt = value(in, next, end);
            map.put(text(in, next + 1, in.get(next) & 0xff), value(in, valueAt, end, depth));
            next = skip(in, valueAt, end);
        }
        return map;
    }

    private static List<Object> array(ByteBuffer in, int at, int end, int depth) {
        checkDepth(depth);
        List<Object> list = new ArrayList<>();
        int next = at + 4;
        while (next < end) {
            list.add(value(in, next, end, depth));
            next = skip(in, next, end);
        }
        return list;
    }

    @SuppressWarnings("NullAway") // void values are nulls in maps and lists, as Arguments says
    private static @Nullable Object value(ByteBuffer in, int at, int limit, int depth) {
        int end = skip(in, at, limit);
        int v = at + 1;
        return switch (in.get(at)) {
            case 't' -> in.get(v) != 0;
            case 'b' -> in.get(v);
            case 'B' -> (short) (in.get(v) & 0xff);
            case 's' -> in.getShort(v);
            case 'u' -> in.getShort(v) & 0xffff;
            case 'I' -> in.getInt(v);
            case 'i' -> in.getInt(v) & 0xffffffffL;
            case 'l', 'L' -> in.getLong(v);
            case 'f' -> in.getFloat(v);
            case 'd' -> in.getDouble(v);
            case 'D' -> new BigDecimal(BigInteger.valueOf(in.getInt(v + 1)), in.get(v) & 0xff);
            case 'S' -> text(in, v + 4, end - v - 4);
            case 'x' -> ByteBuffer.wrap(bytes(in, v + 4, end - v - 4));
            case 'T' -> instant(in.getLong(v));
            case 'A' -> array(in, v, end, depth + 1);
            case 'F' -> table(in, v, end, depth + 1);
            case 'V' -> null;
            default -> throw unknown(in.get(at));
        };
    }

    private static Instant instant(long seconds) {
        return Instant.ofEpochSecond(
                Math.max(Instant.MIN.getEpochSecond(), Math.min(Instant.MAX.getEpochSecond(), seconds)));
    }

    static String text(ByteBuffer in, int at, int length) {
        return new String(bytes(in, at, length), StandardCharsets.UTF_8);
    }

    static byte[] bytes(ByteBuffer in, int at, int length) {
        byte[] bytes = new byte[length];
        in.get(at, bytes);
        return bytes;
    }

    private static void need(int at, int bytes, int limit) {
        if (bytes > limit - at) {
            throw new FieldTableException("a table or property list ends in the midst of a value");
        }
    }

    private static void checkDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw new FieldTableException("tables nest more than " + MAX_DEPTH + " deep");
        }
    }

    private static FieldTableException unknown(byte type) {
        return new FieldTableException("no field type has the letter " + (type & 0xff));
    }
}

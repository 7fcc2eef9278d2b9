package dev.pabal.message;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps as field tables, in the layout that {@link FieldTable} draws. Not for paths that run once for each message. */
public final class FieldTableWriter {
    private static final int MAX_NAME_BYTES = 255;

    private FieldTableWriter() {}

    /**
     * The table with its length field.
     *
     * @param table values of the classes that {@code dev.pabal.catalog.Arguments} names
     * @throws FieldTableException where a value is of another class, a name is longer than 255 bytes, or it nests too deep
     */
    public static byte[] encode(Map<String, ?> table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writeTable(out, table, 0);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes bytes", e);
        }
        return bytes.toByteArray();
    }

    /** One entry, without a length field around it. */
    static byte[] entry(String name, @Nullable Object value) {
        byte[] table = encode(Collections.singletonMap(name, value));
        return Arrays.copyOfRange(table, 4, table.length);
    }

    private static void writeTable(DataOutputStream out, Map<?, ?> table, int depth) throws IOException {
        if (depth > FieldTable.MAX_DEPTH) {
            throw new FieldTableException("tables nest more than " + FieldTable.MAX_DEPTH + " deep");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream entries = new DataOutputStream(bytes);
        for (Map.Entry<?, ?> entry : table.entrySet()) {
            byte[] name = String.valueOf(entry.getKey()).getBytes(StandardCharsets.UTF_8);
            if (name.length > MAX_NAME_BYTES) {
                throw new FieldTableException("a name in a table is longer than 255 bytes: " + entry.getKey());
            }
            entries.writeByte(name.length);
            entries.write(name);
            writeValue(entries, entry.getValue(), depth);
        }
        out.writeInt(bytes.size());
        bytes.writeTo(out);
    }

    private static void writeValue(DataOutputStream out, @Nullable Object value, int depth) throws IOException {
        if (value == null) {
            out.writeByte('V');
        } else if (value instanceof String text) {
            writeBytes(out, 'S', text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof byte[] bytes) {
            writeBytes(out, 'x', bytes);
        } else if (value instanceof ByteBuffer bytes) {
            writeBytes(out, 'x', FieldTable.bytes(bytes, bytes.position(), bytes.remaining()));
        } else if (value instanceof Map<?, ?> table) {
            out.writeByte('F');
            writeTable(out, table, depth + 1);
        } else if (value instanceof List<?> list) {
            writeArray(out, list, depth + 1);
        } else {
            writeScalar(out, value);
        }
    }

    private static void writeScalar(DataOutputStream out, Object value) throws IOException {
        if (value instanceof Boolean flag) {
            out.writeByte('t');
            out.writeBoolean(flag);
        } else if (value instanceof Byte number) {
            out.writeByte('b');
            out.writeByte(number);
        } else if (value instanceof Short number) {
            out.writeByte('s');
            out.writeShort(number);
        } else if (value instanceof Integer number) {
            out.writeByte('I');
            out.writeInt(number);
        } else if (value instanceof Long number) {
            out.writeByte('l');
            out.writeLong(number);
        } else if (value instanceof Float number) {
            out.writeByte('f');
            out.writeFloat(number);
        } else if (value instanceof Double number) {
            out.writeByte('d');
            out.writeDouble(number);
        } else if (value instanceof Instant time) {
            out.writeByte('T');
            out.writeLong(time.getEpochSecond());
        } else if (value instanceof BigDecimal decimal) {
            writeDecimal(out, decimal);
        } else {
            throw new FieldTableException(
                    "no field type holds a " + value.getClass().getName());
        }
    }

    private static void writeDecimal(DataOutputStream out, BigDecimal decimal) throws IOException {
        if (decimal.scale() < 0
                || decimal.scale() > 255
                || decimal.unscaledValue().bitLength() > 31) {
            throw new FieldTableException("a decimal of a table has 32 bits and a scale up to 255: " + decimal);
        }
        out.writeByte('D');
        out.writeByte(decimal.scale());
        out.writeInt(decimal.unscaledValue().intValue());
    }

    private static void writeArray(DataOutputStream out, List<?> list, int depth) throws IOException {
        if (depth > FieldTable.MAX_DEPTH) {
            throw new FieldTableException("arrays nest more than " + FieldTable.MAX_DEPTH + " deep");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream values = new DataOutputStream(bytes);
        for (Object value : list) {
            writeValue(values, value, depth);
        }
        writeBytes(out, 'A', bytes.toByteArray());
    }

    private static void writeBytes(DataOutputStream out, char type, byte[] bytes) throws IOException {
        out.writeByte(type);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}

package dev.pabal.message;

import dev.pabal.message.AmqpProperties.Property;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * The headers of a record that was published over AMQP, as {@link AmqpRecord} draws them: the envelope, then what readers of other protocols see.
 * Serves one message after another, and all batches of one thread, so that a queue that is published to now and then costs no buffer of its own.
 */
public final class AmqpHeaders {
    private static final Property[] SHOWN =
            Arrays.stream(Property.values()).filter(AmqpRecord::isShown).toArray(Property[]::new);
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

    private final AmqpProperties properties = new AmqpProperties();
    private ByteBuffer out = ByteBuffer.allocate(1 << 10);
    private int count;

    /** How many there are. */
    int count() {
        return count;
    }

    /** The headers of the message that was written last, until they are read. */
    ByteBuffer bytes() {
        return out;
    }

    /**
     * Makes the headers of one message.
     *
     * @throws FieldTableException where the properties are malformed
     */
    void write(byte[] exchange, ByteBuffer in, int at, int length) {
        properties.wrap(in, at, length);
        int shown = 0;
        out.clear();
        room(AmqpRecord.ENVELOPE_BYTES.length + exchange.length + length + 16);
        Varints.put(out, AmqpRecord.ENVELOPE_BYTES.length);
        out.put(AmqpRecord.ENVELOPE_BYTES);
        Varints.put(out, 2 + exchange.length + length);
        out.put(AmqpRecord.VERSION).put((byte) exchange.length).put(exchange);
        put(in, at, length);
        if (properties.has(Property.HEADERS)) {
            shown = showHeaders(in);
        }
        for (Property property : SHOWN) {
            if (properties.has(property)) {
                room(property.wordBytes().length + properties.length(property) + 16);
                Varints.put(out, property.wordBytes().length);
                out.put(property.wordBytes());
                Varints.put(out, properties.length(property));
                put(in, properties.at(property), properties.length(property));
                shown++;
            }
        }
        count = shown + 1;
        out.flip();
    }

    private int showHeaders(ByteBuffer in) {
        int tableAt = properties.at(Property.HEADERS);
        int end = tableAt + properties.length(Property.HEADERS);
        int shown = 0;
        int next = tableAt + 4;
        while (next < end) {
            int valueAt = FieldTable.value(in, next, end);
            int after = FieldTable.skip(in, valueAt, end);
            if (showHeader(in, next, valueAt, after, end)) {
                shown++;
            }
            next = after;
        }
        return shown;
    }

    private boolean showHeader(ByteBuffer in, int nameAt, int valueAt, int after, int end) {
        int nameLength = valueAt - nameAt - 1;
        if (FieldTable.same(in, nameAt, SqsEnvelope.NAME_BYTES)) {
            return false;
        }
        switch (in.get(valueAt)) {
            case 'A', 'F', 'V' -> {
                return false;
            }
            case 'S', 'x' -> {
                int length = after - valueAt - 5;
                showName(in, nameAt + 1, nameLength, length);
                put(in, valueAt + 5, length);
            }
            default -> {
                byte[] text = text(in, valueAt, end);
                showName(in, nameAt + 1, nameLength, text.length);
                out.put(text);
            }
        }
        return true;
    }

    private static byte[] text(ByteBuffer in, int valueAt, int end) {
        if (in.get(valueAt) == 't') {
            return in.get(valueAt + 1) != 0 ? TRUE : FALSE;
        }
        Object value = FieldTable.valueAt(in, valueAt, end);
        Object shown = value instanceof Instant time ? (Object) time.getEpochSecond() : value;
        return String.valueOf(shown).getBytes(StandardCharsets.US_ASCII);
    }

    private void showName(ByteBuffer in, int at, int length, int valueLength) {
        room(length + valueLength + 16);
        Varints.put(out, length);
        put(in, at, length);
        Varints.put(out, valueLength);
    }

    private void room(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(out.position() + bytes, out.capacity() * 2));
            larger.put(out.flip());
            out = larger;
        }
    }

    private void put(ByteBuffer in, int at, int length) {
        out.put(out.position(), in, at, length);
        out.position(out.position() + length);
    }
}

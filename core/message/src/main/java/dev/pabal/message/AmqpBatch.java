package dev.pabal.message;

import dev.pabal.log.BatchHeader;
import dev.pabal.message.AmqpProperties.Property;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Builds one record batch of messages published over AMQP, each in the layout that {@link AmqpRecord} draws. Bodies are copied once, nothing
 * is allocated for a message unless its headers are numbers. The buffer comes from a {@link BatchMemory} and goes to whoever takes
 * {@link #seal}; the object serves many batches. For one thread.
 */
public final class AmqpBatch {
    private static final int PER_RECORD_BYTES = 64;
    private static final Property[] SHOWN =
            Arrays.stream(Property.values()).filter(AmqpRecord::isShown).toArray(Property[]::new);
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

    private final BatchMemory memory;
    private final AmqpProperties properties = new AmqpProperties();
    private @Nullable ByteBuffer out;
    private ByteBuffer tail = ByteBuffer.allocate(1 << 10);
    private int records;
    private long bodyBytes;
    private int headers;
    private int bodyMissing;

    public AmqpBatch(BatchMemory memory) {
        this.memory = memory;
    }

    /** Records so far. */
    public int records() {
        return records;
    }

    /** Bytes of all bodies so far. */
    public long bodyBytes() {
        return bodyBytes;
    }

    /** Bytes of the batch so far; 0 while there is none. */
    public int sizeInBytes() {
        return out == null ? 0 : out.position();
    }

    /** Adds a message whose body lies in one piece. As {@link #begin} and {@link #body}. */
    public void add(
            byte[] exchange,
            byte[] routingKey,
            ByteBuffer properties,
            int propertiesAt,
            int propertiesLength,
            ByteBuffer body,
            int bodyAt,
            int bodyLength) {
        begin(exchange, routingKey, properties, propertiesAt, propertiesLength, bodyLength);
        body(body, bodyAt, bodyLength);
    }

    /**
     * Begins a message; its body must follow by {@link #body}, exactly {@code bodyLength} bytes, before anything else.
     *
     * @param exchange name of the exchange that it was published to, at most 255 bytes
     * @param routingKey at most 255 bytes
     * @param properties holds the raw properties: flags and list
     * @throws FieldTableException where the properties are malformed; the batch is then as before
     */
    public void begin(
            byte[] exchange,
            byte[] routingKey,
            ByteBuffer properties,
            int propertiesAt,
            int propertiesLength,
            int bodyLength) {
        writeTail(exchange, properties, propertiesAt, propertiesLength);
        int keyBytes = routingKey.length == 0 ? 1 : Varints.sizeOf(routingKey.length) + routingKey.length;
        int headerCountBytes = Varints.sizeOf(headers);
        int length = 1
                + 1
                + Varints.sizeOf(records)
                + keyBytes
                + Varints.sizeOf(bodyLength)
                + bodyLength
                + headerCountBytes
                + tail.limit();
        ByteBuffer to = room(length + 5);
        Varints.put(to, length);
        to.put((byte) 0).put((byte) 0);
        Varints.put(to, records);
        if (routingKey.length == 0) {
            to.put((byte) 1); // zig-zag of -1: no key
        } else {
            Varints.put(to, routingKey.length);
            to.put(routingKey);
        }
        Varints.put(to, bodyLength);
        bodyMissing = bodyLength;
        bodyBytes += bodyLength;
        records++;
        finishIfWhole(to);
    }

    /** Adds the next piece of the body of the message that was begun. */
    public void body(ByteBuffer in, int at, int length) {
        if (length == 0) {
            return;
        }
        if (length > bodyMissing || out == null) {
            throw new IllegalStateException("a body longer than announced");
        }
        out.put(out.position(), in, at, length);
        out.position(out.position() + length);
        bodyMissing -= length;
        finishIfWhole(out);
    }

    private void finishIfWhole(ByteBuffer to) {
        if (bodyMissing == 0) {
            Varints.put(to, headers);
            to.put(tail);
        }
    }

    /**
     * Completes the batch: from 0 to the buffer's limit, offsets from 0. The buffer is the caller's until it gives it back to the memory; this
     * object is ready for the next batch.
     *
     * @param timestampMs of all its records
     */
    public ByteBuffer seal(long timestampMs) {
        ByteBuffer batch = out;
        if (batch == null || bodyMissing > 0) {
            throw new IllegalStateException("nothing to seal, or a body that is not complete");
        }
        batch.flip();
        batch.putLong(0, 0L);
        batch.putInt(8, batch.limit() - BatchHeader.LENGTH_OVERHEAD);
        batch.putInt(12, 0);
        batch.put(16, (byte) 2);
        batch.putShort(21, (short) 0);
        batch.putInt(23, records - 1);
        batch.putLong(27, timestampMs);
        batch.putLong(35, timestampMs);
        batch.putLong(43, -1L);
        batch.putShort(51, (short) -1);
        batch.putInt(53, -1);
        batch.putInt(57, records);
        BatchCheck.seal(batch);
        reset();
        return batch;
    }

    /** Forgets what was begun and gives its memory back. */
    public void drop() {
        if (out != null) {
            memory.giveBack(out);
        }
        reset();
    }

    private void reset() {
        out = null;
        records = 0;
        bodyBytes = 0;
        bodyMissing = 0;
    }

    private ByteBuffer room(int bytes) {
        ByteBuffer now = out;
        if (now == null) {
            now = memory.take(BatchHeader.BYTES + bytes + PER_RECORD_BYTES);
            now.position(BatchHeader.BYTES);
        } else if (now.remaining() < bytes) {
            ByteBuffer larger = memory.take(Math.max(Math.addExact(now.position(), bytes), now.capacity() * 2));
            larger.put(now.flip());
            memory.giveBack(now);
            now = larger;
        }
        out = now;
        return now;
    }

    // ---- the record's headers: the envelope, then what readers of other protocols see

    private void writeTail(byte[] exchange, ByteBuffer in, int at, int length) {
        properties.wrap(in, at, length);
        int shown = 0;
        tail.clear();
        tailRoom(AmqpRecord.ENVELOPE_BYTES.length + exchange.length + length + 16);
        Varints.put(tail, AmqpRecord.ENVELOPE_BYTES.length);
        tail.put(AmqpRecord.ENVELOPE_BYTES);
        Varints.put(tail, 2 + exchange.length + length);
        tail.put(AmqpRecord.VERSION).put((byte) exchange.length).put(exchange);
        put(in, at, length);
        if (properties.has(Property.HEADERS)) {
            shown = showHeaders(in);
        }
        for (Property property : SHOWN) {
            if (properties.has(property)) {
                tailRoom(property.wordBytes().length + properties.length(property) + 16);
                Varints.put(tail, property.wordBytes().length);
                tail.put(property.wordBytes());
                Varints.put(tail, properties.length(property));
                put(in, properties.at(property), properties.length(property));
                shown++;
            }
        }
        headers = shown + 1;
        tail.flip();
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
                tail.put(text);
            }
        }
        return true;
    }

    private static byte[] text(ByteBuffer in, int valueAt, int end) {
        if (in.get(valueAt) == 't') {
            return in.get(valueAt + 1) != 0 ? TRUE : FALSE;
        }
        Object value = FieldTable.valueAt(in, valueAt, end);
        Object shown = value instanceof java.time.Instant time ? (Object) time.getEpochSecond() : value;
        return String.valueOf(shown).getBytes(StandardCharsets.US_ASCII);
    }

    private void showName(ByteBuffer in, int at, int length, int valueLength) {
        tailRoom(length + valueLength + 16);
        Varints.put(tail, length);
        put(in, at, length);
        Varints.put(tail, valueLength);
    }

    private void tailRoom(int bytes) {
        if (tail.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(tail.position() + bytes, tail.capacity() * 2));
            larger.put(tail.flip());
            tail = larger;
        }
    }

    private void put(ByteBuffer in, int at, int length) {
        tail.put(tail.position(), in, at, length);
        tail.position(tail.position() + length);
    }
}

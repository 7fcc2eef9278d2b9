package dev.pabal.message;

import dev.pabal.message.AmqpProperties.Property;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A stored record as AMQP sees it: positions of its parts in the buffer of the batch, found without a copy. One object serves many records;
 * for one thread.
 *
 * <p>A record published over AMQP is stored so:
 *
 * <pre>
 *   record key      routing key, as bytes; null where it is empty
 *   record value    body
 *   timestamp       broker's time of arrival
 *   headers         "pabal.amqp" = | version 1 | exchange: length (1), bytes | property flags and property list, raw |
 *                   then, for readers of other protocols, one for each entry of the headers table whose value has a textual form,
 *                   and "content-type", "content-encoding", "correlation-id", "reply-to", "message-id", "type", "app-id" where present
 * </pre>
 *
 * The raw properties are what the publisher sent, flags first, byte by byte (spec 4.2.6.1); they go to AMQP consumers as they are.
 * The header "pabal.amqp" comes first. A record of another protocol has no such header: its headers become the headers table (those
 * with one of the seven names above the property of that name), its key the routing key, its timestamp the property. The properties of
 * such a record are written into memory of this object's own.
 */
public final class AmqpRecord {
    /** Name of the header that holds what only AMQP knows. */
    public static final String ENVELOPE = "pabal.amqp";

    /** First byte of the envelope. */
    static final byte VERSION = 1;

    /** Longest text of a shortstr. */
    static final int MAX_SHORT = 255;

    static final byte[] ENVELOPE_BYTES = ENVELOPE.getBytes(StandardCharsets.US_ASCII);
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final ForeignProperties foreign = new ForeignProperties();
    private ByteBuffer buffer = EMPTY;
    private ByteBuffer properties = EMPTY;
    private boolean fromAmqp;
    private int sizeInBytes;
    private int offsetDelta;
    private long timestampMs;
    private int keyAt;
    private int keyLength;
    private int bodyAt;
    private int bodyLength;
    private int headersAt;
    private int headerCount;
    private int exchangeAt;
    private int exchangeLength;
    private int propertiesAt;
    private int propertiesLength;

    /** Whether the records of the batch at {@code at} are uncompressed, so that they can be found by walking. */
    public static boolean isPlain(ByteBuffer batch, int at) {
        return (batch.getShort(at + 21) & BatchCheck.CODEC_MASK) == 0;
    }

    /**
     * Looks at the record whose length field begins at {@code at}. Absolute reads only.
     *
     * @param baseTimestampMs base timestamp of its batch
     * @throws IllegalArgumentException where the bytes are no record
     */
    public AmqpRecord wrap(ByteBuffer in, int at, long baseTimestampMs) {
        try {
            parse(in, at, baseTimestampMs);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a record, or one that is cut off", e);
        }
        return this;
    }

    private void parse(ByteBuffer in, int at, long baseTimestampMs) {
        buffer = in;
        int length = length(in, at);
        int next = at + Varints.length(in, at);
        sizeInBytes = next - at + length;
        int end = at + sizeInBytes;
        next++;
        timestampMs = baseTimestampMs + Varints.at(in, next);
        next += Varints.length(in, next);
        offsetDelta = (int) Varints.at(in, next);
        next += Varints.length(in, next);
        keyLength = length(in, next);
        keyAt = next + Varints.length(in, next);
        next = keyAt + Math.max(0, keyLength);
        bodyLength = length(in, next);
        bodyAt = next + Varints.length(in, next);
        next = bodyAt + Math.max(0, bodyLength);
        headerCount = length(in, next);
        headersAt = next + Varints.length(in, next);
        if (headersAt > end || headerCount < 0 || end > in.limit()) {
            throw new IllegalArgumentException("not a record: its parts are longer than it");
        }
        fromAmqp = headerCount > 0 && isEnvelope(in, headersAt);
        if (fromAmqp) {
            envelope(in, headersAt + 1 + ENVELOPE_BYTES.length);
        } else {
            exchangeAt = bodyAt;
            exchangeLength = 0;
            propertiesLength = -1;
        }
    }

    private static boolean isEnvelope(ByteBuffer in, int at) {
        int nameLength = length(in, at);
        if (nameLength != ENVELOPE_BYTES.length) {
            return false;
        }
        for (int i = 0; i < nameLength; i++) {
            if (in.get(at + 1 + i) != ENVELOPE_BYTES[i]) {
                return false;
            }
        }
        int valueAt = at + 1 + nameLength;
        return length(in, valueAt) >= 4 && in.get(valueAt + Varints.length(in, valueAt)) == VERSION;
    }

    private void envelope(ByteBuffer in, int valueAt) {
        int valueLength = length(in, valueAt);
        int next = valueAt + Varints.length(in, valueAt) + 1;
        exchangeLength = in.get(next) & 0xff;
        exchangeAt = next + 1;
        properties = in;
        propertiesAt = exchangeAt + exchangeLength;
        propertiesLength = valueLength - 2 - exchangeLength;
        if (propertiesLength < 2) {
            throw new IllegalArgumentException("not an AMQP record: its envelope is too short");
        }
    }

    static int length(ByteBuffer in, int at) {
        long value = Varints.at(in, at);
        if (value < -1 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("not a record: a length of " + value);
        }
        return (int) value;
    }

    /** Whether it was published over AMQP. */
    public boolean fromAmqp() {
        return fromAmqp;
    }

    /** Whole size of the record with its length field: the next one of its batch begins behind it. */
    public int sizeInBytes() {
        return sizeInBytes;
    }

    /** Adds to the base offset of its batch. */
    public int offsetDelta() {
        return offsetDelta;
    }

    /** When it arrived, or what its producer said, ms since the epoch. */
    public long timestampMs() {
        return timestampMs;
    }

    /** The memory that key, body and exchange lie in. */
    public ByteBuffer buffer() {
        return buffer;
    }

    public int exchangeAt() {
        return exchangeAt;
    }

    /** 0 for the default exchange and for records of other protocols. */
    public int exchangeLength() {
        return exchangeLength;
    }

    public int routingKeyAt() {
        return keyAt;
    }

    /** At most 255: a longer key of another protocol cannot be said and counts as empty. */
    public int routingKeyLength() {
        return keyLength < 0 || keyLength > MAX_SHORT ? 0 : keyLength;
    }

    public int bodyAt() {
        return bodyAt;
    }

    /** 0 also for a record without a value. */
    public int bodyLength() {
        return Math.max(0, bodyLength);
    }

    /** The memory that the raw properties lie in: the batch's, or this object's own, valid until the next {@link #wrap}. */
    public ByteBuffer propertiesBuffer() {
        makeProperties();
        return properties;
    }

    /** Where the property flags lie in {@link #propertiesBuffer}. */
    public int propertiesAt() {
        makeProperties();
        return propertiesAt;
    }

    /** Bytes of flags and property list. */
    public int propertiesLength() {
        makeProperties();
        return propertiesLength;
    }

    /** Points {@code out} at the properties. */
    public AmqpProperties properties(AmqpProperties out) {
        makeProperties();
        return out.wrap(properties, propertiesAt, propertiesLength);
    }

    /** The exchange's name. Allocates. */
    public String exchange() {
        return FieldTable.text(buffer, exchangeAt, exchangeLength);
    }

    /** The routing key as text. Allocates. */
    public String routingKey() {
        return FieldTable.text(buffer, keyAt, routingKeyLength());
    }

    private void makeProperties() {
        if (propertiesLength < 0) {
            properties = foreign.write(buffer, headersAt, headerCount, timestampMs);
            propertiesAt = 0;
            propertiesLength = properties.limit();
        }
    }

    /** The properties that readers of other protocols see as headers of these names. */
    static boolean isShown(Property property) {
        return switch (property) {
            case CONTENT_TYPE, CONTENT_ENCODING, CORRELATION_ID, REPLY_TO, MESSAGE_ID, TYPE, APP_ID -> true;
            default -> false;
        };
    }
}

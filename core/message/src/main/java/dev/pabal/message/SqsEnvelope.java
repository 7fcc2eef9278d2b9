package dev.pabal.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What only SQS knows about a message: an entry {@code x-sqs} of bytes in its headers table, written by {@link SqsProperties}. This object
 * finds the parts in the bytes of a message without a copy; it serves many messages, for one thread.
 *
 * <pre>
 *   | version 1 (1) | flags (1) | delay in seconds (2) | CRC-32C of the body (4) | MD5 of the body (16) |
 *   flag 1:  | MD5 of the attributes (16) |
 *   flag 2:  | MD5 of the system attributes (16) |
 *   flag 4:  | first message id (16) | first sent at, ms since 1970 (8) | queue that it comes from: length (1), bytes |
 *   | group: length (1), bytes | deduplication id: length (1), bytes | sender: length (1), bytes | trace header: length (2), bytes |
 *   | number of attributes (1) |, for each | name: length (2), bytes | data type: length (2), bytes | 0 or 1 (1) |
 *                                           after 1 | value: length (4), bytes |
 * </pre>
 *
 * A length of 0 says that there is none. An attribute followed by 0 has its value in the headers table under its name: as {@code S} where it
 * is text or a number, as {@code x} where it is binary. Those whose name means something to AMQP or does not fit there
 * ({@link #staysInside}) have their value here. The checksum tells whether the envelope belongs to the body: a client that takes a message and
 * publishes its headers with another body makes a message of its own, not SQS's. The digests of attributes are what the sender was told;
 * receivers are told those of what they get.
 */
public final class SqsEnvelope {
    /** Name of the entry in the headers table. */
    public static final String NAME = "x-sqs";

    /** Longest group, deduplication id, sender and queue name in bytes. */
    public static final int MAX_SHORT = 255;

    static final byte[] NAME_BYTES = NAME.getBytes(StandardCharsets.US_ASCII);
    static final byte VERSION = 1;
    static final int HAS_ATTRIBUTES_MD5 = 1;
    static final int HAS_SYSTEM_MD5 = 2;
    static final int HAS_ORIGIN = 4;
    static final int DELAY_AT = 2;
    static final int CHECKSUM_AT = 4;
    static final int MD5_AT = 8;
    static final int FIXED_BYTES = 24;
    private static final int ID_BYTES = 16;
    private static final int ORIGIN_BYTES = ID_BYTES + 8;
    private static final ByteBuffer NONE = ByteBuffer.allocate(FIXED_BYTES);

    private ByteBuffer buffer = NONE;
    private int at;
    private int end = FIXED_BYTES;
    private int originAt;
    private int groupAt;
    private int dedupAt;
    private int senderAt;
    private int traceAt;
    private int attributesAt;

    /**
     * Looks for the envelope among a message's properties.
     *
     * @return false where there is none, or none that is well-formed: the message is not SQS's then, and the other methods say nothing
     * @throws FieldTableException where the headers table itself is malformed
     */
    public boolean wrap(AmqpProperties properties) {
        int valueAt = properties.headerAt(NAME_BYTES);
        ByteBuffer in = properties.buffer();
        return valueAt >= 0 && in.get(valueAt) == 'x' && wrap(in, valueAt + 5, in.getInt(valueAt + 1));
    }

    /** Looks at the envelope that lies there; false where the bytes are none. */
    public boolean wrap(ByteBuffer in, int from, int length) {
        if (length < FIXED_BYTES || length > in.limit() - from || in.get(from) != VERSION) {
            return false;
        }
        buffer = in;
        at = from;
        end = from + length;
        int next = from + FIXED_BYTES;
        next += has(HAS_ATTRIBUTES_MD5) ? SqsDigests.BYTES : 0;
        next += has(HAS_SYSTEM_MD5) ? SqsDigests.BYTES : 0;
        originAt = next;
        next = has(HAS_ORIGIN) ? behindShort(next + ORIGIN_BYTES) : next;
        groupAt = next;
        dedupAt = behindShort(groupAt);
        senderAt = behindShort(dedupAt);
        traceAt = behindShort(senderAt);
        attributesAt = behindLong(traceAt);
        return attributesAt < end && attributesEnd() == end;
    }

    /** Where a text with a length of one byte ends, behind the end where it is cut off. */
    private int behindShort(int from) {
        return from < end ? from + 1 + (buffer.get(from) & 0xff) : end + 1;
    }

    private int behindLong(int from) {
        return from + 2 <= end ? from + 2 + (buffer.getShort(from) & 0xffff) : end + 1;
    }

    private int attributesEnd() {
        int next = attributesAt + 1;
        for (int i = attributes(); i > 0; i--) {
            next = next < end ? behindAttribute(next) : end + 1;
        }
        return next;
    }

    private int behindAttribute(int from) {
        int placeAt = behindLong(behindLong(from));
        if (placeAt >= end || buffer.get(placeAt) == 0) {
            return placeAt + 1;
        }
        int length = placeAt + 5 <= end ? buffer.getInt(placeAt + 1) : -1;
        return length < 0 || length > end - placeAt - 5 ? end + 1 : placeAt + 5 + length;
    }

    private boolean has(int flag) {
        return (buffer.get(at + 1) & flag) != 0;
    }

    /** Whether it was made for this body. */
    public boolean belongsTo(ByteBuffer body, int bodyAt, int bodyLength) {
        return buffer.getInt(at + CHECKSUM_AT) == Checksum.of(body, bodyAt, bodyLength);
    }

    /** How long the sender wants it held back, 0 to 65,535 seconds. */
    public int delaySeconds() {
        return buffer.getShort(at + DELAY_AT) & 0xffff;
    }

    /** The memory that the positions point into. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where the group's name begins. */
    public int groupAt() {
        return groupAt + 1;
    }

    /** 0 = no group. */
    public int groupLength() {
        return buffer.get(groupAt) & 0xff;
    }

    /** Where the deduplication id begins. */
    public int dedupAt() {
        return dedupAt + 1;
    }

    /** 0 = none. */
    public int dedupLength() {
        return buffer.get(dedupAt) & 0xff;
    }

    /** The group's name, null where it has none. Allocates, as what follows. */
    public @Nullable String group() {
        return shortText(groupAt);
    }

    /** The deduplication id, null where it has none. */
    public @Nullable String dedupId() {
        return shortText(dedupAt);
    }

    /** Who sent it, null where nobody said. */
    public @Nullable String sender() {
        return shortText(senderAt);
    }

    /** The system attribute {@code AWSTraceHeader}, null where it has none. */
    public @Nullable String traceHeader() {
        int length = buffer.getShort(traceAt) & 0xffff;
        return length == 0 ? null : FieldTable.text(buffer, traceAt + 2, length);
    }

    /** The id under which it was sent, null where that is the one of its place. */
    public @Nullable UUID firstId() {
        return has(HAS_ORIGIN) ? new UUID(buffer.getLong(originAt), buffer.getLong(originAt + 8)) : null;
    }

    /** When it was sent, wall ms; {@code otherwise} where that is its record's time. */
    public long firstSentMs(long otherwise) {
        return has(HAS_ORIGIN) ? buffer.getLong(originAt + ID_BYTES) : otherwise;
    }

    /** The queue from which it was moved here, null where it was not. */
    public @Nullable String sourceQueue() {
        return has(HAS_ORIGIN) ? shortText(originAt + ORIGIN_BYTES) : null;
    }

    private @Nullable String shortText(int from) {
        int length = buffer.get(from) & 0xff;
        return length == 0 ? null : FieldTable.text(buffer, from + 1, length);
    }

    /** Copies the MD5 of the body. */
    public void bodyMd5(byte[] out) {
        buffer.get(at + MD5_AT, out, 0, SqsDigests.BYTES);
    }

    /** How many attributes it has. */
    public int attributes() {
        return buffer.get(attributesAt) & 0xff;
    }

    /** Shows the attributes in the order given; those whose value is gone from the headers table are passed over. */
    void attributes(AmqpProperties properties, List<SqsAttribute> out) {
        int next = attributesAt + 1;
        for (int i = attributes(); i > 0; i--) {
            int typeAt = behindLong(next);
            int placeAt = behindLong(typeAt);
            byte[] name = FieldTable.bytes(buffer, next + 2, typeAt - next - 2);
            String type = FieldTable.text(buffer, typeAt + 2, placeAt - typeAt - 2);
            String text = new String(name, StandardCharsets.UTF_8);
            if (buffer.get(placeAt) != 0) {
                out.add(new SqsAttribute(text, type, buffer, placeAt + 5, buffer.getInt(placeAt + 1)));
            } else {
                ByteBuffer in = properties.buffer();
                int valueAt = properties.headerAt(name);
                if (valueAt >= 0 && (in.get(valueAt) == 'S' || in.get(valueAt) == 'x')) {
                    out.add(new SqsAttribute(text, type, in, valueAt + 5, in.getInt(valueAt + 1)));
                }
            }
            next = behindAttribute(next);
        }
    }

    /**
     * Whether an attribute of this name is kept in the envelope alone, where no AMQP or Kafka consumer sees it: names beginning with {@code x-},
     * {@code CC} and {@code BCC} mean something in a headers table, and names of more than 255 bytes do not fit.
     */
    static boolean staysInside(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length > MAX_SHORT
                || name.startsWith("x-")
                || name.equals("CC")
                || name.equals("BCC");
    }

    /**
     * A copy of a message's envelope for another queue, which keeps the id and the time under which it was sent.
     *
     * @param id its id here; one that it has brought along from elsewhere holds
     * @param sentMs its time here, likewise
     * @param queue the queue that it leaves, null where nobody is to know; cut to 255 bytes
     * @return null for a message that is not SQS's
     */
    public static @Nullable ByteBuffer moved(AmqpProperties properties, UUID id, long sentMs, @Nullable String queue) {
        SqsEnvelope envelope = new SqsEnvelope();
        return envelope.wrap(properties) ? envelope.moved(id, sentMs, queue) : null;
    }

    private ByteBuffer moved(UUID id, long sentMs, @Nullable String queue) {
        byte[] source = queue == null ? new byte[0] : queue.getBytes(StandardCharsets.UTF_8);
        int sourceLength = Math.min(source.length, MAX_SHORT);
        UUID brought = firstId();
        UUID first = brought == null ? id : brought;
        ByteBuffer out = ByteBuffer.allocate(originAt - at + ORIGIN_BYTES + 1 + sourceLength + end - groupAt);
        copy(out, at, originAt - at);
        out.put(1, (byte) (buffer.get(at + 1) | HAS_ORIGIN));
        out.putLong(first.getMostSignificantBits()).putLong(first.getLeastSignificantBits());
        out.putLong(firstSentMs(sentMs)).put((byte) sourceLength).put(source, 0, sourceLength);
        copy(out, groupAt, end - groupAt);
        return out.flip();
    }

    private void copy(ByteBuffer out, int from, int bytes) {
        out.put(out.position(), buffer, from, bytes);
        out.position(out.position() + bytes);
    }
}

package dev.pabal.message;

import dev.pabal.message.AmqpProperties.Property;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stored record as SQS sees it, whichever protocol it came by; docs/mapping.md has the table. A record sent over SQS is read by its envelope
 * ({@link SqsEnvelope}). Of any other, headers and properties become attributes, the routing key or record key its group; a body that is no
 * text SQS can say is shown as base64, with a String attribute {@value #BODY_ENCODING} that says so. One object serves many records; for one
 * thread.
 */
public final class SqsRecord {
    /** The attribute that says how a body is shown which is no text. */
    public static final String BODY_ENCODING = "pabal.body-encoding";

    private static final byte[] BASE64 = "base64".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIRST_DEATH_QUEUE = "x-first-death-queue".getBytes(StandardCharsets.US_ASCII);

    private final AmqpRecord record = new AmqpRecord();
    private final AmqpProperties properties = new AmqpProperties();
    private final SqsEnvelope envelope = new SqsEnvelope();
    private boolean fromSqs;
    private ByteBuffer body = ByteBuffer.allocate(0);
    private int bodyAt;
    private int bodyLength;
    private boolean encoded;

    /**
     * Looks at the record whose length field begins at {@code at}. Absolute reads only.
     *
     * @param baseTimestampMs base timestamp of its batch
     * @throws IllegalArgumentException where the bytes are no record
     */
    public SqsRecord wrap(ByteBuffer in, int at, long baseTimestampMs) {
        record.wrap(in, at, baseTimestampMs).properties(properties);
        body = in;
        bodyAt = record.bodyAt();
        bodyLength = record.bodyLength();
        encoded = !SqsText.isText(in, bodyAt, bodyLength);
        // Others can write an envelope too: a body that SQS cannot say never came over it.
        fromSqs = !encoded
                && record.fromAmqp()
                && envelope.wrap(properties)
                && envelope.belongsTo(in, bodyAt, bodyLength);
        if (encoded) {
            byte[] text = Base64.getEncoder().encode(FieldTable.bytes(in, bodyAt, bodyLength));
            body = ByteBuffer.wrap(text);
            bodyAt = 0;
            bodyLength = text.length;
        }
        return this;
    }

    /** Whether it was sent over SQS. */
    public boolean fromSqs() {
        return fromSqs;
    }

    /** The record itself. */
    public AmqpRecord record() {
        return record;
    }

    /** The memory that the body lies in, as SQS says it: the batch's, or memory of its own where it had to be encoded. */
    public ByteBuffer bodyBuffer() {
        return body;
    }

    public int bodyAt() {
        return bodyAt;
    }

    public int bodyLength() {
        return bodyLength;
    }

    /** Writes the MD5 of the body as SQS says it, computed only where nobody has yet. */
    public void bodyMd5(SqsDigests digests, byte[] out) {
        if (fromSqs) {
            envelope.bodyMd5(out);
        } else {
            digests.body(body, bodyAt, bodyLength, out);
        }
    }

    /** Whether it has no attributes, by a cheap look; where it says false there may yet be none. */
    public boolean hasNoAttributes() {
        return fromSqs && envelope.attributes() == 0;
    }

    /**
     * The attributes in the order in which they were given. Their values lie in the batch's memory or the record's: valid as long as both. A client
     * of another protocol may have taken the message and published it again with other headers: a value that is no text any more is
     * binary, and the stored digest is not theirs.
     */
    public List<SqsAttribute> attributes() {
        List<SqsAttribute> found = new ArrayList<>();
        if (fromSqs) {
            envelope.attributes(properties, found);
            found.replaceAll(SqsAttribute::sayable);
        } else {
            ForeignAttributes.read(properties, found);
            if (encoded) {
                found.add(new SqsAttribute(BODY_ENCODING, "String", ByteBuffer.wrap(BASE64), 0, BASE64.length));
            }
        }
        return found;
    }

    /**
     * The message id: the one it was sent with, also after it was moved; of an AMQP or Kafka message the property {@code message-id}; otherwise
     * the one of its place ({@link MessageIds}).
     */
    public String messageId(UUID queue, long offset) {
        UUID first = fromSqs ? envelope.firstId() : null;
        String given = fromSqs ? null : saying(properties.text(Property.MESSAGE_ID));
        return given != null ? given : String.valueOf(first != null ? first : MessageIds.messageId(queue, offset));
    }

    /** When it was sent, wall ms: also after it was moved. */
    public long sentMs() {
        return fromSqs ? envelope.firstSentMs(record.timestampMs()) : record.timestampMs();
    }

    /** The message group, null where it has none. */
    public @Nullable String group() {
        return fromSqs ? envelope.group() : saying(record.routingKey());
    }

    /** The deduplication id, null where it has none. */
    public @Nullable String dedupId() {
        return fromSqs ? envelope.dedupId() : null;
    }

    /** Who sent it: SQS's access key id, AMQP's property {@code user-id}; null where nobody said. */
    public @Nullable String sender() {
        return fromSqs ? envelope.sender() : saying(properties.text(Property.USER_ID));
    }

    /** The system attribute {@code AWSTraceHeader}, null where it has none. */
    public @Nullable String traceHeader() {
        return fromSqs ? envelope.traceHeader() : null;
    }

    /** The queue from which it came here as a dead letter, null where it did not. */
    public @Nullable String sourceQueue() {
        String source = fromSqs ? envelope.sourceQueue() : null;
        return source == null && properties.header(FIRST_DEATH_QUEUE) instanceof String queue ? saying(queue) : source;
    }

    /** The text where SQS can say it and there is some. */
    private static @Nullable String saying(@Nullable String text) {
        return text == null || text.isEmpty() || !SqsText.isText(text) ? null : text;
    }
}

package dev.pabal.message;

import dev.pabal.message.AmqpProperties.Property;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds the AMQP properties of messages sent over SQS, for {@link AmqpBatch}: persistent, with a headers table that has an entry for each
 * attribute and last the envelope, which {@link SqsEnvelope} draws. One object serves many messages, in memory that grows to the largest;
 * what was set holds until {@link #clear}. For one thread.
 */
public final class SqsProperties {
    private static final int FIRST_CAPACITY = 512;
    private static final int ENTRY_BYTES = 16;
    private static final int MAX_LONG = 0xffff;
    private static final byte PERSISTENT = 2;
    private static final byte[] NOTHING = new byte[0];

    private ByteBuffer out = ByteBuffer.allocate(FIRST_CAPACITY);
    private final byte[] bodyMd5 = new byte[SqsDigests.BYTES];
    private byte @Nullable [] attributesMd5;
    private byte @Nullable [] systemMd5;
    private int delaySeconds;
    private byte[] group = NOTHING;
    private byte[] dedupId = NOTHING;
    private byte[] sender = NOTHING;
    private byte[] traceHeader = NOTHING;
    private List<SqsAttribute> attributes = List.of();

    /** Forgets the message before. */
    public SqsProperties clear() {
        attributesMd5 = null;
        systemMd5 = null;
        delaySeconds = 0;
        group = NOTHING;
        dedupId = NOTHING;
        sender = NOTHING;
        traceHeader = NOTHING;
        attributes = List.of();
        return this;
    }

    /** @param md5 of the body, copied */
    public SqsProperties bodyMd5(byte[] md5) {
        System.arraycopy(md5, 0, bodyMd5, 0, SqsDigests.BYTES);
        return this;
    }

    /** @param seconds 0 to 65,535 */
    public SqsProperties delaySeconds(int seconds) {
        if (seconds < 0 || seconds > MAX_LONG) {
            throw new IllegalArgumentException("a delay of " + seconds + " seconds");
        }
        delaySeconds = seconds;
        return this;
    }

    /** @param bytes the group's name in UTF-8, at most 255; empty = none; not copied, as what follows */
    public SqsProperties group(byte[] bytes) {
        group = fit(bytes, SqsEnvelope.MAX_SHORT);
        return this;
    }

    /** @param bytes the deduplication id in UTF-8, at most 255; empty = none */
    public SqsProperties dedupId(byte[] bytes) {
        dedupId = fit(bytes, SqsEnvelope.MAX_SHORT);
        return this;
    }

    /** @param bytes who sends, in UTF-8, at most 255; empty = nobody says */
    public SqsProperties sender(byte[] bytes) {
        sender = fit(bytes, SqsEnvelope.MAX_SHORT);
        return this;
    }

    /**
     * @param bytes value of the system attribute {@code AWSTraceHeader} in UTF-8, at most 65,535
     * @param md5 of the system attributes, null where the sender did not give it as one of them
     */
    public SqsProperties traceHeader(byte[] bytes, byte @Nullable [] md5) {
        traceHeader = fit(bytes, MAX_LONG);
        systemMd5 = md5;
        return this;
    }

    /**
     * @param list at most 255, names distinct
     * @param md5 of them all
     */
    public SqsProperties attributes(List<SqsAttribute> list, byte[] md5) {
        if (list.size() > SqsEnvelope.MAX_SHORT) {
            throw new IllegalArgumentException(list.size() + " attributes");
        }
        attributes = list;
        attributesMd5 = list.isEmpty() ? null : md5;
        return this;
    }

    private static byte[] fit(byte[] bytes, int max) {
        if (bytes.length > max) {
            throw new IllegalArgumentException("a name of " + bytes.length + " bytes where " + max + " fit");
        }
        return bytes;
    }

    /**
     * Writes the properties of a message with this body.
     *
     * @return from 0 to its limit; valid until the next call
     */
    public ByteBuffer write(ByteBuffer body, int bodyAt, int bodyLength) {
        out.clear();
        out.putShort((short) (Property.HEADERS.flag() | Property.DELIVERY_MODE.flag()));
        int tableAt = out.position();
        out.putInt(0);
        for (SqsAttribute attribute : attributes) {
            if (!SqsEnvelope.staysInside(attribute.name())) {
                writeEntry(attribute);
            }
        }
        room(FIRST_CAPACITY);
        out.put((byte) SqsEnvelope.NAME_BYTES.length)
                .put(SqsEnvelope.NAME_BYTES)
                .put((byte) 'x');
        int lengthAt = out.position();
        out.putInt(0);
        writeEnvelope(body, bodyAt, bodyLength);
        out.putInt(lengthAt, out.position() - lengthAt - 4);
        out.putInt(tableAt, out.position() - tableAt - 4);
        room(1);
        return out.put(PERSISTENT).flip();
    }

    private void writeEntry(SqsAttribute attribute) {
        byte[] name = attribute.name().getBytes(StandardCharsets.UTF_8);
        room(name.length + attribute.length() + ENTRY_BYTES);
        out.put((byte) name.length).put(name);
        out.put((byte) (attribute.binary() ? 'x' : 'S')).putInt(attribute.length());
        copy(attribute);
    }

    private void writeEnvelope(ByteBuffer body, int bodyAt, int bodyLength) {
        int flags = (attributesMd5 == null ? 0 : SqsEnvelope.HAS_ATTRIBUTES_MD5)
                | (systemMd5 == null ? 0 : SqsEnvelope.HAS_SYSTEM_MD5);
        out.put(SqsEnvelope.VERSION).put((byte) flags).putShort((short) delaySeconds);
        out.putInt(Checksum.of(body, bodyAt, bodyLength)).put(bodyMd5);
        if (attributesMd5 != null) {
            out.put(attributesMd5, 0, SqsDigests.BYTES);
        }
        if (systemMd5 != null) {
            out.put(systemMd5, 0, SqsDigests.BYTES);
        }
        room(group.length + dedupId.length + sender.length + traceHeader.length + ENTRY_BYTES);
        out.put((byte) group.length).put(group);
        out.put((byte) dedupId.length).put(dedupId);
        out.put((byte) sender.length).put(sender);
        out.putShort((short) traceHeader.length).put(traceHeader);
        out.put((byte) attributes.size());
        attributes.forEach(this::writeType);
    }

    private void writeType(SqsAttribute attribute) {
        byte[] name = attribute.name().getBytes(StandardCharsets.UTF_8);
        byte[] type = attribute.type().getBytes(StandardCharsets.UTF_8);
        boolean inside = SqsEnvelope.staysInside(attribute.name());
        room(name.length + type.length + (inside ? attribute.length() : 0) + ENTRY_BYTES);
        out.putShort((short) fit(name, MAX_LONG).length).put(name);
        out.putShort((short) fit(type, MAX_LONG).length).put(type);
        out.put((byte) (inside ? 1 : 0));
        if (inside) {
            out.putInt(attribute.length());
            copy(attribute);
        }
    }

    private void copy(SqsAttribute attribute) {
        out.put(out.position(), attribute.memory(), attribute.at(), attribute.length());
        out.position(out.position() + attribute.length());
    }

    private void room(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(out.position() + bytes, out.capacity() * 2));
            larger.put(out.flip());
            out = larger;
        }
    }
}

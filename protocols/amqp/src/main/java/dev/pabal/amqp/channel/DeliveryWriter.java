package dev.pabal.amqp.channel;

import dev.pabal.amqp.codec.Frames;
import dev.pabal.amqp.codec.method.BasicDeliver;
import dev.pabal.amqp.codec.method.BasicGetOk;
import dev.pabal.message.AmqpRecord;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Writes stored messages as method, header and body frames, each part copied once from the log's memory into the outgoing buffer. For one
 * event loop.
 */
final class DeliveryWriter {
    private static final int CLASS_BASIC = 60;
    private static final int FIXED_BYTES = 128;
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private ByteBuffer out = EMPTY;
    private int at;

    /** Writes {@code basic.deliver} and the content. */
    void deliver(
            ByteBuf to,
            int channel,
            byte[] consumerTag,
            long tag,
            boolean redelivered,
            AmqpRecord record,
            int frameMax) {
        begin(to, record, frameMax, consumerTag.length);
        deliver(channel, consumerTag, tag, redelivered, record);
        content(channel, record, record.propertiesBuffer(), record.propertiesAt(), record.propertiesLength(), frameMax);
        end(to);
    }

    /** As {@link #deliver} with other properties than the stored ones. */
    void deliver(
            ByteBuf to,
            int channel,
            byte[] consumerTag,
            long tag,
            boolean redelivered,
            AmqpRecord record,
            ByteBuffer properties,
            int frameMax) {
        begin(to, record, frameMax, consumerTag.length + properties.remaining());
        deliver(channel, consumerTag, tag, redelivered, record);
        content(channel, record, properties, properties.position(), properties.remaining(), frameMax);
        end(to);
    }

    private void deliver(int channel, byte[] consumerTag, long tag, boolean redelivered, AmqpRecord record) {
        int start = beginMethod(channel, BasicDeliver.ID);
        shortstr(consumerTag);
        putLong(tag);
        putByte(redelivered ? 1 : 0);
        address(record);
        endFrame(start);
    }

    /** Writes {@code basic.get-ok} and the content. */
    void getOk(
            ByteBuf to,
            int channel,
            long tag,
            boolean redelivered,
            long remaining,
            AmqpRecord record,
            ByteBuffer properties,
            int propertiesAt,
            int propertiesLength,
            int frameMax) {
        begin(to, record, frameMax, propertiesLength);
        int start = beginMethod(channel, BasicGetOk.ID);
        putLong(tag);
        putByte(redelivered ? 1 : 0);
        address(record);
        putInt((int) Math.min(remaining, 0xffffffffL));
        endFrame(start);
        content(channel, record, properties, propertiesAt, propertiesLength, frameMax);
        end(to);
    }

    private void begin(ByteBuf to, AmqpRecord record, int frameMax, int more) {
        long bodyFrames = record.bodyLength() / (frameMax - Frames.OVERHEAD_BYTES) + 1L;
        int bound = Math.toIntExact(FIXED_BYTES
                + more
                + record.exchangeLength()
                + record.routingKeyLength()
                + record.propertiesLength()
                + record.bodyLength()
                + bodyFrames * Frames.OVERHEAD_BYTES);
        to.ensureWritable(bound);
        out = to.internalNioBuffer(to.writerIndex(), bound);
        at = out.position();
    }

    private void end(ByteBuf to) {
        to.writerIndex(to.writerIndex() + at - out.position());
        out = EMPTY;
    }

    private int beginMethod(int channel, int id) {
        int start = at;
        out.put(at, (byte) Frames.METHOD).putShort(at + 1, (short) channel).putInt(at + 7, id);
        at += Frames.HEADER_BYTES + 4;
        return start;
    }

    private void endFrame(int start) {
        out.putInt(start + 3, at - start - Frames.HEADER_BYTES);
        out.put(at++, (byte) Frames.END);
    }

    private void address(AmqpRecord record) {
        putByte(record.exchangeLength());
        copy(record.buffer(), record.exchangeAt(), record.exchangeLength());
        putByte(record.routingKeyLength());
        copy(record.buffer(), record.routingKeyAt(), record.routingKeyLength());
    }

    private void content(
            int channel,
            AmqpRecord record,
            ByteBuffer properties,
            int propertiesAt,
            int propertiesLength,
            int frameMax) {
        int start = at;
        out.put(at, (byte) Frames.CONTENT_HEADER).putShort(at + 1, (short) channel);
        at += Frames.HEADER_BYTES;
        putInt(CLASS_BASIC << 16);
        putLong(record.bodyLength());
        copy(properties, propertiesAt, propertiesLength);
        endFrame(start);
        int from = record.bodyAt();
        int left = record.bodyLength();
        int largest = frameMax - Frames.OVERHEAD_BYTES;
        while (left > 0) {
            int size = Math.min(left, largest);
            start = at;
            out.put(at, (byte) Frames.BODY).putShort(at + 1, (short) channel);
            at += Frames.HEADER_BYTES;
            copy(record.buffer(), from, size);
            endFrame(start);
            from += size;
            left -= size;
        }
    }

    private void shortstr(byte[] bytes) {
        putByte(bytes.length);
        out.put(at, bytes);
        at += bytes.length;
    }

    private void putByte(int value) {
        out.put(at++, (byte) value);
    }

    private void putInt(int value) {
        out.putInt(at, value);
        at += 4;
    }

    private void putLong(long value) {
        out.putLong(at, value);
        at += 8;
    }

    private void copy(ByteBuffer in, int from, int length) {
        out.put(at, in, from, length);
        at += length;
    }
}

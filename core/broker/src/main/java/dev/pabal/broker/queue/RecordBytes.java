package dev.pabal.broker.queue;

import java.nio.ByteBuffer;

/**
 * Finds its way in stored records (magic 2, uncompressed) without a copy; positions are absolute.
 *
 * <pre>
 *   | length zz | attributes (1) | time delta zz | offset delta zz | key length zz | key | value length zz | value | headers |
 *   zz: zig-zag varint; length counts what follows it; a length of -1 means null
 * </pre>
 *
 * @see <a href="https://kafka.apache.org/documentation/#record">Kafka: Record</a>
 */
final class RecordBytes {
    private static final int MAX_VARINT_BITS = 35;
    private static final int MAX_VARLONG_BITS = 70;

    private RecordBytes() {}

    /** The position after the record at {@code at}; {@code end} bounds the batch. */
    static int next(ByteBuffer buffer, int at, int end) {
        int length = varint(buffer, at);
        long next = (long) at + sizeAt(buffer, at) + length;
        if (length < 0 || next > end) {
            throw new IllegalArgumentException("a record runs over the end of its batch");
        }
        return (int) next;
    }

    /** The record's offset, counted from its batch's base offset. */
    static int offsetDelta(ByteBuffer buffer, int at) {
        int time = at + sizeAt(buffer, at) + 1;
        return varint(buffer, time + sizeAt(buffer, time));
    }

    /** Bytes of the record's value, 0 where it is null. */
    static int valueSize(ByteBuffer buffer, int at) {
        return Math.max(0, varint(buffer, valueLengthAt(buffer, at)));
    }

    private static int valueLengthAt(ByteBuffer buffer, int at) {
        int time = at + sizeAt(buffer, at) + 1;
        int offset = time + sizeAt(buffer, time);
        int key = offset + sizeAt(buffer, offset);
        return key + sizeAt(buffer, key) + Math.max(0, varint(buffer, key));
    }

    /** The zig-zag varint at {@code at}. */
    private static int varint(ByteBuffer buffer, int at) {
        int value = 0;
        int position = at;
        for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
            byte b = buffer.get(position++);
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IllegalArgumentException("a varint of more than five bytes");
    }

    /** Bytes of the varint at {@code at}, of whatever width. */
    private static int sizeAt(ByteBuffer buffer, int at) {
        int position = at;
        while (buffer.get(position++) < 0) {
            if ((position - at) * 7 >= MAX_VARLONG_BITS) {
                throw new IllegalArgumentException("a varint of more than ten bytes");
            }
        }
        return position - at;
    }
}

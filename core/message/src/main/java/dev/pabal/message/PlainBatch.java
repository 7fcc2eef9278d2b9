package dev.pabal.message;

import dev.pabal.log.BatchHeader;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Batches of the broker's own making: values only, without keys, headers or compression. What the catalog is written in.
 *
 * <pre>
 *   header (61 bytes, see {@link BatchHeader}), then for each record:
 *   +-----------+-------+---------+---------+-----------+-----------+---------+-----------+
 *   | length zz | attrs | time zz | off. zz | key len   | value len | value   | headers   |    zz: zig-zag varint
 *   |           |   0   |    0    |   i     | zz = -1   | zz        |         | zz = 0    |
 *   +-----------+-------+---------+---------+-----------+-----------+---------+-----------+
 * </pre>
 *
 * @see <a href="https://kafka.apache.org/documentation/#record">Kafka: Record</a>
 */
public final class PlainBatch {
    private static final int MAX_VARINT_BYTES = 5;

    private PlainBatch() {}

    /**
     * One batch that holds the values in order.
     *
     * @param values at least one
     * @param timestampMs of all records
     */
    public static ByteBuffer of(List<byte[]> values, long timestampMs) {
        int bound = BatchHeader.BYTES;
        for (byte[] value : values) {
            bound = Math.addExact(bound, value.length + 3 * MAX_VARINT_BYTES + 4);
        }
        ByteBuffer out = ByteBuffer.allocate(bound);
        out.position(BatchHeader.BYTES);
        for (int i = 0; i < values.size(); i++) {
            byte[] value = values.get(i);
            int length = 1 + 1 + sizeOf(i) + 1 + sizeOf(value.length) + value.length + 1;
            putVarint(out, length);
            out.put((byte) 0).put((byte) 0);
            putVarint(out, i);
            putVarint(out, -1);
            putVarint(out, value.length);
            out.put(value);
            putVarint(out, 0);
        }
        out.flip();
        putHeader(out, values.size(), timestampMs);
        return out;
    }

    private static void putHeader(ByteBuffer out, int count, long timestampMs) {
        out.putInt(8, out.limit() - BatchHeader.LENGTH_OVERHEAD);
        out.put(16, (byte) 2);
        out.putInt(23, count - 1);
        out.putLong(27, timestampMs);
        out.putLong(35, timestampMs);
        out.putLong(43, -1L);
        out.putShort(51, (short) -1);
        out.putInt(53, -1);
        out.putInt(57, count);
        BatchCheck.seal(out);
    }

    /**
     * Shows the value of every record of one batch that {@link #of} made. The slices point into the batch.
     *
     * @param at where the batch starts
     * @throws IllegalArgumentException where the bytes are no such batch
     */
    public static void forEachValue(ByteBuffer batch, int at, Consumer<ByteBuffer> visitor) {
        ByteBuffer in = batch.duplicate();
        int count = BatchHeader.recordCount(batch, at);
        try {
            in.limit(at + BatchHeader.sizeInBytes(batch, at)).position(at + BatchHeader.BYTES);
            for (int i = 0; i < count; i++) {
                int end = varint(in) + in.position();
                in.position(in.position() + 2);
                varint(in);
                if (varint(in) != -1) {
                    throw new IllegalArgumentException("a plain batch holds no keys: record " + i);
                }
                int size = varint(in);
                visitor.accept(in.slice(in.position(), size));
                in.position(end);
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a plain batch", e);
        }
    }

    private static int sizeOf(int value) {
        int v = (value << 1) ^ (value >> 31);
        return v == 0 ? 1 : (38 - Integer.numberOfLeadingZeros(v)) / 7;
    }

    private static void putVarint(ByteBuffer out, int value) {
        int v = (value << 1) ^ (value >> 31);
        while ((v & ~0x7f) != 0) {
            out.put((byte) (v & 0x7f | 0x80));
            v >>>= 7;
        }
        out.put((byte) v);
    }

    private static int varint(ByteBuffer in) {
        int v = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte b = in.get();
            v |= (b & 0x7f) << shift;
            if (b >= 0) {
                return (v >>> 1) ^ -(v & 1);
            }
        }
        throw new IllegalArgumentException("a varint of more than five bytes");
    }
}

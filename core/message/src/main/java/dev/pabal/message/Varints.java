package dev.pabal.message;

import java.nio.ByteBuffer;

/** Zig-zag varints as record batches hold them: absolute reads, relative writes, nothing allocated. */
final class Varints {
    private Varints() {}

    /** Bytes that {@code value} takes. */
    static int sizeOf(int value) {
        int v = (value << 1) ^ (value >> 31);
        return v == 0 ? 1 : (38 - Integer.numberOfLeadingZeros(v)) / 7;
    }

    static void put(ByteBuffer out, int value) {
        int v = (value << 1) ^ (value >> 31);
        while ((v & ~0x7f) != 0) {
            out.put((byte) (v & 0x7f | 0x80));
            v >>>= 7;
        }
        out.put((byte) v);
    }

    /** Bytes of the varint at {@code at}, at most ten. */
    static int length(ByteBuffer in, int at) {
        for (int i = 0; i < 10; i++) {
            if (in.get(at + i) >= 0) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("a varint of more than ten bytes");
    }

    /** The varint at {@code at}, as a number of at most 64 bits. */
    static long at(ByteBuffer in, int at) {
        long v = 0;
        for (int i = 0; i < 10; i++) {
            byte b = in.get(at + i);
            v |= (long) (b & 0x7f) << (7 * i);
            if (b >= 0) {
                return (v >>> 1) ^ -(v & 1);
            }
        }
        throw new IllegalArgumentException("a varint of more than ten bytes");
    }
}

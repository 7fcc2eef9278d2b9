package dev.pabal.log.segment;

import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import java.nio.ByteBuffer;
import java.util.UUID;

/** A growing buffer of numbers, small ones in few bytes: seven bits to a byte, the lowest first, the top bit set where more follow. */
final class ManifestBytes {
    private ByteBuffer bytes;

    ManifestBytes() {
        bytes = ByteBuffer.allocate(4096);
    }

    /** Reads what was written. */
    ManifestBytes(ByteBuffer from) {
        bytes = from;
    }

    void putInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    void putId(LogId id) {
        room(LogId.BYTES)
                .putLong(id.owner().getMostSignificantBits())
                .putLong(id.owner().getLeastSignificantBits())
                .putInt(id.index());
    }

    /** A number that is rarely negative. */
    void putNumber(long value) {
        ByteBuffer to = room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            to.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        to.put((byte) rest);
    }

    /** A difference: near 0 on either side. */
    void putSigned(long value) {
        putNumber((value << 1) ^ (value >> 63));
    }

    void putBytes(byte[] value) {
        putNumber(value.length);
        room(value.length).put(value);
    }

    /** Everything so far, with its CRC32C behind it. */
    ByteBuffer finish() {
        putInt(ExtentHeader.crc(bytes, 0, bytes.position()));
        return bytes.flip();
    }

    LogId id() {
        return new LogId(new UUID(bytes.getLong(), bytes.getLong()), bytes.getInt());
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new LogException(Reason.CORRUPT, "the segments' manifest holds a number that does not end");
    }

    /** A number that counts what follows in at least one byte each: never more than there are bytes. */
    int count() {
        long count = number();
        if (count < 0 || count > bytes.remaining()) {
            throw new LogException(Reason.CORRUPT, "the segments' manifest announces more than it holds");
        }
        return (int) count;
    }

    long signed() {
        long value = number();
        return (value >>> 1) ^ -(value & 1);
    }

    byte[] bytes() {
        byte[] value = new byte[count()];
        bytes.get(value);
        return value;
    }

    private ByteBuffer room(int wanted) {
        if (bytes.remaining() < wanted) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(bytes.capacity() * 2, bytes.position() + wanted));
            bytes = larger.put(bytes.flip());
        }
        return bytes;
    }
}

package dev.pabal.message;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C of bytes in memory of either kind. */
final class Checksum {
    private Checksum() {}

    static int of(ByteBuffer in, int at, int length) {
        CRC32C crc = new CRC32C();
        if (in.hasArray()) {
            crc.update(in.array(), in.arrayOffset() + at, length);
        } else {
            crc.update(in.duplicate().limit(at + length).position(at));
        }
        return (int) crc.getValue();
    }
}

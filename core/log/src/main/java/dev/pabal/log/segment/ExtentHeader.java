package dev.pabal.log.segment;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogId;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The header in front of the batches of an extent. An extent is a piece of one log: whole batches in offset order, at most
 * {@link #MAX_EXTENT_BYTES} with its header unless it holds a single larger batch. All numbers are big-endian.
 *
 * <pre>
 *    0       4    6     8               16              24      28      32
 *   +-------+----+-----+---------------+---------------+-------+-------+
 *   | magic |vers|  0  | log: owner, most | owner, least | index | count |
 *   +-------+----+-----+---------------+---------------+-------+-------+
 *   32              40              48      52      56              64
 *   +---------------+---------------+-------+-------+---------------+
 *   | base offset   | next offset   |length |content|       0       |   length: bytes of the batches
 *   |               |               |       |crc32c |               |   content crc32c: over all of them
 *   +---------------+---------------+-------+-------+---------------+
 *   64              72              80              88              96        124     128
 *   +---------------+---------------+---------------+---------------+-- ... --+-------+
 *   | max timestamp | base offset of| number of the | position in   |    0    |header |   header crc32c: over
 *   |               | that batch    | file          | the file      |         |crc32c |   the first 124 bytes
 *   +---------------+---------------+---------------+---------------+-- ... --+-------+
 *   128
 *   +-----------+-----------+-- ... --+
 *   | batch     | batch     |         |
 *   +-----------+-----------+-- ... --+
 * </pre>
 *
 * The content checksum covers every byte of every batch, so the offset and epoch of a batch (which its own checksum leaves out) are
 * covered as well. File number and position are in the header so that an extent found in the wrong place is never taken for the right one.
 */
final class ExtentHeader {
    /** Bytes in front of the batches. */
    static final int BYTES = 128;
    /** Extents start at multiples of this within a file. */
    static final int ALIGNMENT = 64;
    /** Header and batches together, unless a single batch is larger. */
    static final int MAX_EXTENT_BYTES = 1 << 20;

    private static final int MAGIC = 0x50424558;
    private static final short VERSION = 1;
    private static final int CRC_AT = 124;

    private ExtentHeader() {}

    /** Writes the header of {@code extent} at {@code at}. */
    static void write(ByteBuffer to, int at, Extent extent, int batchCount, int contentCrc) {
        for (int i = 0; i < BYTES; i += Long.BYTES) {
            to.putLong(at + i, 0L);
        }
        UUID owner = extent.log().owner();
        to.putInt(at, MAGIC);
        to.putShort(at + 4, VERSION);
        to.putLong(at + 8, owner.getMostSignificantBits());
        to.putLong(at + 16, owner.getLeastSignificantBits());
        to.putInt(at + 24, extent.log().index());
        to.putInt(at + 28, batchCount);
        to.putLong(at + 32, extent.baseOffset());
        to.putLong(at + 40, extent.nextOffset());
        to.putInt(at + 48, extent.sizeInBytes());
        to.putInt(at + 52, contentCrc);
        to.putLong(at + 64, extent.maxTimestamp());
        to.putLong(at + 72, extent.maxTimestampOffset());
        to.putLong(at + 80, extent.file().number());
        to.putLong(at + 88, extent.position());
        to.putInt(at + CRC_AT, crc(to, at, CRC_AT));
    }

    /**
     * Compares header and batches at {@code at} with what is known of the extent.
     *
     * @return null where every byte is as it was written; otherwise what is wrong, in words
     */
    static @Nullable String mismatch(ByteBuffer b, int at, Extent expected) {
        if (b.getInt(at) != MAGIC || b.getInt(at + CRC_AT) != crc(b, at, CRC_AT)) {
            return "the extent's header does not match its checksum";
        }
        if (b.getShort(at + 4) != VERSION) {
            return "the extent has format version " + b.getShort(at + 4) + ", this program knows " + VERSION;
        }
        LogId log = new LogId(new UUID(b.getLong(at + 8), b.getLong(at + 16)), b.getInt(at + 24));
        if (!log.equals(expected.log())
                || b.getLong(at + 32) != expected.baseOffset()
                || b.getLong(at + 40) != expected.nextOffset()
                || b.getInt(at + 48) != expected.sizeInBytes()
                || b.getLong(at + 80) != expected.file().number()
                || b.getLong(at + 88) != expected.position()) {
            return "another extent lies there: " + log + " from offset " + b.getLong(at + 32);
        }
        if (b.getInt(at + 52) != crc(b, at + BYTES, expected.sizeInBytes())) {
            return "the batches do not match their checksum";
        }
        return batchMismatch(b, at + BYTES, expected, b.getInt(at + 28));
    }

    /** The batches must fill the extent and follow each other; anything else was written wrong, not damaged. */
    private static @Nullable String batchMismatch(ByteBuffer b, int from, Extent expected, int batchCount) {
        int end = from + expected.sizeInBytes();
        long offset = expected.baseOffset();
        int count = 0;
        int at = from;
        while (at < end) {
            if (end - at < BatchHeader.BYTES
                    || BatchHeader.sizeInBytes(b, at) < BatchHeader.BYTES
                    || BatchHeader.sizeInBytes(b, at) > end - at
                    || BatchHeader.baseOffset(b, at) < offset
                    || BatchHeader.lastOffsetDelta(b, at) < 0) {
                return "the batches do not follow each other";
            }
            offset = BatchHeader.nextOffset(b, at);
            at += BatchHeader.sizeInBytes(b, at);
            count++;
        }
        return offset == expected.nextOffset() && count == batchCount
                ? null
                : "the batches do not end where they should";
    }

    /** CRC32C of {@code length} bytes from {@code at}. */
    static int crc(ByteBuffer b, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(b.slice(at, length));
        return (int) crc.getValue();
    }
}

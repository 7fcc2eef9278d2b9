package dev.pabal.log.journal;

import dev.pabal.log.LogId;
import dev.pabal.log.seam.FileStore;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a journal group: what was appended together and is durable together. A group starts at an aligned position of a journal file
 * and lies in that file as a whole; what follows its content up to the next aligned position means nothing. All numbers are big-endian.
 *
 * <pre>
 *   0       4   6   8              16              24              32
 *  +-------+---+---+--------------+---------------+---------------+
 *  | magic |ver| 0 | store        | generation    | sequence      |
 *  +-------+---+---+--------------+---------------+---------------+
 *  32              40       44      48        52        56
 *  +---------------+--------+-------+---------+---------+
 *  | synced        | length | count | content | header  | entries: length bytes
 *  | sequence      |        |       | crc32c  | crc32c  |
 *  +---------------+--------+-------+---------+---------+
 * </pre>
 *
 * {@code store} is the random number of the store; {@code generation} is the number of the file, so that what an earlier use of a recycled
 * file left behind is never taken for new; {@code synced sequence} is the last group known to be on disk when this one was written: a
 * group that cannot be read although a later one says it was synced is corruption, not the end. The header's checksum covers bytes 0 to
 * 51, the content's all entries. An entry:
 *
 * <pre>
 *   0               16      20     21    24       28
 *  +---------------+-------+------+-----+--------+
 *  | log's owner   | index | kind | 0   | length | length bytes: batches, or for a trim the offset (8 bytes)
 *  +---------------+-------+------+-----+--------+
 * </pre>
 */
public final class GroupFormat {
    public static final int HEADER_BYTES = 56;
    public static final int ENTRY_BYTES = 28;
    /** Entry kind: whole record batches of one log, in offset order. */
    public static final byte APPEND = 1;
    /** Entry kind: the log starts at this offset now. */
    public static final byte TRIM = 2;
    /** Entry kind: the log is gone for ever. */
    public static final byte DELETE = 3;

    private static final int MAGIC = 0x50424A47; // "PBJG"
    private static final short VERSION = 1;
    private static final int HEADER_CRC_AT = 52;

    private GroupFormat() {}

    /** Bytes that a group takes in a journal file. */
    public static long paddedBytes(long headerAndContentBytes) {
        return (headerAndContentBytes + FileStore.ALIGNMENT - 1) & -FileStore.ALIGNMENT;
    }

    /** What a group's header says, checked against its own checksum. */
    public record Header(
            long store, long generation, long sequence, long syncedSequence, int length, int count, int crc) {}

    /** Writes the header of a group whose content lies behind it already. */
    public static void putHeader(ByteBuffer b, int at, Header header) {
        b.putInt(at, MAGIC);
        b.putShort(at + 4, VERSION);
        b.putShort(at + 6, (short) 0);
        b.putLong(at + 8, header.store());
        b.putLong(at + 16, header.generation());
        b.putLong(at + 24, header.sequence());
        b.putLong(at + 32, header.syncedSequence());
        b.putInt(at + 40, header.length());
        b.putInt(at + 44, header.count());
        b.putInt(at + 48, header.crc());
        b.putInt(at + HEADER_CRC_AT, crc(b, at, HEADER_CRC_AT));
    }

    /** The header at {@code at} if there is one that matches its checksum, else null. The content is not looked at. */
    public static @Nullable Header header(ByteBuffer b, int at) {
        if (b.limit() - at < HEADER_BYTES
                || b.getInt(at) != MAGIC
                || b.getShort(at + 4) != VERSION
                || b.getInt(at + HEADER_CRC_AT) != crc(b, at, HEADER_CRC_AT)) {
            return null;
        }
        Header header = new Header(
                b.getLong(at + 8),
                b.getLong(at + 16),
                b.getLong(at + 24),
                b.getLong(at + 32),
                b.getInt(at + 40),
                b.getInt(at + 44),
                b.getInt(at + 48));
        return header.length() < 0 || header.count() < 0 ? null : header;
    }

    /** CRC32C of {@code length} bytes from {@code at}. */
    public static int crc(ByteBuffer b, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(b.slice(at, length));
        return (int) crc.getValue();
    }

    public static void putEntry(ByteBuffer b, int at, LogId log, byte kind, int length) {
        b.putLong(at, log.owner().getMostSignificantBits());
        b.putLong(at + 8, log.owner().getLeastSignificantBits());
        b.putInt(at + 16, log.index());
        b.putInt(at + 20, kind << 24);
        b.putInt(at + 24, length);
    }

    public static LogId entryLog(ByteBuffer b, int at) {
        return new LogId(new UUID(b.getLong(at), b.getLong(at + 8)), b.getInt(at + 16));
    }

    public static byte entryKind(ByteBuffer b, int at) {
        return b.get(at + 20);
    }

    public static int entryLength(ByteBuffer b, int at) {
        return b.getInt(at + 24);
    }
}

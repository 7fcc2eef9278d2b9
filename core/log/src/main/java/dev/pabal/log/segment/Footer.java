package dev.pabal.log.segment;

import dev.pabal.log.LogId;
import dev.pabal.log.seam.FileStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The end of a sealed segment: the table of its extents, so that the file describes itself. It starts at a multiple of
 * {@link FileStore#ALIGNMENT}; the trailer is in the last 32 bytes of the file. All numbers are big-endian.
 *
 * <pre>
 *   0       4    6    8               16              24      28      32
 *  +-------+----+----+---------------+---------------+-------+-------+
 *  | magic |vers| 0  | file number   | created, ms   | parts |extents|
 *  +-------+----+----+---------------+---------------+-------+-------+
 *  for each part, by log, then offset (68 bytes)
 *  +------------------+------+------+-------+---------------+------------------+--------------+---------+
 *  | log: owner, index| base | next | bytes | max timestamp | its base offset  | first extent | extents |
 *  | 16 + 4           | 8    | 8    | 8     | 8             | 8                | 4            | 4       |
 *  +------------------+------+------+-------+---------------+------------------+--------------+---------+
 *  for each extent, in the order of the parts (44 bytes)
 *  +------+------+----------+---------------+-----------------+-------+
 *  | base | next | position | max timestamp | its base offset | bytes |
 *  | 8    | 8    | 8        | 8             | 8               | 4     |
 *  +------+------+----------+---------------+-----------------+-------+
 *  +-------------------------------------+
 *  | crc32c of all that stands above: 4  |
 *  +-------------------------------------+
 *  | zeros                               |
 *  +-------+----+----+-----------------+---------------------+------+-----------------------------+
 *  | magic |vers| 0  | footer position | footer length, crc  | 0: 8 | crc32c of the trailer so    |
 *  | 4     | 2  | 2  | 8               | included: 4         |      | far: 4                      |
 *  +-------+----+----+-----------------+---------------------+------+-----------------------------+
 * </pre>
 */
final class Footer {
    static final int TRAILER_BYTES = 32;

    private static final int MAGIC = 0x50424654;
    private static final int TRAILER_MAGIC = 0x50425452;
    private static final short VERSION = 1;
    private static final int HEAD_BYTES = 32;
    private static final int PART_BYTES = 68;
    private static final int EXTENT_BYTES = 44;

    /** One part as the footer tells it. */
    record PartEntry(
            LogId log,
            long baseOffset,
            long nextOffset,
            long sizeInBytes,
            long maxTimestamp,
            long maxTimestampOffset,
            int firstExtent,
            int extentCount) {}

    /** What a footer says. */
    record Contents(List<PartEntry> parts, ExtentList extents, int extentCount) {}

    private Footer() {}

    /** The footer's bytes, trailer included, for a place at {@code position} of the file. */
    static ByteBuffer encode(SegmentFile file, List<PartEntry> parts, ExtentList extents, long position) {
        int length = HEAD_BYTES + parts.size() * PART_BYTES + extents.size() * EXTENT_BYTES + Integer.BYTES;
        ByteBuffer to = ByteBuffer.allocate((int) AlignedMemory.up(length + TRAILER_BYTES, FileStore.ALIGNMENT));
        to.putInt(MAGIC).putShort(VERSION).putShort((short) 0);
        to.putLong(file.number()).putLong(file.createdMs());
        to.putInt(parts.size()).putInt(extents.size());
        for (PartEntry part : parts) {
            to.putLong(part.log.owner().getMostSignificantBits());
            to.putLong(part.log.owner().getLeastSignificantBits());
            to.putInt(part.log.index());
            to.putLong(part.baseOffset).putLong(part.nextOffset).putLong(part.sizeInBytes);
            to.putLong(part.maxTimestamp).putLong(part.maxTimestampOffset);
            to.putInt(part.firstExtent).putInt(part.extentCount);
        }
        for (int i = 0; i < extents.size(); i++) {
            to.putLong(extents.baseOffset(i)).putLong(extents.nextOffset(i)).putLong(extents.position(i));
            to.putLong(extents.maxTimestamp(i)).putLong(extents.maxTimestampOffset(i));
            to.putInt(extents.sizeInBytes(i));
        }
        to.putInt(ExtentHeader.crc(to, 0, to.position()));
        int trailer = to.capacity() - TRAILER_BYTES;
        to.putInt(trailer, TRAILER_MAGIC).putShort(trailer + 4, VERSION).putLong(trailer + 8, position);
        to.putInt(trailer + 16, length);
        to.putInt(trailer + 28, ExtentHeader.crc(to, trailer, 28));
        return to.rewind();
    }

    /**
     * Reads the footer that fills {@code from} to its end. Throws CORRUPT where it is not what was written.
     *
     * @param withExtents whether the extents are wanted; without, their table is verified all the same
     */
    static Contents decode(SegmentFile file, ByteBuffer from, boolean withExtents) {
        String wrong = mismatch(file, from);
        if (wrong != null) {
            throw Corruption.of(file.name(), file.footerPosition, wrong);
        }
        int partCount = from.getInt(24);
        int extentCount = from.getInt(28);
        List<PartEntry> parts = new ArrayList<>(partCount);
        from.position(HEAD_BYTES);
        for (int i = 0; i < partCount; i++) {
            LogId log = new LogId(new UUID(from.getLong(), from.getLong()), from.getInt());
            parts.add(new PartEntry(
                    log,
                    from.getLong(),
                    from.getLong(),
                    from.getLong(),
                    from.getLong(),
                    from.getLong(),
                    from.getInt(),
                    from.getInt()));
        }
        ExtentList extents = new ExtentList(withExtents ? extentCount : 0);
        for (int i = 0; i < extentCount && withExtents; i++) {
            long base = from.getLong();
            long next = from.getLong();
            long position = from.getLong();
            long maxTimestamp = from.getLong();
            long maxTimestampOffset = from.getLong();
            extents.add(base, next, position, from.getInt(), maxTimestamp, maxTimestampOffset);
        }
        return new Contents(parts, extents, extentCount);
    }

    private static @Nullable String mismatch(SegmentFile file, ByteBuffer from) {
        int trailer = from.limit() - TRAILER_BYTES;
        if (from.getInt(trailer) != TRAILER_MAGIC
                || from.getInt(trailer + 28) != ExtentHeader.crc(from, trailer, 28)
                || from.getLong(trailer + 8) != file.footerPosition) {
            return "the segment's trailer does not match";
        }
        int length = from.getInt(trailer + 16);
        if (length < HEAD_BYTES + Integer.BYTES
                || length > trailer
                || from.getInt(length - Integer.BYTES) != ExtentHeader.crc(from, 0, length - Integer.BYTES)) {
            return "the segment's footer does not match its checksum";
        }
        if (from.getInt(0) != MAGIC || from.getLong(8) != file.number()) {
            return "the footer of another segment lies there";
        }
        if (from.getShort(4) != VERSION) {
            return "the footer has format version " + from.getShort(4) + ", this program knows " + VERSION;
        }
        long expected = HEAD_BYTES
                + (long) from.getInt(24) * PART_BYTES
                + (long) from.getInt(28) * EXTENT_BYTES
                + Integer.BYTES;
        return expected == length ? null : "the segment's footer has the wrong length";
    }
}

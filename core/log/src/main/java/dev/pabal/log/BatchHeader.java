package dev.pabal.log;

import java.nio.ByteBuffer;

/**
 * Reads and patches the header of a Kafka record batch (magic 2) where it lies, without a copy. Positions are absolute;
 * the buffer's own position and limit are neither used nor changed. The buffer is big-endian.
 *
 * <pre>
 *   0               8       12      16 17      21     23      27
 *  +---------------+-------+-------+--+-------+------+-------+
 *  | base offset   |length |epoch  |m |crc32c |attrs | last  |   length: bytes after this field
 *  |               |       |       | 2|       |      | delta |   crc32c: over everything from attrs to the end
 *  +---------------+-------+-------+--+-------+------+-------+
 *  27              35              43              51     53      57      61
 *  +---------------+---------------+---------------+------+-------+-------+
 *  | base timestamp| max timestamp | producer id   |p.ep. | base  | count | records ...
 *  +---------------+---------------+---------------+------+-------+-------+
 * </pre>
 *
 * The first 21 bytes are not covered by the batch's own checksum; the store covers them with one of its own.
 *
 * @see <a href="https://kafka.apache.org/documentation/#recordbatch">Kafka: Record Batch</a>
 */
public final class BatchHeader {
    /** Bytes of the header: a batch is never shorter. */
    public static final int BYTES = 61;
    /** Bytes at the front that the length field does not count. */
    public static final int LENGTH_OVERHEAD = 12;
    /** Bytes at the front that the batch's own checksum does not cover. */
    public static final int UNCOVERED_BYTES = 21;
    /** Attribute bit: timestamps are the broker's ({@code LogAppendTime}). */
    public static final int ATTR_LOG_APPEND_TIME = 1 << 3;
    /** Attribute bit: part of a transaction. */
    public static final int ATTR_TRANSACTIONAL = 1 << 4;
    /** Attribute bit: a control batch (transaction marker). */
    public static final int ATTR_CONTROL = 1 << 5;
    /** Attribute bit: the base timestamp is the delete horizon of a compacted batch. */
    public static final int ATTR_DELETE_HORIZON = 1 << 6;

    private BatchHeader() {}

    public static long baseOffset(ByteBuffer b, int at) {
        return b.getLong(at);
    }

    /** Whole size in bytes, header included, as announced: check it against what is there before use. */
    public static int sizeInBytes(ByteBuffer b, int at) {
        return b.getInt(at + 8) + LENGTH_OVERHEAD;
    }

    public static int epoch(ByteBuffer b, int at) {
        return b.getInt(at + 12);
    }

    public static byte magic(ByteBuffer b, int at) {
        return b.get(at + 16);
    }

    public static int crc(ByteBuffer b, int at) {
        return b.getInt(at + 17);
    }

    public static short attributes(ByteBuffer b, int at) {
        return b.getShort(at + 21);
    }

    public static int lastOffsetDelta(ByteBuffer b, int at) {
        return b.getInt(at + 23);
    }

    public static long lastOffset(ByteBuffer b, int at) {
        return baseOffset(b, at) + lastOffsetDelta(b, at);
    }

    /** The offset after the batch's last. */
    public static long nextOffset(ByteBuffer b, int at) {
        return lastOffset(b, at) + 1;
    }

    public static long baseTimestamp(ByteBuffer b, int at) {
        return b.getLong(at + 27);
    }

    public static long maxTimestamp(ByteBuffer b, int at) {
        return b.getLong(at + 35);
    }

    public static long producerId(ByteBuffer b, int at) {
        return b.getLong(at + 43);
    }

    public static short producerEpoch(ByteBuffer b, int at) {
        return b.getShort(at + 51);
    }

    public static int baseSequence(ByteBuffer b, int at) {
        return b.getInt(at + 53);
    }

    public static int recordCount(ByteBuffer b, int at) {
        return b.getInt(at + 57);
    }

    /** Sets the offset of the first record: the only field, with the epoch, that a log writes. */
    public static void setBaseOffset(ByteBuffer b, int at, long baseOffset) {
        b.putLong(at, baseOffset);
    }

    public static void setEpoch(ByteBuffer b, int at, int epoch) {
        b.putInt(at + 12, epoch);
    }
}

package dev.pabal.message;

import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Judges a batch as a client sent it by its header and checksum alone: records are neither parsed nor decompressed, nothing is copied. The
 * rules and their order are those of a Kafka broker for batches of clients ({@code UnifiedLog.analyzeAndValidateRecords} and
 * {@code LogValidator.validateBatch}).
 */
public final class BatchCheck {
    /** Attribute bits that name the codec: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
    public static final int CODEC_MASK = 0x07;

    private static final int MAX_CODEC = 4;
    private static final byte MAGIC = 2;
    private static final int CRC_AT = 17;

    private BatchCheck() {}

    /** What was found; the first that applies. */
    public enum Verdict {
        /** Nothing to object to. */
        GOOD,
        /** Shorter than a header, or the announced length disagrees with the bytes at hand. */
        TORN,
        /** More bytes follow the batch: a produce request holds exactly one for each partition. */
        NOT_ALONE,
        /** Not a record batch of magic 2. */
        FORMAT,
        /** Clients count offsets from 0. */
        BASE_OFFSET,
        /** The checksum does not match. */
        CHECKSUM,
        /** No records, or their number is not the last offset delta plus one. */
        COUNT,
        /** A control batch, which only brokers write. */
        CONTROL,
        /** A producer id without a sequence, or with a negative epoch. */
        SEQUENCE,
        /** No codec has this number. */
        CODEC
    }

    /** Judges the one batch that lies from the buffer's position to its limit; both are as before when this returns. */
    public static Verdict check(ByteBuffer batch) {
        int at = batch.position();
        int available = batch.remaining();
        if (available < BatchHeader.BYTES) {
            // A message set of an old format may be shorter than the header of a batch; its magic stands at the same
            // place.
            return available > 16 && BatchHeader.magic(batch, at) != MAGIC ? Verdict.FORMAT : Verdict.TORN;
        }
        if (BatchHeader.magic(batch, at) != MAGIC) {
            return Verdict.FORMAT;
        }
        int size = BatchHeader.sizeInBytes(batch, at);
        if (size < BatchHeader.BYTES || size > available) {
            return Verdict.TORN;
        }
        if (size < available) {
            return Verdict.NOT_ALONE;
        }
        if (BatchHeader.baseOffset(batch, at) != 0) {
            return Verdict.BASE_OFFSET;
        }
        return checksum(batch) == BatchHeader.crc(batch, at) ? content(batch, at) : Verdict.CHECKSUM;
    }

    private static Verdict content(ByteBuffer batch, int at) {
        int count = BatchHeader.recordCount(batch, at);
        int attributes = BatchHeader.attributes(batch, at);
        if (count <= 0 || count - 1 != BatchHeader.lastOffsetDelta(batch, at)) {
            return Verdict.COUNT;
        }
        if ((attributes & BatchHeader.ATTR_CONTROL) != 0) {
            return Verdict.CONTROL;
        }
        if (BatchHeader.producerId(batch, at) >= 0
                && (BatchHeader.baseSequence(batch, at) < 0 || BatchHeader.producerEpoch(batch, at) < 0)) {
            return Verdict.SEQUENCE;
        }
        return (attributes & CODEC_MASK) > MAX_CODEC ? Verdict.CODEC : Verdict.GOOD;
    }

    /** Whether the batch claims to be part of a transaction. */
    public static boolean transactional(ByteBuffer batch) {
        return (BatchHeader.attributes(batch, batch.position()) & BatchHeader.ATTR_TRANSACTIONAL) != 0;
    }

    /** Number of the batch's codec. */
    public static int codec(ByteBuffer batch) {
        return BatchHeader.attributes(batch, batch.position()) & CODEC_MASK;
    }

    /**
     * Marks the one batch in the buffer as stamped by the broker: every record of it then has the time {@code nowMs}.
     *
     * @param nowMs wall clock in ms
     */
    public static void stampAppendTime(ByteBuffer batch, long nowMs) {
        int at = batch.position();
        int attributes = BatchHeader.attributes(batch, at) | BatchHeader.ATTR_LOG_APPEND_TIME;
        batch.putShort(at + CRC_AT + 4, (short) attributes);
        batch.putLong(at + 35, nowMs);
        seal(batch);
    }

    /** Writes the checksum that fits the one batch in the buffer. */
    static void seal(ByteBuffer batch) {
        batch.putInt(batch.position() + CRC_AT, checksum(batch));
    }

    private static int checksum(ByteBuffer batch) {
        int at = batch.position();
        CRC32C crc = new CRC32C();
        batch.position(at + BatchHeader.UNCOVERED_BYTES);
        crc.update(batch);
        batch.position(at);
        return (int) crc.getValue();
    }
}

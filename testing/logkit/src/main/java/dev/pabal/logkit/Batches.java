package dev.pabal.logkit;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogRead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Batches to append, and what can be read out of stored ones. */
public final class Batches {
    private Batches() {}

    /** One batch of records without keys, timestamps 0. */
    public static ByteBuffer of(String... values) {
        BatchBuilder batch = new BatchBuilder();
        for (String value : values) {
            batch.record(null, value);
        }
        return batch.build();
    }

    /** One batch of one record with random bytes, {@code sizeInBytes} or a few bytes more in all. */
    public static ByteBuffer ofSize(int sizeInBytes, long seed) {
        byte[] value = new byte[Math.max(1, sizeInBytes - BatchHeader.BYTES - 8)];
        new Random(seed).nextBytes(value);
        return new BatchBuilder().record(null, value).build();
    }

    /** Several batches in one buffer, for one append. */
    public static ByteBuffer concat(ByteBuffer... batches) {
        int bytes = 0;
        for (ByteBuffer batch : batches) {
            bytes += batch.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        for (ByteBuffer batch : batches) {
            all.put(batch.duplicate());
        }
        return all.flip();
    }

    /** Each batch of a read in an array of its own. Fails where a batch is not whole or its checksum does not match. */
    public static List<byte[]> split(LogRead read) {
        List<byte[]> batches = new ArrayList<>();
        for (ByteBuffer buffer : read.buffers()) {
            split(buffer, batches);
        }
        return batches;
    }

    private static void split(ByteBuffer buffer, List<byte[]> to) {
        int at = buffer.position();
        while (at < buffer.limit()) {
            int left = buffer.limit() - at;
            int size = left < BatchHeader.BYTES ? -1 : BatchHeader.sizeInBytes(buffer, at);
            if (size < BatchHeader.BYTES || size > left) {
                throw new AssertionError("no whole batch at position " + at + ": size " + size + ", left " + left);
            }
            byte[] batch = new byte[size];
            buffer.get(at, batch);
            if (!checksumMatches(batch)) {
                throw new AssertionError("the batch at position " + at + " does not match its checksum");
            }
            to.add(batch);
            at += size;
        }
    }

    /** Whether the batch's own CRC32C holds. */
    public static boolean checksumMatches(byte[] batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch, BatchHeader.UNCOVERED_BYTES, batch.length - BatchHeader.UNCOVERED_BYTES);
        return (int) crc.getValue() == BatchHeader.crc(ByteBuffer.wrap(batch), 0);
    }

    /** The values of an uncompressed batch's records, null for tombstones. */
    public static List<@Nullable String> values(byte[] batch) {
        return fields(batch, false);
    }

    /** The keys of an uncompressed batch's records, null where there is none. */
    public static List<@Nullable String> keys(byte[] batch) {
        return fields(batch, true);
    }

    private static List<@Nullable String> fields(byte[] batch, boolean keys) {
        ByteBuffer b = ByteBuffer.wrap(batch);
        int count = BatchHeader.recordCount(b, 0);
        b.position(BatchHeader.BYTES);
        List<@Nullable String> fields = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int end = (int) readVarlong(b) + b.position();
            b.get();
            readVarlong(b);
            readVarlong(b);
            int length = (int) readVarlong(b);
            if (!keys) {
                b.position(b.position() + Math.max(0, length));
                length = (int) readVarlong(b);
            }
            fields.add(length < 0 ? null : new String(batch, b.position(), length, StandardCharsets.UTF_8));
            b.position(end);
        }
        return fields;
    }

    private static long readVarlong(ByteBuffer b) {
        long v = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = b.get();
            v |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return (v >>> 1) ^ -(v & 1);
            }
        }
        throw new AssertionError("a number of more than ten bytes at position " + b.position());
    }
}

package dev.pabal.logkit;

import dev.pabal.log.BatchHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Makes one valid, uncompressed record batch (magic 2) without any client library. Offsets start at 0, as producers send them.
 *
 * <pre>
 *  record: varint length | int8 attributes | varlong timestamp delta | varint offset delta
 *          | varint key length (-1: none) | key | varint value length (-1: tombstone) | value | varint headers (0)
 * </pre>
 *
 * @see <a href="https://kafka.apache.org/documentation/#record">Kafka: Record</a>
 */
public final class BatchBuilder {
    private record Entry(byte @Nullable [] key, byte @Nullable [] value, long timestampMs) {}

    private final List<Entry> entries = new ArrayList<>();
    private long timestampMs;
    private long producerId = -1;
    private short producerEpoch = -1;
    private int baseSequence = -1;
    private int attributes;

    /** The timestamp in ms of the records added from here on; 0 before the first call. */
    public BatchBuilder timestampMs(long ms) {
        timestampMs = ms;
        return this;
    }

    /** The batch comes from an idempotent producer. */
    public BatchBuilder producer(long id, int epoch, int sequence) {
        producerId = id;
        producerEpoch = (short) epoch;
        baseSequence = sequence;
        return this;
    }

    /** Sets attribute bits, such as {@link BatchHeader#ATTR_TRANSACTIONAL}. */
    public BatchBuilder attributes(int bits) {
        attributes |= bits;
        return this;
    }

    /** Adds a record; a null key is no key, a null value a tombstone. */
    public BatchBuilder record(@Nullable String key, @Nullable String value) {
        return record(bytes(key), bytes(value));
    }

    /** Adds a record; a null key is no key, a null value a tombstone. */
    public BatchBuilder record(byte @Nullable [] key, byte @Nullable [] value) {
        entries.add(new Entry(key, value, timestampMs));
        return this;
    }

    private static byte @Nullable [] bytes(@Nullable String s) {
        return s == null ? null : s.getBytes(StandardCharsets.UTF_8);
    }

    /** The batch, in a heap buffer from position 0 to its limit, ready to be appended. */
    public ByteBuffer build() {
        if (entries.isEmpty()) {
            throw new IllegalStateException("a batch has at least one record");
        }
        long baseTimestamp = entries.get(0).timestampMs;
        long maxTimestamp = baseTimestamp;
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int i = 0; i < entries.size(); i++) {
            Entry e = entries.get(i);
            maxTimestamp = Math.max(maxTimestamp, e.timestampMs);
            byte[] body = body(e, e.timestampMs - baseTimestamp, i);
            writeVarlong(records, body.length);
            records.writeBytes(body);
        }
        return header(records.toByteArray(), baseTimestamp, maxTimestamp);
    }

    private ByteBuffer header(byte[] records, long baseTimestamp, long maxTimestamp) {
        ByteBuffer b = ByteBuffer.allocate(BatchHeader.BYTES + records.length);
        b.putLong(0).putInt(b.capacity() - BatchHeader.LENGTH_OVERHEAD).putInt(-1);
        b.put((byte) 2).putInt(0);
        b.putShort((short) attributes).putInt(entries.size() - 1);
        b.putLong(baseTimestamp).putLong(maxTimestamp);
        b.putLong(producerId).putShort(producerEpoch).putInt(baseSequence);
        b.putInt(entries.size()).put(records).flip();
        CRC32C crc = new CRC32C();
        crc.update(b.duplicate().position(BatchHeader.UNCOVERED_BYTES));
        b.putInt(BatchHeader.UNCOVERED_BYTES - Integer.BYTES, (int) crc.getValue());
        return b;
    }

    private static byte[] body(Entry e, long timestampDelta, int offsetDelta) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        writeVarlong(out, timestampDelta);
        writeVarlong(out, offsetDelta);
        writeBytes(out, e.key);
        writeBytes(out, e.value);
        writeVarlong(out, 0);
        return out.toByteArray();
    }

    private static void writeBytes(ByteArrayOutputStream out, byte @Nullable [] bytes) {
        writeVarlong(out, bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.writeBytes(bytes);
        }
    }

    /** Zig-zag, seven bits to a byte, low ones first. */
    private static void writeVarlong(ByteArrayOutputStream out, long value) {
        long v = (value << 1) ^ (value >> 63);
        while ((v & ~0x7FL) != 0) {
            out.write((int) (v & 0x7F) | 0x80);
            v >>>= 7;
        }
        out.write((int) v);
    }
}

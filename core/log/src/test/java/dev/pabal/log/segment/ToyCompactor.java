package dev.pabal.log.segment;

import dev.pabal.log.BatchCompactor;
import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compaction over the simplest record there is: offset delta (4 bytes), key (4, -1 for none), tombstone (1), value (8). Knows delete horizons as
 * Kafka does.
 */
final class ToyCompactor implements BatchCompactor {
    static final int RECORD_BYTES = 17;

    /** One record. */
    record Toy(long offset, int key, boolean tombstone, long value) {}

    static ByteBuffer batch(long baseOffset, int lastDelta, long maxTimestamp, List<Toy> records) {
        ByteBuffer b = ByteBuffer.allocate(BatchHeader.BYTES + records.size() * RECORD_BYTES);
        b.putLong(0, baseOffset);
        b.putInt(8, b.capacity() - BatchHeader.LENGTH_OVERHEAD);
        b.put(16, (byte) 2);
        b.putInt(23, lastDelta);
        b.putLong(27, maxTimestamp);
        b.putLong(35, maxTimestamp);
        b.putInt(57, records.size());
        b.position(BatchHeader.BYTES);
        for (Toy record : records) {
            b.putInt((int) (record.offset - baseOffset)).putInt(record.key);
            b.put((byte) (record.tombstone ? 1 : 0)).putLong(record.value);
        }
        return b.flip();
    }

    static List<Toy> records(ByteBuffer batch, int at) {
        List<Toy> records = new ArrayList<>();
        int end = at + BatchHeader.sizeInBytes(batch, at);
        for (int i = at + BatchHeader.BYTES; i < end; i += RECORD_BYTES) {
            records.add(new Toy(
                    BatchHeader.baseOffset(batch, at) + batch.getInt(i),
                    batch.getInt(i + 4),
                    batch.get(i + 8) == 1,
                    batch.getLong(i + 9)));
        }
        return records;
    }

    private static @Nullable ByteBuffer key(Toy record) {
        return record.key < 0 ? null : ByteBuffer.allocate(4).putInt(0, record.key);
    }

    @Override
    public void forEachKey(ByteBuffer batch, int at, KeyVisitor visitor) {
        for (Toy record : records(batch, at)) {
            visitor.visit(key(record), record.offset, BatchHeader.maxTimestamp(batch, at), record.tombstone);
        }
    }

    @Override
    public @Nullable ByteBuffer retain(ByteBuffer batch, int at, long deleteHorizonMs, RecordFilter filter) {
        List<Toy> kept = new ArrayList<>();
        long timestamp = BatchHeader.maxTimestamp(batch, at);
        for (Toy record : records(batch, at)) {
            if (filter.keep(key(record), record.offset, timestamp, record.tombstone)) {
                kept.add(record);
            }
        }
        if (kept.isEmpty()) {
            return null;
        }
        ByteBuffer made =
                batch(BatchHeader.baseOffset(batch, at), BatchHeader.lastOffsetDelta(batch, at), timestamp, kept);
        boolean horizon = (BatchHeader.attributes(batch, at) & BatchHeader.ATTR_DELETE_HORIZON) != 0;
        if (horizon || kept.stream().anyMatch(Toy::tombstone)) {
            made.putShort(21, (short) BatchHeader.ATTR_DELETE_HORIZON);
            made.putLong(27, horizon ? BatchHeader.baseTimestamp(batch, at) : deleteHorizonMs);
        }
        return made;
    }
}

package dev.pabal.log.segment;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogRead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/** Makes batches that look like Kafka's, with random bytes for records. */
final class Batches {
    private Batches() {}

    static ByteBuffer batch(Random random, long baseOffset, int records, long maxTimestamp, int payloadBytes) {
        ByteBuffer b = ByteBuffer.allocate(BatchHeader.BYTES + payloadBytes);
        byte[] payload = new byte[payloadBytes];
        random.nextBytes(payload);
        b.putLong(0, baseOffset);
        b.putInt(8, b.capacity() - BatchHeader.LENGTH_OVERHEAD);
        b.putInt(12, 3);
        b.put(16, (byte) 2);
        b.putInt(23, records - 1);
        b.putLong(27, maxTimestamp);
        b.putLong(35, maxTimestamp);
        b.putLong(43, -1);
        b.putInt(57, records);
        b.put(BatchHeader.BYTES, payload);
        CRC32C crc = new CRC32C();
        crc.update(b.duplicate().position(BatchHeader.UNCOVERED_BYTES));
        b.putInt(17, (int) crc.getValue());
        return b;
    }

    static Run run(dev.pabal.log.LogId log, List<ByteBuffer> batches) {
        int size = batches.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer last = batches.get(batches.size() - 1);
        return new Run(log, batches, BatchHeader.baseOffset(batches.get(0), 0), BatchHeader.nextOffset(last, 0), size);
    }

    /** Copies of the batches of a read. */
    static List<ByteBuffer> of(LogRead read) {
        List<ByteBuffer> batches = new ArrayList<>();
        for (ByteBuffer buffer : read.buffers()) {
            for (int at = buffer.position(); at < buffer.limit(); ) {
                int size = BatchHeader.sizeInBytes(buffer, at);
                ByteBuffer copy = ByteBuffer.allocate(size);
                copy.put(0, buffer, at, size);
                batches.add(copy);
                at += size;
            }
        }
        return batches;
    }
}

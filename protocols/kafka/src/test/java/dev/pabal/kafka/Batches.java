package dev.pabal.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;

/** Makes batches of records as a producer does. */
public final class Batches {
    private Batches() {}

    /** One uncompressed batch of {@code count} records, each with a value of {@code valueBytes}. */
    public static MemoryRecords batch(int count, int valueBytes) {
        return batch(Compression.NONE, count, valueBytes);
    }

    public static MemoryRecords batch(Compression compression, int count, int valueBytes) {
        ByteBuffer buffer = ByteBuffer.allocate(1024 + count * (valueBytes + 64));
        try (MemoryRecordsBuilder builder = MemoryRecords.builder(buffer, compression, TimestampType.CREATE_TIME, 0L)) {
            for (int i = 0; i < count; i++) {
                byte[] value = new byte[valueBytes];
                builder.append(System.currentTimeMillis(), ("k" + i).getBytes(StandardCharsets.UTF_8), value);
            }
            return builder.build();
        }
    }
}

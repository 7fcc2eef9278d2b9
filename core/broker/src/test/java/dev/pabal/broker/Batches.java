package dev.pabal.broker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Batches as Kafka's own client makes them. */
final class Batches {
    private Batches() {}

    static ByteBuffer of(String... values) {
        return of(Compression.NONE, values);
    }

    static ByteBuffer of(Compression codec, String... values) {
        return MemoryRecords.withRecords(codec, records(values)).buffer();
    }

    static ByteBuffer idempotent(long producerId, int epoch, int sequence, String... values) {
        return MemoryRecords.withIdempotentRecords(
                        Compression.NONE, producerId, (short) epoch, sequence, records(values))
                .buffer();
    }

    static ByteBuffer timed(long... timestampsMs) {
        SimpleRecord[] records = new SimpleRecord[timestampsMs.length];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SimpleRecord(timestampsMs[i], new byte[] {1}, new byte[] {(byte) i});
        }
        return MemoryRecords.withRecords(Compression.NONE, records).buffer();
    }

    private static SimpleRecord[] records(String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(TestBroker.NOW_MS, values[i].getBytes(StandardCharsets.UTF_8));
        }
        return records;
    }
}

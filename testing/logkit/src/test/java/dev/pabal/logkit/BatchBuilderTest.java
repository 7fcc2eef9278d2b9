package dev.pabal.logkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.Test;

/** Kafka's own reader must accept what the builder makes. */
class BatchBuilderTest {
    @Test
    void kafkaReadsWhatTheBuilderMakes() {
        var buffer = new BatchBuilder()
                .timestampMs(1_000)
                .producer(77, 3, 500)
                .record("key", "value")
                .timestampMs(900)
                .record(null, "x".repeat(70_000))
                .timestampMs(5_000_000_000L)
                .record("tombstone", null)
                .build();
        List<RecordBatch> batches = new ArrayList<>();
        MemoryRecords.readableRecords(buffer).batches().forEach(batches::add);
        assertThat(batches).hasSize(1);
        RecordBatch batch = batches.get(0);
        batch.ensureValid();
        assertThat(batch.producerId()).isEqualTo(77);
        assertThat(batch.producerEpoch()).isEqualTo((short) 3);
        assertThat(batch.baseSequence()).isEqualTo(500);
        assertThat(batch.maxTimestamp()).isEqualTo(5_000_000_000L);
        assertThat(batch.lastOffset()).isEqualTo(2);
        List<Record> records = new ArrayList<>();
        batch.forEach(records::add);
        assertThat(records).extracting(Record::timestamp).containsExactly(1_000L, 900L, 5_000_000_000L);
        assertThat(records.get(0).key()).isEqualTo(StandardCharsets.UTF_8.encode("key"));
        assertThat(records.get(1).hasKey()).isFalse();
        assertThat(records.get(1).valueSize()).isEqualTo(70_000);
        assertThat(records.get(2).hasValue()).isFalse();
    }

    @Test
    void valuesComeBack() {
        byte[] batch = Batches.of("a", "", "ünïcode").array();
        assertThat(Batches.values(batch)).containsExactly("a", "", "ünïcode");
        assertThat(Batches.checksumMatches(batch)).isTrue();
        batch[batch.length - 3] ^= 4;
        assertThat(Batches.checksumMatches(batch)).isFalse();
    }
}

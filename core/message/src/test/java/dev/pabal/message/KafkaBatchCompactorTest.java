package dev.pabal.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KafkaBatchCompactorTest {
    private static final long HORIZON = 1_900_000_000_000L;

    private final KafkaBatchCompactor compactor = new KafkaBatchCompactor();

    private static ByteBuffer batch(CompressionType codec, SimpleRecord... records) {
        ByteBuffer direct = ByteBuffer.allocateDirect(100_000);
        ByteBuffer bytes = MemoryRecords.withIdempotentRecords(
                        RecordBatch.MAGIC_VALUE_V2, 1_000, Compression.of(codec).build(), 17, (short) 2, 5, 9, records)
                .buffer();
        direct.position(33).put(bytes).flip();
        return direct;
    }

    private static SimpleRecord record(@Nullable String key, @Nullable String value) {
        return new SimpleRecord(50, bytes(key), bytes(value));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? null
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void visitsEveryKeyInOrder(CompressionType codec) {
        ByteBuffer batch = batch(codec, record("a", "1"), record(null, "2"), record("b", null));
        List<String> seen = new ArrayList<>();
        compactor.forEachKey(
                batch,
                33,
                (key, offset, timestamp, tombstone) -> seen.add(text(key) + offset + "@" + timestamp + tombstone));
        assertThat(seen).containsExactly("a1000@50false", "null1001@50false", "b1002@50true");
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void keepsOffsetsProducerAndCodecOfWhatRemains(CompressionType codec) {
        ByteBuffer batch = batch(codec, record("a", "1"), record("b", "2"), record("c", "3"));
        ByteBuffer kept = compactor.retain(batch, 33, HORIZON, (key, offset, timestamp, tombstone) -> offset == 1_001);
        assertThat(kept).isNotNull();
        MutableRecordBatch one =
                MemoryRecords.readableRecords(kept).batches().iterator().next();
        one.ensureValid();
        assertThat(one.baseOffset()).isEqualTo(1_000);
        assertThat(one.lastOffset()).isEqualTo(1_002);
        assertThat(one.producerId()).isEqualTo(17);
        assertThat(one.baseSequence()).isEqualTo(5);
        assertThat(one.partitionLeaderEpoch()).isEqualTo(9);
        assertThat(one.compressionType()).isEqualTo(codec);
        assertThat(one.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(one.deleteHorizonMs()).isEmpty();
        List<String> values = new ArrayList<>();
        for (Record record : one) {
            values.add(record.offset() + text(record.value()));
        }
        assertThat(values).containsExactly("10012");
    }

    @Test
    void sameBytesWhereAllIsKept() {
        ByteBuffer batch = batch(CompressionType.GZIP, record("a", "1"), record("b", "2"));
        ByteBuffer kept = compactor.retain(batch, 33, HORIZON, (key, offset, timestamp, tombstone) -> true);
        assertThat(kept).isEqualTo(batch.slice(33, batch.limit() - 33));
    }

    @Test
    void nothingWhereNothingIsKept() {
        ByteBuffer batch = batch(CompressionType.NONE, record("a", "1"));
        assertThat(compactor.retain(batch, 33, HORIZON, (key, offset, timestamp, tombstone) -> false))
                .isNull();
    }

    @Test
    void tombstonesGetTheirHorizonOnceAndTimestampsStay() {
        ByteBuffer batch = batch(CompressionType.LZ4, record("a", null), record("b", "2"));
        ByteBuffer first = compactor.retain(batch, 33, HORIZON, (key, offset, timestamp, tombstone) -> true);
        assertThat(first).isNotNull();
        assertThat(BatchHeader.attributes(first, 0) & BatchHeader.ATTR_DELETE_HORIZON)
                .isNotZero();
        assertThat(BatchHeader.baseTimestamp(first, 0)).isEqualTo(HORIZON);
        ByteBuffer second = compactor.retain(first, 0, HORIZON + 5, (key, offset, timestamp, tombstone) -> true);
        assertThat(second).isEqualTo(first);
        List<Long> timestamps = new ArrayList<>();
        compactor.forEachKey(first, 0, (key, offset, timestamp, tombstone) -> timestamps.add(timestamp));
        assertThat(timestamps).containsExactly(50L, 50L);
    }

    @Test
    void controlBatchesStayAndShowNoKeys() {
        ByteBuffer marker = MemoryRecords.withEndTransactionMarker(
                        70, 123, 4, 17, (short) 2, new EndTransactionMarker(ControlRecordType.COMMIT, 1))
                .buffer();
        compactor.forEachKey(marker, 0, (key, offset, timestamp, tombstone) -> {
            throw new AssertionError("a marker's key is none of compaction's business");
        });
        assertThat(compactor.retain(marker, 0, HORIZON, (key, offset, timestamp, tombstone) -> false))
                .isEqualTo(marker);
    }
}

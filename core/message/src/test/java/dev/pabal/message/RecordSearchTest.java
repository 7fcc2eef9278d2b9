package dev.pabal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordSearchTest {
    private static final int BASE = 1000;

    private static ByteBuffer batch(String codec, long... timestampsMs) {
        SimpleRecord[] records = new SimpleRecord[timestampsMs.length];
        for (int i = 0; i < records.length; i++) {
            byte[] key = i == 2 ? null : new byte[] {(byte) i};
            records[i] = new SimpleRecord(
                    timestampsMs[i], key, new byte[] {1, 2, 3}, new Header[] {new RecordHeader("h", new byte[] {4})});
        }
        ByteBuffer batch = MemoryRecords.withRecords(Compression.of(codec).build(), records)
                .buffer();
        BatchHeader.setBaseOffset(batch, 0, BASE);
        return batch;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void findsRecordsByTimeInEveryCodec(String codec) {
        ByteBuffer batch = batch(codec, 50, 10, 70, 70, 60);
        assertThat(RecordSearch.firstAtOrAfter(batch, 0, 55, 0)).isEqualTo(new RecordSearch.Found(BASE + 2, 70));
        assertThat(RecordSearch.firstAtOrAfter(batch, 0, 0, BASE + 4)).isEqualTo(new RecordSearch.Found(BASE + 4, 60));
        assertThat(RecordSearch.firstAtOrAfter(batch, 0, 71, 0)).isNull();
        assertThat(RecordSearch.withMaxTimestamp(batch, 0)).isEqualTo(new RecordSearch.Found(BASE + 2, 70));
        assertThat(RecordSearch.inspect(batch, 0)).isEqualTo(new RecordSearch.Inside(10, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncompressed", "gzip", "snappy", "lz4", "zstd"})
    void aBatchInAnotherCodecHoldsTheSame(String codec) {
        ByteBuffer from = MemoryRecords.withIdempotentRecords(
                        Compression.lz4().build(),
                        77,
                        (short) 3,
                        12,
                        new SimpleRecord(5, new byte[] {1}, new byte[1000]),
                        new SimpleRecord(9, (byte[]) null, (byte[]) null, new Header[] {new RecordHeader("h", null)}))
                .buffer();
        ByteBuffer to = Recompression.recompress(from, codec, 1 << 20);
        assertThat(BatchCheck.check(to)).isEqualTo(BatchCheck.Verdict.GOOD);
        assertThat(BatchCheck.codec(to)).isEqualTo(Recompression.codec(codec));
        assertThat(BatchHeader.producerId(to, 0)).isEqualTo(77);
        assertThat(BatchHeader.baseSequence(to, 0)).isEqualTo(12);
        assertThat(BatchHeader.maxTimestamp(to, 0)).isEqualTo(9);
        assertThat(contents(to)).isEqualTo(contents(from));
    }

    private static List<String> contents(ByteBuffer bytes) {
        List<String> contents = new ArrayList<>();
        RecordBatch batch = MemoryRecords.readableRecords(bytes.duplicate())
                .batches()
                .iterator()
                .next();
        for (Record record : batch) {
            contents.add(record.offset() + " " + record.timestamp() + " " + record.keySize() + " "
                    + (record.hasValue() ? record.value().remaining() : -1) + " " + List.of(record.headers()));
        }
        return contents;
    }

    @Test
    void unpackingIsBounded() {
        ByteBuffer bomb = MemoryRecords.withRecords(
                        Compression.gzip().build(), new SimpleRecord(1, null, new byte[1 << 20]))
                .buffer();
        assertThat(bomb.remaining()).isLessThan(10_000);
        assertThatThrownBy(() -> Recompression.recompress(bomb, "zstd", 100_000))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recordsThatCannotBeReadAreSaidSo() {
        ByteBuffer batch = batch("gzip", 1, 2, 3);
        for (int i = BatchHeader.BYTES; i < batch.limit(); i++) {
            batch.put(i, (byte) 0x55);
        }
        assertThatThrownBy(() -> RecordSearch.inspect(batch, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RecordSearch.withMaxTimestamp(batch, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Recompression.recompress(batch, "zstd", 1 << 20))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.pabal.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchCheckTest {
    private static ByteBuffer batch(Compression codec) {
        return MemoryRecords.withIdempotentRecords(
                        codec, 9, (short) 1, 5, new SimpleRecord(100, bytes("a")), new SimpleRecord(200, bytes("bb")))
                .buffer();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The batch with one change and a checksum that fits it. */
    private static BatchCheck.Verdict changed(Consumer<ByteBuffer> change) {
        ByteBuffer batch = batch(Compression.NONE);
        change.accept(batch);
        BatchCheck.seal(batch);
        return BatchCheck.check(batch);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void whatKafkasClientMakesIsGoodInEveryCodec(String codec) {
        ByteBuffer batch = batch(Compression.of(codec).build());
        assertThat(BatchCheck.check(batch)).isEqualTo(BatchCheck.Verdict.GOOD);
        assertThat(BatchCheck.codec(batch)).isEqualTo(Recompression.codec(codec));
        ByteBuffer direct = ByteBuffer.allocateDirect(batch.remaining() + 3);
        direct.position(3).mark();
        direct.put(batch.duplicate()).reset();
        assertThat(BatchCheck.check(direct)).isEqualTo(BatchCheck.Verdict.GOOD);
        assertThat(direct.position()).isEqualTo(3);
    }

    @Test
    void everyRuleHasItsVerdict() {
        assertThat(changed(b -> b.putInt(57, 3))).isEqualTo(BatchCheck.Verdict.COUNT);
        assertThat(changed(b -> b.putInt(57, 0).putInt(23, -1))).isEqualTo(BatchCheck.Verdict.COUNT);
        assertThat(changed(b -> b.putInt(57, Integer.MIN_VALUE).putInt(23, Integer.MAX_VALUE)))
                .isEqualTo(BatchCheck.Verdict.COUNT);
        assertThat(changed(b -> b.putShort(21, (short) BatchHeader.ATTR_CONTROL)))
                .isEqualTo(BatchCheck.Verdict.CONTROL);
        assertThat(changed(b -> b.putShort(21, (short) 5))).isEqualTo(BatchCheck.Verdict.CODEC);
        assertThat(changed(b -> b.putInt(53, -1))).isEqualTo(BatchCheck.Verdict.SEQUENCE);
        assertThat(changed(b -> b.putShort(51, (short) -1))).isEqualTo(BatchCheck.Verdict.SEQUENCE);
        assertThat(changed(b -> b.putLong(0, 1))).isEqualTo(BatchCheck.Verdict.BASE_OFFSET);
        assertThat(changed(b -> b.put(16, (byte) 1))).isEqualTo(BatchCheck.Verdict.FORMAT);
        assertThat(changed(b -> b.put(16, (byte) 3))).isEqualTo(BatchCheck.Verdict.FORMAT);
    }

    @Test
    void lengthsThatLieAreTorn() {
        for (int length : new int[] {-1, 0, 48, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE - 11}) {
            ByteBuffer batch = batch(Compression.NONE);
            batch.putInt(8, length);
            assertThat(BatchCheck.check(batch)).as("length " + length).isEqualTo(BatchCheck.Verdict.TORN);
        }
        ByteBuffer shorter = batch(Compression.NONE);
        shorter.limit(shorter.limit() - 1);
        assertThat(BatchCheck.check(shorter)).isEqualTo(BatchCheck.Verdict.TORN);
        ByteBuffer longer = ByteBuffer.allocate(200);
        longer.put(batch(Compression.NONE)).rewind();
        assertThat(BatchCheck.check(longer)).isEqualTo(BatchCheck.Verdict.NOT_ALONE);
        for (int size = 0; size < BatchHeader.BYTES; size++) {
            assertThat(BatchCheck.check(ByteBuffer.allocate(size))).isNotEqualTo(BatchCheck.Verdict.GOOD);
        }
    }

    @Test
    void everyFlippedBitBehindTheHeadIsFound() {
        ByteBuffer good = batch(Compression.NONE);
        for (int bit = BatchHeader.UNCOVERED_BYTES * 8; bit < good.limit() * 8; bit++) {
            ByteBuffer bad = ByteBuffer.wrap(good.array().clone(), 0, good.limit());
            bad.put(bit / 8, (byte) (bad.get(bit / 8) ^ 1 << bit % 8));
            assertThat(BatchCheck.check(bad)).as("bit " + bit).isEqualTo(BatchCheck.Verdict.CHECKSUM);
        }
    }

    @Test
    void garbageIsNeverGood() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 16) {
                bytes[16] = 2;
            }
            assertThat(BatchCheck.check(ByteBuffer.wrap(bytes)))
                    .as("seed " + seed)
                    .isNotEqualTo(BatchCheck.Verdict.GOOD);
        }
    }

    @Test
    void aStampedBatchIsWhatKafkaReadsAsAppendTime() {
        ByteBuffer batch = batch(Compression.gzip().build());
        BatchCheck.stampAppendTime(batch, 777);
        assertThat(BatchCheck.check(batch)).isEqualTo(BatchCheck.Verdict.GOOD);
        RecordBatch read =
                MemoryRecords.readableRecords(batch).batches().iterator().next();
        read.ensureValid();
        assertThat(read.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(read).allSatisfy(record -> assertThat(record.timestamp()).isEqualTo(777));
    }
}

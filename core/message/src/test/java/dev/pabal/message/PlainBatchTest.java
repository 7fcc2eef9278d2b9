package dev.pabal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.Test;

class PlainBatchTest {
    @Test
    void kafkaReadsWhatWeWriteAndSoDoWe() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            List<byte[]> values = new ArrayList<>();
            for (int i = random.nextInt(300) + 1; i > 0; i--) {
                byte[] value = new byte[random.nextInt(random.nextBoolean() ? 10 : 20_000)];
                random.nextBytes(value);
                values.add(value);
            }
            ByteBuffer batch = PlainBatch.of(values, 4711);
            assertThat(BatchCheck.check(batch)).as("seed " + seed).isEqualTo(BatchCheck.Verdict.GOOD);
            List<byte[]> own = new ArrayList<>();
            PlainBatch.forEachValue(batch, 0, value -> own.add(bytes(value)));
            List<byte[]> kafkas = new ArrayList<>();
            RecordBatch read =
                    MemoryRecords.readableRecords(batch).batches().iterator().next();
            for (Record record : read) {
                assertThat(record.timestamp()).isEqualTo(4711);
                kafkas.add(bytes(record.value()));
            }
            assertThat(own).as("seed " + seed).containsExactlyElementsOf(values);
            assertThat(kafkas).as("seed " + seed).containsExactlyElementsOf(values);
        }
    }

    @Test
    void cutOrForeignBytesAreRefused() {
        ByteBuffer batch = PlainBatch.of(List.of(new byte[100], new byte[50]), 0);
        batch.putInt(8, batch.limit() - BatchHeader.LENGTH_OVERHEAD - 60);
        assertThatThrownBy(() -> PlainBatch.forEachValue(batch, 0, value -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        return bytes;
    }
}

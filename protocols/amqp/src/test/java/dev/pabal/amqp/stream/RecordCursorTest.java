package dev.pabal.amqp.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogRead;
import dev.pabal.message.AmqpRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class RecordCursorTest {
    private static final long SEED = Long.getLong("pabal.seed", System.nanoTime());

    @Test
    void showsEveryRecordOnceFromWhereItWasToldWhateverIsKeptInBetween() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            List<Long> stored = new ArrayList<>();
            FakeRead read = read(random, stored);
            long from = stored.isEmpty() ? 0 : stored.get(random.nextInt(stored.size()));
            RecordCursor cursor = new RecordCursor(read, from);
            AmqpRecord record = new AmqpRecord();

            List<Long> shown = new ArrayList<>();
            long offset;
            while ((offset = cursor.next(record)) >= 0) {
                shown.add(offset);
                assertThat(body(record)).as("seed %d", SEED).isEqualTo("body " + offset);
                if (random.nextInt(4) == 0) {
                    cursor.keep();
                }
            }

            assertThat(shown)
                    .as("seed %d", SEED)
                    .isEqualTo(stored.stream().filter(o -> o >= from).toList());
            assertThat(cursor.nextOffset())
                    .isGreaterThanOrEqualTo(stored.isEmpty() ? from : stored.get(stored.size() - 1) + 1);
            cursor.close();
            assertThat(read.closed).isEqualTo(1);
        }
    }

    private static FakeRead read(Random random, List<Long> stored) {
        List<ByteBuffer> buffers = new ArrayList<>();
        long offset = random.nextInt(100);
        for (int i = random.nextInt(4); i >= 0; i--) {
            List<ByteBuffer> batches = new ArrayList<>();
            for (int b = random.nextInt(3); b >= 0; b--) {
                int records = 1 + random.nextInt(5);
                SimpleRecord[] values = new SimpleRecord[records];
                for (int r = 0; r < records; r++) {
                    stored.add(offset + r);
                    values[r] =
                            new SimpleRecord(1_000L, null, ("body " + (offset + r)).getBytes(StandardCharsets.UTF_8));
                }
                Compression codec = random.nextBoolean()
                        ? Compression.NONE
                        : Compression.gzip().build();
                ByteBuffer batch = MemoryRecords.withRecords(codec, values).buffer();
                batch.putLong(batch.position(), offset);
                batches.add(batch);
                offset = BatchHeader.nextOffset(batch, batch.position()) + random.nextInt(3);
            }
            ByteBuffer all = ByteBuffer.allocate(
                    batches.stream().mapToInt(ByteBuffer::remaining).sum());
            batches.forEach(all::put);
            buffers.add(all.flip());
        }
        return new FakeRead(buffers);
    }

    private static String body(AmqpRecord record) {
        byte[] body = new byte[record.bodyLength()];
        record.buffer().get(record.bodyAt(), body);
        return new String(body, StandardCharsets.UTF_8);
    }

    private static final class FakeRead implements LogRead {
        private final List<ByteBuffer> buffers;
        int closed;

        FakeRead(List<ByteBuffer> buffers) {
            this.buffers = buffers;
        }

        @Override
        public List<ByteBuffer> buffers() {
            return buffers;
        }

        @Override
        public int sizeInBytes() {
            return buffers.stream().mapToInt(ByteBuffer::remaining).sum();
        }

        @Override
        public void close() {
            closed++;
        }
    }
}

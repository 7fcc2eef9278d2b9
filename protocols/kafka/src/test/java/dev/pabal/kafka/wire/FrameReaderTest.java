package dev.pabal.kafka.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.kafka.KafkaMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final int LIMIT = 4 << 20;
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final RequestMemory memory = new RequestMemory(64 << 20, KafkaMetrics.NONE);
    private final FrameReader reader = new FrameReader(allocator, LIMIT, memory);
    private final List<byte[]> taken = new ArrayList<>();

    @AfterEach
    void nothingIsLeftBehind() {
        reader.close();
        assertThat(memory.usedInBytes()).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void requestsAreWhatWasSentHoweverTheyArrive() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        System.out.println("FrameReaderTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            List<byte[]> sent = new ArrayList<>();
            int total = 0;
            for (int i = 0; i < 20; i++) {
                byte[] body = new byte[8 + random.nextInt(random.nextInt(5) == 0 ? 600_000 : 2_000)];
                random.nextBytes(body);
                sent.add(body);
                total += 4 + body.length;
            }
            ByteBuffer bytes = ByteBuffer.allocate(total);
            sent.forEach(body -> bytes.putInt(body.length).put(body));
            bytes.flip();
            taken.clear();
            while (bytes.hasRemaining()) {
                receive(bytes, 1 + random.nextInt(random.nextBoolean() ? 100 : 200_000));
            }
            assertThat(taken).usingElementComparator(Arrays::compare).containsExactlyElementsOf(sent);
        }
    }

    @Test
    void memoryFollowsWhatWasReceived() {
        ByteBuffer length = ByteBuffer.allocate(4).putInt(LIMIT).flip();
        receive(length, 4);
        int received = 4;
        while (received < 1 << 20) {
            receive(ByteBuffer.allocate(1_000), 1_000);
            received += 1_000;
            assertThat(allocator.metric().usedDirectMemory())
                    .isLessThanOrEqualTo(Math.max(FrameReader.FIRST_LARGE_BYTES, 4L * received));
        }
    }

    @Test
    void whatWasShownBeforeIsGivenAtOnce() {
        byte[] body = new byte[1 << 20];
        ByteBuffer twice = ByteBuffer.allocate(2 * (4 + body.length));
        twice.putInt(body.length).put(body).putInt(body.length).put(body).flip();
        while (taken.isEmpty()) {
            receive(twice, 10_000);
        }
        receive(twice, 10_000);
        reader.room();
        assertThat(allocator.metric().usedDirectMemory()).isEqualTo(4 + body.length);
        while (twice.hasRemaining()) {
            receive(twice, 100_000);
        }
        assertThat(taken).hasSize(2);
    }

    @Test
    void aConnectionWithoutARequestUnderWayHoldsNoMemory() {
        receive(
                ByteBuffer.allocate(14)
                        .putInt(10)
                        .putLong(1)
                        .putShort((short) 1)
                        .flip(),
                14);
        assertThat(taken).hasSize(1);
        reader.idle();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void lengthsOutOfBoundsAreRefused() {
        for (int length : new int[] {-1, 0, 7, LIMIT + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            FrameReader one = new FrameReader(allocator, LIMIT, memory);
            one.room().writeInt(length);
            assertThatThrownBy(one::nextWhole).isInstanceOf(BadRequestException.class);
            one.close();
        }
    }

    /** As the socket does: reads into the reader's room, then takes what is whole. */
    private void receive(ByteBuffer from, int atMost) {
        ByteBuf room = reader.room();
        int count = Math.min(Math.min(atMost, from.remaining()), room.writableBytes());
        ByteBuffer part = from.slice(from.position(), count);
        room.writeBytes(part);
        from.position(from.position() + count);
        int size = reader.nextWhole();
        while (size > 0) {
            FrameReader.Frame frame = reader.take(size);
            byte[] body = new byte[frame.length()];
            frame.buffer().getBytes(frame.start(), body);
            taken.add(body);
            frame.buffer().release();
            memory.release(frame.chargedBytes());
            size = reader.nextWhole();
        }
    }
}

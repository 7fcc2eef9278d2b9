package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TimedSetTest {
    private static final int BLOCK_BITS = 16;

    @Test
    void offsetsThatComeAgainComeAtTheirNewTimes() {
        Seeds.each("timed sets", LongStream.of(), 20, TimedSetTest::run);
    }

    private static void run(long seed) {
        Random random = new Random(seed);
        TimedSet set = new TimedSet();
        TreeMap<Long, Long> model = new TreeMap<>();
        int offsets = random.nextBoolean() ? 10 : 20_000;
        for (int step = 0; step < 20_000; step++) {
            long offset = random.nextInt(offsets);
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    long timeMs = random.nextInt(50);
                    set.add(offset, timeMs);
                    model.put(offset, timeMs);
                }
                case 4, 5 -> assertThat(set.remove(offset)).isEqualTo(model.remove(offset) != null);
                default -> pop(set, model);
            }
            assertThat(set.size()).isEqualTo(model.size());
            if (step % 5_000 == 0) {
                set = again(set);
            }
        }
        while (!model.isEmpty()) {
            pop(set, model);
        }
        assertThat(set.first()).isEqualTo(-1);
    }

    private static void pop(TimedSet set, TreeMap<Long, Long> model) {
        if (model.isEmpty()) {
            assertThat(set.firstMs()).isEqualTo(Long.MAX_VALUE);
            return;
        }
        long firstMs = set.firstMs();
        long first = set.first();
        assertThat(model.remove(first)).as("time of %d", first).isEqualTo(firstMs);
        assertThat(model.values().stream().limit(100)).allMatch(timeMs -> timeMs >= firstMs);
        set.removeFirst();
    }

    /** As a checkpoint gives it back. */
    private static TimedSet again(TimedSet set) {
        TimedSet again = new TimedSet();
        for (int block = 0; block <= 20_000 >> BLOCK_BITS; block++) {
            Bytes out = new Bytes(64);
            if (set.write(8, block, out)) {
                ByteBuffer in = out.view();
                in.get();
                again.read(block, in);
            }
        }
        return again;
    }

    @Test
    @Timeout(120)
    void aMillionOffsetsInOneBlockGoAndComeAgainAtLittleCost() {
        TimedSet set = new TimedSet();
        for (int i = 0; i < 1_000_000; i++) {
            long offset = i * 7L & 0xFFFF;
            set.remove(offset);
            set.add(offset, 1000 + i % 997);
        }
        assertThat(set.size()).isEqualTo(1 << BLOCK_BITS);
    }
}

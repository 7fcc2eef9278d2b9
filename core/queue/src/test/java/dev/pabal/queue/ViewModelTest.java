package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Views do what a list does, and come back from every crash. Replays one run with {@code -Dpabal.seed}, told step by step with {@code -Dpabal.trace=true}. */
class ViewModelTest {
    private static final int FIXED_RUNS = 60;
    private static final int RANDOM_RUNS = 20;
    /** They have failed: a mark that nobody asked for, the order after a crash of a queue with a delay. */
    private static final long[] KNOWN = {71, 529, 1184, 1304, 1716};

    @Test
    void viewsDoWhatAListDoes() {
        Long seed = Long.getLong("pabal.seed");
        if (seed != null) {
            run(seed, UnaryOperator.identity());
            return;
        }
        LongStream.concat(LongStream.rangeClosed(1, FIXED_RUNS), LongStream.of(KNOWN))
                .forEach(fixed -> run(fixed, UnaryOperator.identity()));
        long first = new Random().nextInt(1 << 30);
        System.out.println("random runs of views: seeds " + first + " to " + (first + RANDOM_RUNS - 1));
        LongStream.range(first, first + RANDOM_RUNS).forEach(random -> run(random, UnaryOperator.identity()));
    }

    @Test
    void aLostEntryIsNoticed() {
        assertThatThrownBy(() -> {
                    for (int seed = 1; seed <= 20; seed++) {
                        int[] number = {0};
                        ByteBuffer nothing = ByteBuffer.wrap(new byte[] {1});
                        run(seed, entry -> ++number[0] % 7 == 0 ? nothing : entry);
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    private static void run(long seed, UnaryOperator<ByteBuffer> disk) {
        try {
            new ViewRun(seed, disk).steps(300);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("replay with -Dpabal.seed=" + seed, e);
        }
    }
}

package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Views do what a list does, and come back from every crash. For seeds and soaks see {@link Seeds}; {@code -Dpabal.trace=true} tells the steps. */
class ViewModelTest {
    private static final int FIXED_RUNS = 60;
    private static final int RANDOM_RUNS = 20;
    /**
     * They have failed: a mark that nobody asked for, the order after a crash of a queue with a delay; at the queue's time to live, what was given
     * back untouched with a delay and had just become due; after a crash, what was given back like that and never seen.
     */
    private static final long[] KNOWN = {71, 529, 1184, 1304, 1716, 813618426, 813617313, 813617517, 813646594};

    @Test
    void viewsDoWhatAListDoes() {
        LongStream fixed = LongStream.concat(LongStream.rangeClosed(1, FIXED_RUNS), LongStream.of(KNOWN));
        Seeds.each("views", fixed, RANDOM_RUNS, seed -> run(seed, UnaryOperator.identity()));
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
                .isInstanceOfAny(AssertionError.class, RuntimeException.class);
    }

    private static void run(long seed, UnaryOperator<ByteBuffer> disk) {
        new ViewRun(seed, disk).steps(300);
    }
}

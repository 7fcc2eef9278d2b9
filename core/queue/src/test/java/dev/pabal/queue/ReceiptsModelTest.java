package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** FIFO order, ids and visibility with random commands and a clock that only the test moves, over kills at any point. */
class ReceiptsModelTest {
    private static final int FIXED_RUNS = 40;
    private static final int RANDOM_RUNS = 20;
    private static final int STEPS = 300;
    /** Failed once: a deadline that was moved before a restart was not in the checkpoint after it. */
    private static final long MOVED_DEADLINE = 951468773;

    @Test
    void aQueueOfReceiversDoesWhatAListWouldDo() {
        Seeds.each(
                "receipts",
                LongStream.concat(LongStream.rangeClosed(1, FIXED_RUNS), LongStream.of(MOVED_DEADLINE)),
                RANDOM_RUNS,
                seed -> new ReceiptsRun(seed, UnaryOperator.identity()).steps(STEPS));
    }

    @Test
    void aJournalThatLosesEntriesIsConvicted() {
        Random random = new Random(7);
        ByteBuffer nothing = ByteBuffer.wrap(new byte[] {1});
        assertThatThrownBy(() -> {
                    for (int seed = 1; seed <= 5; seed++) {
                        new ReceiptsRun(seed, entry -> random.nextInt(20) == 0 ? nothing.duplicate() : entry)
                                .steps(STEPS);
                    }
                })
                .isInstanceOfAny(AssertionError.class, RuntimeException.class);
    }
}

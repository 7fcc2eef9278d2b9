package dev.pabal.queue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** For seeds and soaks see {@link Seeds}. */
class DedupModelTest {
    private static final int RUNS = 60;

    @Test
    void anIdIsUsedOnceWithinTheWindow() {
        Seeds.each("ids", LongStream.of(), RUNS, seed -> new DedupRun(seed).run());
    }
}

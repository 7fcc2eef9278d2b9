package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Views do what a list does, and come back from every crash. */
class ViewModelTest {
    private static final long SEED = Long.getLong("pabal.seed", 1);

    @Test
    void viewsDoWhatAListDoes() {
        int runs = System.getProperty("pabal.seed") != null ? 1 : 60;
        for (int i = 0; i < runs; i++) {
            run(SEED + i, UnaryOperator.identity());
        }
    }

    @Test
    void aLostEntryIsNoticed() {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 20; i++) {
                        int[] number = {0};
                        ByteBuffer nothing = ByteBuffer.wrap(new byte[] {1});
                        run(SEED + i, entry -> ++number[0] % 7 == 0 ? nothing : entry);
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

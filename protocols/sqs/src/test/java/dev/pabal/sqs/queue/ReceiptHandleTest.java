package dev.pabal.sqs.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReceiptHandleTest {
    private static final UUID QUEUE = new UUID(1, 2);

    @Test
    void aHandleIsReadBackWhole() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            ReceiptHandle handle = new ReceiptHandle(
                    QUEUE, random.nextLong() >>> 1, random.nextInt(), random.nextLong() >>> 1, random.nextInt());
            assertThat(ReceiptHandle.read(handle.encoded(), QUEUE))
                    .as("-Dpabal.seed=%d", seed)
                    .isEqualTo(handle);
        }
    }

    @Test
    void aHandleWithAnotherCharacterIsNone() {
        String good = new ReceiptHandle(QUEUE, 77, 3, 1_700_000_000_000L, 5).encoded();
        for (int i = 0; i < good.length(); i++) {
            char other = good.charAt(i) == 'A' ? 'B' : 'A';
            refused(good.substring(0, i) + other + good.substring(i + 1), QUEUE);
        }
    }

    @Test
    void garbageAndHandlesOfOtherQueuesAreRefused() {
        String good = new ReceiptHandle(QUEUE, 77, 3, 1, 5).encoded();

        for (String bad : List.of("", "garbage", good + "A", good.substring(1), "\u00e9".repeat(60), "*".repeat(60))) {
            refused(bad, QUEUE);
        }
        refused(good, new UUID(1, 3));
    }

    private static void refused(String text, UUID queue) {
        SqsException refused = catchThrowableOfType(SqsException.class, () -> ReceiptHandle.read(text, queue));
        assertThat(refused).as(text).isNotNull();
        assertThat(refused.error()).isEqualTo(SqsError.RECEIPT_HANDLE_IS_INVALID);
        assertThat(refused).hasMessage("The input receipt handle \"" + text + "\" is not a valid receipt handle.");
    }
}

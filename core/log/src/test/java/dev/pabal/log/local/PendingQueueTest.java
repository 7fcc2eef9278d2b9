package dev.pabal.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

class PendingQueueTest {
    private static final int WORTH = 16;

    private final PendingQueue queue = new PendingQueue();

    private void add(int times) {
        for (int i = 0; i < times; i++) {
            queue.add(Pending.barrier());
        }
    }

    @Test
    void whereNothingWaitsNobodyElseIsExpected() {
        assertThat(queue.gather(3, WORTH, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void waitsForAsManyAsCameBefore() {
        add(2);
        assertThat(queue.gather(3, WORTH, Long.MAX_VALUE)).isTrue();
        add(2);
        assertThat(queue.isEnough()).isFalse();
        add(1);
        assertThat(queue.isEnough()).isTrue();
    }

    @Test
    void whatIsTakenIsNotCountedAgain() {
        add(1);
        assertThat(queue.gather(1, WORTH, Long.MAX_VALUE)).isTrue();
        add(1);
        assertThat(queue.swap(new ArrayDeque<>())).hasSize(2);
        assertThat(queue.isEnough()).isFalse();
        add(1);
        assertThat(queue.isEnough()).isFalse();
    }

    @Test
    void whatIsWorthItsSyncWaitsForNothing() {
        add(WORTH);
        assertThat(queue.gather(1, WORTH, Long.MAX_VALUE)).isFalse();
        assertThat(queue.gather(1, WORTH + 5, 0)).isFalse();
    }

    @Test
    void moreThanIsWorthASyncIsNotWaitedFor() {
        add(1);
        assertThat(queue.gather(100, WORTH, Long.MAX_VALUE)).isTrue();
        add(WORTH - 1);
        assertThat(queue.isEnough()).isTrue();
    }
}

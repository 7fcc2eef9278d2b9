package dev.pabal.kafka.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.kafka.KafkaLimits;
import dev.pabal.kafka.KafkaMetrics.Rejection;
import org.junit.jupiter.api.Test;

class ConnectionWatchTest {
    private static final long IDLE_MS = 600_000;
    private static final long SLOW_MS = 30_000;
    private final ConnectionWatch watch =
            new ConnectionWatch(new KafkaLimits(1 << 20, 1 << 20, 1, 1, 1, IDLE_MS, SLOW_MS, 1, 1), 0);

    @Test
    void whoSendsNothingIsIdleAfterItsTime() {
        for (long now = SLOW_MS; now < IDLE_MS; now += SLOW_MS) {
            assertThat(watch.check(now, false, false)).isNull();
        }
        assertThat(watch.check(IDLE_MS, false, false)).isEqualTo(Rejection.IDLE);
    }

    @Test
    void whoWaitsForAnAnswerIsNotIdle() {
        assertThat(watch.check(2 * IDLE_MS, true, false)).isNull();
        assertThat(watch.check(3 * IDLE_MS - 1, false, false)).isNull();
        assertThat(watch.check(3 * IDLE_MS, false, false)).isEqualTo(Rejection.IDLE);
    }

    @Test
    void aRequestThatTricklesInIsGivenUp() {
        watch.received(100, 1);
        assertThat(watch.check(SLOW_MS, false, true)).isNull();
        watch.received(1_000, SLOW_MS + 1);
        assertThat(watch.check(2 * SLOW_MS, false, true)).isEqualTo(Rejection.SLOW);
    }

    @Test
    void aLargeRequestThatComesFastEnoughIsNot() {
        for (int i = 1; i < 20; i++) {
            watch.received(31_000, i * SLOW_MS - 1);
            assertThat(watch.check(i * SLOW_MS, false, true)).isNull();
        }
    }

    @Test
    void manySmallRequestsAreNotOneSlowOne() {
        for (int i = 1; i < 20; i++) {
            watch.received(50, i * SLOW_MS - 1);
            watch.requestTaken();
            assertThat(watch.check(i * SLOW_MS, false, true)).isNull();
        }
    }
}

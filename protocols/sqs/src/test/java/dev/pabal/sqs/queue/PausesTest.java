package dev.pabal.sqs.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.seam.Clock;
import org.junit.jupiter.api.Test;

class PausesTest {
    private long nowMs;

    private final Clock clock = new Clock() {
        @Override
        public long wallMs() {
            throw new AssertionError("the wall's time may jump");
        }

        @Override
        public long monotonicNs() {
            return nowMs * 1_000_000;
        }
    };

    @Test
    void whatHappenedDoesNotHappenAgainAtOnce() {
        Pauses pauses = new Pauses(clock, 60_000);

        assertThat(pauses.begin("a")).isTrue();
        nowMs = 59_999;
        assertThat(pauses.begin("a")).isFalse();
        assertThat(pauses.holds("b")).isFalse();
        nowMs = 60_000;
        assertThat(pauses.begin("a")).isTrue();
        pauses.end("a");
        assertThat(pauses.holds("a")).isFalse();
    }

    @Test
    void onlySoManyAreRemembered() {
        Pauses pauses = new Pauses(clock, 60_000);

        for (int i = 0; i <= 10_000; i++) {
            pauses.begin(i);
        }
        assertThat(pauses.holds(0)).isFalse();
        assertThat(pauses.holds(10_000)).isTrue();
    }

    @Test
    void withoutALengthNothingIsRemembered() {
        Pauses pauses = new Pauses(clock, 0);

        pauses.begin("a");
        assertThat(pauses.holds("a")).isFalse();
    }
}

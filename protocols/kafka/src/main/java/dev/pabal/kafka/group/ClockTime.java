package dev.pabal.kafka.group;

import dev.pabal.log.seam.Clock;
import org.apache.kafka.common.utils.Time;

/** The broker's clock in Kafka's form, so that the coordinator's sense of age is that of the whole broker. Waiting is in real time. */
final class ClockTime implements Time {
    private final Clock clock;

    ClockTime(Clock clock) {
        this.clock = clock;
    }

    @Override
    public long milliseconds() {
        return clock.wallMs();
    }

    @Override
    public long nanoseconds() {
        return clock.monotonicNs();
    }

    @Override
    public void sleep(long ms) {
        Time.SYSTEM.sleep(ms);
    }
}

package dev.pabal.log.segment;

import dev.pabal.log.seam.Clock;

/** Time that moves when a test says so. */
final class ManualClock implements Clock {
    private volatile long nowMs = 1_700_000_000_000L;

    @Override
    public long wallMs() {
        return nowMs;
    }

    @Override
    public long monotonicNs() {
        return nowMs * 1_000_000;
    }

    void advanceMs(long ms) {
        nowMs += ms;
    }
}

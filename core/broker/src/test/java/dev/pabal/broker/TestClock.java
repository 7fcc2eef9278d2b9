package dev.pabal.broker;

import dev.pabal.log.seam.Clock;

/** Moves when told to. */
public final class TestClock implements Clock {
    /** What it shows at first. */
    public static final long START_MS = 1_700_000_000_000L;

    public volatile long nowMs = START_MS;

    @Override
    public long wallMs() {
        return nowMs;
    }

    @Override
    public long monotonicNs() {
        return nowMs * 1_000_000;
    }
}

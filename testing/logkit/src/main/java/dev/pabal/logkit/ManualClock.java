package dev.pabal.logkit;

import dev.pabal.log.seam.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. May be used by any thread. */
public final class ManualClock implements Clock {
    private final AtomicLong wallMs;
    private final AtomicLong monotonicNs = new AtomicLong();

    /** A clock that shows {@code wallMs} milliseconds since 1970. */
    public ManualClock(long wallMs) {
        this.wallMs = new AtomicLong(wallMs);
    }

    @Override
    public long wallMs() {
        return wallMs.get();
    }

    @Override
    public long monotonicNs() {
        return monotonicNs.get();
    }

    /** Lets time pass on both clocks; {@code ms} is not negative. */
    public void advanceMs(long ms) {
        if (ms < 0) {
            throw new IllegalArgumentException("time does not go back: " + ms + " ms; use jumpWallMs");
        }
        monotonicNs.addAndGet(ms * 1_000_000L);
        wallMs.addAndGet(ms);
    }

    /** Moves the wall clock alone, forwards or back, as an administrator or a time service may. */
    public void jumpWallMs(long ms) {
        wallMs.addAndGet(ms);
    }
}

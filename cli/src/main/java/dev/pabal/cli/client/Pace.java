package dev.pabal.cli.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Holds work back to a rate: the n-th piece is due n / rate seconds after the first; what is late is not made up for in a burst. */
public final class Pace {
    private static final long MAX_BURST_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final double stepNs;
    private double dueNs;
    private boolean begun;

    /** @param perSecond pieces a second; 0 or less for as many as go */
    public Pace(double perSecond) {
        this.stepNs = perSecond > 0 ? TimeUnit.SECONDS.toNanos(1) / perSecond : 0;
    }

    /** Waits until the next piece is due. */
    public void await() {
        if (stepNs == 0) {
            return;
        }
        long now = System.nanoTime();
        if (!begun || now - dueNs > MAX_BURST_NS) {
            begun = true;
            dueNs = now;
        }
        while (now - dueNs < 0) {
            LockSupport.parkNanos((long) (dueNs - now));
            now = System.nanoTime();
        }
        dueNs += stepNs;
    }
}

package dev.pabal.broker.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** Warnings that clients can cause: at most {@value #MOST_PER_SECOND} a second are printed, the others are counted in the next one. Any thread. */
public final class QuietLog {
    private static final int MOST_PER_SECOND = 5;
    private static final long SECOND_NS = 1_000_000_000L;

    private final Logger log;
    private final AtomicLong second = new AtomicLong(Long.MIN_VALUE);
    private final AtomicInteger printed = new AtomicInteger();
    private final AtomicInteger hidden = new AtomicInteger();

    /** @param log where they are printed */
    public QuietLog(Logger log) {
        this.log = log;
    }

    /** Prints a warning, or counts it. */
    public void warn(String format, Object... values) {
        long now = System.nanoTime() / SECOND_NS;
        long last = second.get();
        if (last != now && second.compareAndSet(last, now)) {
            printed.set(0);
            int unseen = hidden.getAndSet(0);
            if (unseen > 0) {
                log.warn("{} more warnings like the following were not printed", unseen);
            }
        }
        if (printed.incrementAndGet() <= MOST_PER_SECOND) {
            log.warn(format, values);
        } else {
            hidden.incrementAndGet();
        }
    }
}

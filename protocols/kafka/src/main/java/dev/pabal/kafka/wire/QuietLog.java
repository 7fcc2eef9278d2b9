package dev.pabal.kafka.wire;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warnings that strangers can cause: at most a few a second are printed, the rest are counted in the next one. Any thread. */
final class QuietLog {
    /** Connections refused or closed for what the client did. */
    static final QuietLog REJECTED = new QuietLog(LoggerFactory.getLogger("dev.pabal.kafka.rejected"));

    private static final int MOST_PER_SECOND = 5;

    private final Logger log;
    private final AtomicLong second = new AtomicLong();
    private final AtomicLong printed = new AtomicLong();
    private final AtomicLong suppressed = new AtomicLong();

    private QuietLog(Logger log) {
        this.log = log;
    }

    void warn(String format, Object... values) {
        long now = System.nanoTime() / 1_000_000_000L;
        long last = second.get();
        if (last != now && second.compareAndSet(last, now)) {
            printed.set(0);
            long hidden = suppressed.getAndSet(0);
            if (hidden > 0) {
                log.warn("{} more warnings like the following were not printed", hidden);
            }
        }
        if (printed.incrementAndGet() <= MOST_PER_SECOND) {
            log.warn(format, values);
        } else {
            suppressed.incrementAndGet();
        }
    }
}

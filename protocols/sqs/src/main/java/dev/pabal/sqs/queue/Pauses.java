package dev.pabal.sqs.queue;

import dev.pabal.log.seam.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Remembers for a time what has just happened, so that it does not happen again at once: SQS lets 60 seconds go by between a queue's deletion
 * and the next of its name, and between two purges. Forgotten with a restart. Any thread.
 */
public final class Pauses {
    /** More than that many at once are not remembered: the oldest go first. */
    private static final int MOST = 10_000;

    private final Clock clock;
    private final long lengthNs;
    /** When each ends, in the order of their beginnings, which is that of their ends. */
    private final Map<Object, Long> endsNs = new LinkedHashMap<>();

    public Pauses(Clock clock, long lengthMs) {
        this.clock = clock;
        this.lengthNs = TimeUnit.MILLISECONDS.toNanos(lengthMs);
    }

    /** Begins the pause of {@code what}, unless one holds: then nothing changes and the answer is false. */
    public synchronized boolean begin(Object what) {
        if (holds(what)) {
            return false;
        }
        endsNs.remove(what);
        endsNs.put(what, clock.monotonicNs() + lengthNs);
        Iterator<Object> oldest = endsNs.keySet().iterator();
        while (endsNs.size() > MOST) {
            oldest.next();
            oldest.remove();
        }
        return true;
    }

    /** Ends the pause, where there is one. */
    public synchronized void end(Object what) {
        endsNs.remove(what);
    }

    /** Whether a pause holds. */
    public synchronized boolean holds(Object what) {
        long nowNs = clock.monotonicNs();
        Iterator<Long> oldest = endsNs.values().iterator();
        while (oldest.hasNext() && oldest.next() - nowNs <= 0) {
            oldest.remove();
        }
        return endsNs.containsKey(what);
    }
}

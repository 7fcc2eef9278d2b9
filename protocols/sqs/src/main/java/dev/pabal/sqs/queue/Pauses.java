package dev.pabal.sqs.queue;

import dev.pabal.log.seam.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Remembers for a time what has just happened, so that it does not happen again at once: SQS lets 60 seconds go by between a queue's deletion
 * and the next of its name, and between two purges. Any thread.
 */
public final class Pauses {
    /** More than that many at once are not remembered: the oldest go first. */
    private static final int MOST = 10_000;

    private final Clock clock;
    private final long lengthNs;
    /** When each ends, in the order of their beginnings, which is that of their ends. */
    private final Map<Object, Long> endsNs = new LinkedHashMap<>();

    private final Consumer<Object> over;

    public Pauses(Clock clock, long lengthMs) {
        this(clock, lengthMs, what -> {});
    }

    /** @param over told of each pause that is over or forgotten, when the next call sees that; must not call back */
    Pauses(Clock clock, long lengthMs, Consumer<Object> over) {
        this.clock = clock;
        this.lengthNs = TimeUnit.MILLISECONDS.toNanos(lengthMs);
        this.over = over;
    }

    /** Begins the pause of {@code what}, unless one holds: then nothing changes and the answer is false. */
    public synchronized boolean begin(Object what) {
        if (holds(what)) {
            return false;
        }
        put(what, lengthNs);
        return true;
    }

    /** Goes on with a pause that began before the restart; to be called in the order of their ends, before any begins. */
    synchronized void resume(Object what, long leftMs) {
        put(what, Math.min(lengthNs, TimeUnit.MILLISECONDS.toNanos(leftMs)));
    }

    private void put(Object what, long leftNs) {
        endsNs.remove(what);
        endsNs.put(what, clock.monotonicNs() + leftNs);
        Iterator<Object> oldest = endsNs.keySet().iterator();
        while (endsNs.size() > MOST) {
            over.accept(oldest.next());
            oldest.remove();
        }
    }

    /** Ends the pause, where there is one. */
    public synchronized void end(Object what) {
        endsNs.remove(what);
    }

    /** Whether a pause holds. */
    public synchronized boolean holds(Object what) {
        long nowNs = clock.monotonicNs();
        Iterator<Map.Entry<Object, Long>> oldest = endsNs.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Object, Long> pause = oldest.next();
            if (pause.getValue() - nowNs > 0) {
                break;
            }
            over.accept(pause.getKey());
            oldest.remove();
        }
        return endsNs.containsKey(what);
    }
}

package dev.pabal.kafka.wire;

import dev.pabal.kafka.KafkaMetrics;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The memory that all connections' requests share. Who finds it used up stops reading and is called back when some is given back.
 *
 * <p>Requests are charged as their bytes arrive, so all the memory may be held by requests of which none is whole. One connection at a time
 * may therefore go beyond the bound to complete its request; the most that is used is the bound, one request, and the small buffer into
 * which each connection receives first.
 *
 * <p>Any thread.
 */
final class RequestMemory {
    private final long limitInBytes;
    private final KafkaMetrics metrics;
    private final AtomicLong used = new AtomicLong();
    private final AtomicReference<@Nullable Object> beyond = new AtomicReference<>();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

    RequestMemory(long limitInBytes, KafkaMetrics metrics) {
        this.limitInBytes = limitInBytes;
        this.metrics = metrics;
    }

    /** Takes what is used already; never refused. */
    void charge(long bytes) {
        used.addAndGet(bytes);
        metrics.requestMemory(bytes);
    }

    void release(long bytes) {
        long now = used.addAndGet(-bytes);
        metrics.requestMemory(-bytes);
        if (now < limitInBytes) {
            wake();
        }
    }

    boolean exhausted() {
        return used.get() >= limitInBytes;
    }

    /** Whether {@code owner} may complete its request although the memory is used up; until {@link #finish}. */
    boolean mayGoBeyond(Object owner) {
        return beyond.get() == owner || beyond.compareAndSet(null, owner);
    }

    /** The owner's request is whole or given up. */
    void finish(Object owner) {
        if (beyond.get() == owner) {
            beyond.set(null);
            wake();
        }
    }

    /** Calls {@code resume} once, on any thread, when memory was given back; at once where there is some. */
    void whenAvailable(Runnable resume) {
        synchronized (waiting) {
            waiting.add(resume);
        }
        if (!exhausted()) {
            wake();
        }
    }

    long usedInBytes() {
        return used.get();
    }

    private void wake() {
        while (true) {
            Runnable next;
            synchronized (waiting) {
                next = waiting.poll();
                if (next == null) {
                    return;
                }
            }
            next.run();
        }
    }
}

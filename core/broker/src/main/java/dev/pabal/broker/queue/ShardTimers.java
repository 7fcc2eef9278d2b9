package dev.pabal.broker.queue;

import dev.pabal.broker.Shard;
import dev.pabal.log.seam.Clock;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When a shard's queues have something to do: one timer of the loop for all of them, at the earliest. A queue's earlier entries stay behind
 * when it asks for another time, and are passed over. For the shard's thread.
 */
final class ShardTimers {
    /** Wall clocks jump: no longer than this is slept. */
    private static final long MAX_SLEEP_MS = 1000;

    private record Entry(long dueMs, QueueCore queue) {}

    private final Shard shard;
    private final Clock clock;
    private final Consumer<QueueCore> due;
    private final PriorityQueue<Entry> entries = new PriorityQueue<>((a, b) -> Long.compare(a.dueMs(), b.dueMs()));
    private @Nullable ScheduledFuture<?> timer;
    private long timerMs = Long.MAX_VALUE;
    private boolean closed;

    ShardTimers(Shard shard, Clock clock, Consumer<QueueCore> due) {
        this.shard = shard;
        this.clock = clock;
        this.due = due;
    }

    /** The queue wants to be called at {@code dueMs} (wall time, {@link Long#MAX_VALUE} = not at all), or a little earlier. */
    void update(QueueCore queue, long dueMs) {
        if (dueMs < queue.timerDueMs) {
            queue.timerDueMs = dueMs;
            entries.add(new Entry(dueMs, queue));
            sleepUntil(dueMs);
        }
    }

    private void sleepUntil(long dueMs) {
        if (closed || timer != null && timerMs <= dueMs) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        long nowMs = clock.wallMs();
        long sleepMs = Math.max(0, Math.min(MAX_SLEEP_MS, dueMs - nowMs));
        timerMs = nowMs + sleepMs;
        try {
            timer = shard.loop().schedule(this::wake, sleepMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            closed = true;
        }
    }

    /** Calls every queue whose time has come. */
    void wake() {
        timer = null;
        timerMs = Long.MAX_VALUE;
        long nowMs = clock.wallMs();
        Entry first = entries.peek();
        while (first != null && first.dueMs() <= nowMs) {
            entries.remove();
            if (first.queue().timerDueMs == first.dueMs()) {
                first.queue().timerDueMs = Long.MAX_VALUE;
                due.accept(first.queue());
            }
            first = entries.peek();
        }
        if (first != null) {
            sleepUntil(first.dueMs());
        }
    }

    void close() {
        closed = true;
        entries.clear();
        if (timer != null) {
            timer.cancel(false);
        }
    }
}

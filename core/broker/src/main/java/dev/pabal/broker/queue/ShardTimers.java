package dev.pabal.broker.queue;

import dev.pabal.broker.Shard;
import dev.pabal.log.seam.Clock;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When a shard's queues have something to do: one timer of the loop for all of them, at the earliest. A queue has one entry at most, and
 * none once it is gone: deadlines lie half an hour ahead, and would gather until then. For the shard's thread.
 */
final class ShardTimers {
    /** Wall clocks jump: no longer than this is slept. */
    private static final long MAX_SLEEP_MS = 1000;

    /** @param number tells entries of the same time apart */
    record Entry(long dueMs, long number, QueueCore queue) {}

    private final Shard shard;
    private final Clock clock;
    private final Consumer<QueueCore> due;
    private final TreeSet<Entry> entries =
            new TreeSet<>(Comparator.comparingLong(Entry::dueMs).thenComparingLong(Entry::number));
    private long lastNumber;
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
        Entry before = queue.timer;
        if (closed || queue.isClosed() || dueMs >= (before == null ? Long.MAX_VALUE : before.dueMs())) {
            return;
        }
        forget(queue);
        Entry entry = new Entry(dueMs, ++lastNumber, queue);
        queue.timer = entry;
        entries.add(entry);
        sleepUntil(dueMs);
    }

    /** The queue is not to be called any more. */
    void forget(QueueCore queue) {
        Entry entry = queue.timer;
        if (entry != null) {
            entries.remove(entry);
            queue.timer = null;
        }
    }

    /** How many queues wait for a time. */
    int size() {
        return entries.size();
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
        while (!entries.isEmpty() && entries.first().dueMs() <= nowMs) {
            QueueCore queue = entries.first().queue();
            forget(queue);
            due.accept(queue);
        }
        if (!entries.isEmpty()) {
            sleepUntil(entries.first().dueMs());
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

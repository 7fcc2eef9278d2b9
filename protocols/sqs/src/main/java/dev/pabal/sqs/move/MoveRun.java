package dev.pabal.sqs.move;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.Refusal;
import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.Receipts;
import dev.pabal.broker.queue.ReceiveOptions;
import dev.pabal.log.seam.Clock;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.queue.SqsQueues;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task at work: receives some messages of the source, appends them to where they go, and deletes them at the source once they are durable
 * there. A crash in between leaves a message in both: at least once, never lost. It ends when it has moved as many as were there when it
 * began, so that what fails at its destination and comes back is not moved round for ever. One step follows another on timers; nothing
 * waits, and at most {@value #MOST_MESSAGES} messages of {@value #MOST_BYTES} bytes together are on their way.
 */
final class MoveRun {
    private static final Logger LOG = LoggerFactory.getLogger(MoveRun.class);

    static final int MOST_MESSAGES = 100;
    static final int MOST_BYTES = 1 << 20;

    /** Long enough for an append on a disk that is slow; then others may have them again. */
    private static final long HIDDEN_MS = 30_000;

    /** How long a step waits at most for messages that are hidden: a task that is cancelled ends soon. */
    private static final long WAIT_MS = 1_000;

    /** A task with a rate takes so many steps per second where it can. */
    private static final int STEPS_PER_SECOND = 10;

    private final SqsQueues queues;
    private final Clock clock;
    private final ScheduledExecutorService timers;
    private final Consumer<MoveTask> ended;
    /** Until then, nothing there does not mean that all are moved: some may still be hidden from before the restart. */
    private final long patientUntilMs;

    private MoveTask task;

    /**
     * @param resumed whether the task was at work when the process ended
     * @param timers runs the steps
     * @param ended told once, when the task is not active any more; on any thread
     */
    MoveRun(
            MoveTask task,
            boolean resumed,
            SqsQueues queues,
            Clock clock,
            ScheduledExecutorService timers,
            Consumer<MoveTask> ended) {
        this.task = task;
        this.patientUntilMs = resumed ? clock.wallMs() + HIDDEN_MS + WAIT_MS : 0;
        this.queues = queues;
        this.clock = clock;
        this.timers = timers;
        this.ended = ended;
    }

    /** The task as it stands. Any thread. */
    synchronized MoveTask task() {
        return task;
    }

    /** Asks it to stop: what is on its way arrives. False where it is not running. Any thread. */
    synchronized boolean cancel() {
        if (task.status() != MoveTask.Status.RUNNING) {
            return false;
        }
        task = task.with(MoveTask.Status.CANCELLING, null);
        return true;
    }

    /** Begins; any thread. */
    void start() {
        next(0);
    }

    private void next(long delayMs) {
        try {
            timers.schedule(this::step, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            rest(e);
        }
    }

    private void step() {
        MoveTask now = task();
        if (now.status() == MoveTask.Status.CANCELLING) {
            end(MoveTask.Status.CANCELLED, null);
            return;
        }
        if (now.left() == 0) {
            end(MoveTask.Status.COMPLETED, null);
            return;
        }
        SqsQueue source = queues.findByArn(now.sourceArn());
        if (source == null) {
            end(MoveTask.Status.FAILED, MovedBatches.NO_QUEUE);
            return;
        }
        long beganMs = clock.wallMs();
        long waitMs = Math.max(0, Math.min(WAIT_MS, patientUntilMs - beganMs));
        ReceiveOptions options = new ReceiveOptions(stepMessages(now), MOST_BYTES, HIDDEN_MS, waitMs);
        source.queue().receive(options).answer().whenComplete((deliveries, error) -> {
            if (error != null) {
                fail(error);
            } else if (deliveries != null) {
                move(deliveries, beganMs);
            } else if (waitMs > 0) {
                next(0);
            } else {
                end(MoveTask.Status.COMPLETED, null);
            }
        });
    }

    private static int stepMessages(MoveTask task) {
        int most = task.maxPerSecond() == 0 ? MOST_MESSAGES : Math.max(1, task.maxPerSecond() / STEPS_PER_SECOND);
        return (int) Math.min(most, task.left());
    }

    private void move(Deliveries deliveries, long beganMs) {
        MessageQueue source = deliveries.queue();
        int count = deliveries.size();
        Receipts receipts = receipts(deliveries);
        CompletableFuture<Void> moved;
        try (deliveries) {
            MovedBatches batches = new MovedBatches(queues, task().destinationArn(), clock.wallMs());
            batches.add(deliveries);
            moved = batches.publish();
        } catch (RuntimeException e) {
            moved = CompletableFuture.failedFuture(e);
        }
        moved.thenCompose(durable -> source.delete(receipts)).whenComplete((outcomes, error) -> {
            if (error == null) {
                count(count);
                pause(count, beganMs);
            } else {
                giveBack(source, receipts);
                fail(error);
            }
        });
    }

    private static Receipts receipts(Deliveries deliveries) {
        long[] offsets = new long[deliveries.size()];
        int[] generations = new int[deliveries.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = deliveries.offset(i);
            generations[i] = deliveries.generation(i);
        }
        return new Receipts(offsets, generations);
    }

    /** They are visible again at once, not only when their time has run out. */
    private void giveBack(MessageQueue source, Receipts receipts) {
        long[] untilMs = new long[receipts.offsets().length];
        Arrays.fill(untilMs, clock.wallMs());
        source.extend(receipts, untilMs).exceptionally(error -> {
            LOG.debug(
                    "messages of queue {} stay hidden for a while: {}",
                    source.definition().name(),
                    error.toString());
            return null;
        });
    }

    private synchronized void count(int moved) {
        task = task.moved(moved);
    }

    /** With a rate, the next step waits as long as what was moved may take. */
    private void pause(int moved, long beganMs) {
        int rate = task().maxPerSecond();
        long tookMs = Math.max(0, clock.wallMs() - beganMs);
        next(rate == 0 ? 0 : Math.max(0, moved * 1000L / rate - tookMs));
    }

    private void fail(Throwable error) {
        Throwable cause = Cause.of(error);
        if (cause instanceof RejectedExecutionException
                || cause instanceof BrokerException refused && refused.refusal() == Refusal.SHUTTING_DOWN) {
            rest(cause);
            return;
        }
        String reason = reason(cause);
        LOG.warn(
                "move task {} of {} failed, what was not moved is still there, start another task once this is mended: {}",
                task().id(),
                task().sourceArn(),
                cause instanceof MoveFailure ? reason : cause.toString());
        end(MoveTask.Status.FAILED, reason);
    }

    /** The broker ends: the task is stored as running, and goes on at the next start. */
    private void rest(Throwable why) {
        LOG.debug("move task {} rests until the next start: {}", task().id(), why.getMessage());
    }

    private static String reason(Throwable cause) {
        if (cause instanceof MoveFailure) {
            return String.valueOf(cause.getMessage());
        }
        return cause instanceof BrokerException refused ? refused.refusal().name() : "InternalFailure";
    }

    private void end(MoveTask.Status status, @Nullable String failure) {
        MoveTask last;
        synchronized (this) {
            task = task.with(status, failure);
            last = task;
        }
        ended.accept(last);
    }
}

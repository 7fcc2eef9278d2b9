package dev.pabal.broker.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Consumers that were cancelled while messages were ready for them and waited for the disk only: what was published before a cancel still goes
 * to the consumer, so that they stay until it did, but not for long. For the shard's thread.
 */
final class Partings {
    /** A disk that takes longer is in trouble; what it holds back stays in the queue. */
    static final long PATIENCE_MS = 5000;

    /** @param until how many messages it has been handed at most: what waits may be a backlog */
    private record Parting(ConsumerSlot slot, CompletableFuture<Void> answer, long untilMs, long until) {}

    private final Consumers consumers;
    private final Deliverer deliverer;
    /** In the order in which they came, which is that of their ends. */
    private final ArrayDeque<Parting> waiting = new ArrayDeque<>(0);

    Partings(Consumers consumers, Deliverer deliverer) {
        this.consumers = consumers;
        this.deliverer = deliverer;
    }

    /** Cancels the consumer as soon as it has all that was there for it. */
    void part(ConsumerSlot slot, CompletableFuture<Void> answer, long nowMs) {
        Parting parting = new Parting(slot, answer, nowMs + PATIENCE_MS, slot.delivered + Deliverer.MESSAGES_PER_TURN);
        if (waits(parting, nowMs)) {
            waiting.add(parting);
        } else {
            cancel(parting);
        }
    }

    /** Whether something is withheld that it could be handed: not from others only, while it has no credit or is not active. */
    private boolean waits(Parting parting, long nowMs) {
        ConsumerSlot slot = parting.slot();
        boolean patient = nowMs < parting.untilMs() && slot.delivered < parting.until();
        return patient && deliverer.isWithholding() && consumers.isServed(slot);
    }

    /** Cancels those who have all that was there for them, or have waited long enough. */
    void process(long nowMs) {
        if (waiting.isEmpty()) {
            return;
        }
        List<Parting> done = new ArrayList<>();
        waiting.removeIf(parting -> !waits(parting, nowMs) && done.add(parting));
        done.forEach(this::cancel);
    }

    /** What they wait for does not come soon. */
    void hurry() {
        while (!waiting.isEmpty()) {
            cancel(waiting.remove());
        }
    }

    private void cancel(Parting parting) {
        consumers.cancel(parting.slot());
        parting.answer().complete(null);
    }

    /** The queue has ended. */
    void fail(RuntimeException why) {
        while (!waiting.isEmpty()) {
            waiting.remove().answer().completeExceptionally(why);
        }
    }

    /** When the first of them has waited long enough. */
    long nextDueMs() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.element().untilMs();
    }
}

package dev.pabal.broker.queue;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * Consumers that were cancelled while messages were ready for them and waited for the disk only: what was published before a cancel still goes
 * to the consumer, so that they stay until it did, but not for long. For the shard's thread.
 */
final class Partings {
    /** A disk that takes longer is in trouble; what it holds back stays in the queue. */
    static final long PATIENCE_MS = 5000;

    private record Parting(ConsumerSlot slot, CompletableFuture<Void> answer, long untilMs) {}

    private final Consumers consumers;
    private final Deliverer deliverer;
    /** In the order in which they came, which is that of their ends. */
    private final ArrayDeque<Parting> waiting = new ArrayDeque<>(0);

    Partings(Consumers consumers, Deliverer deliverer) {
        this.consumers = consumers;
        this.deliverer = deliverer;
    }

    void add(ConsumerSlot slot, CompletableFuture<Void> answer, long nowMs) {
        waiting.add(new Parting(slot, answer, nowMs + PATIENCE_MS));
    }

    /** Cancels those who have all that was there for them, or have waited long enough. */
    void process(long nowMs) {
        while (!waiting.isEmpty()
                && (!deliverer.isWithholding() || waiting.element().untilMs() <= nowMs)) {
            cancelFirst();
        }
    }

    /** What they wait for does not come soon. */
    void hurry() {
        while (!waiting.isEmpty()) {
            cancelFirst();
        }
    }

    private void cancelFirst() {
        Parting parting = waiting.remove();
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

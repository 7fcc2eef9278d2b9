package dev.pabal.broker.queue;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.Refusal;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A consumer's place in its queue. Its fields are the shard's thread's; its methods anybody's. */
final class ConsumerSlot implements MessageQueue.Subscription {
    /** What was delivered and not yet written, in bytes of records, beyond which deliveries wait. */
    static final long WINDOW_BYTES = 256 << 10;

    private final QueueRuntime queue;
    final ConsumerOptions options;
    final QueueConsumer consumer;
    /** As the view and the dispatcher know it. */
    final int number;
    /** What is gathered for it in this turn. */
    @Nullable
    DeliveryBatch batch;

    /** How many messages it was handed. */
    long delivered;

    long windowBytes;
    boolean paused;
    /** Delivers no more. */
    boolean cancelled;

    boolean closed;
    private volatile boolean active;

    ConsumerSlot(QueueRuntime queue, ConsumerOptions options, QueueConsumer consumer, int number) {
        this.queue = queue;
        this.options = options;
        this.consumer = consumer;
        this.number = number;
    }

    @Override
    public void credit(int messages) {
        queue.run(core -> core.consumers().credit(this, messages));
    }

    @Override
    public void written(long bytes) {
        queue.run(core -> core.consumers().written(this, bytes));
    }

    @Override
    public CompletableFuture<Void> cancel() {
        return queue.<Void>ask((core, answer) -> core.part(this, answer))
                .exceptionallyCompose(failure -> isOfNoQueue(failure)
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(failure));
    }

    /** What is gone delivers no more: somebody was faster, and the consumer learns that otherwise. */
    private static boolean isOfNoQueue(Throwable failure) {
        return Cause.of(failure) instanceof BrokerException refused && refused.refusal() == Refusal.NOT_FOUND;
    }

    @Override
    public void close() {
        queue.run(core -> core.consumers().close(this));
    }

    @Override
    public boolean active() {
        return active;
    }

    void active(boolean nowActive) {
        active = nowActive;
    }
}

package dev.pabal.broker.queue;

import dev.pabal.broker.Partition.Produced;
import java.util.concurrent.CompletableFuture;

/** What a running queue asks of those around it. Any thread. */
interface QueueHost {
    /** Moves the start of the queue's log: what lies before it is settled. */
    void trim(QueueRuntime queue, long offset);

    /** The last consumer of an auto-delete queue has gone. */
    void unused(QueueRuntime queue);

    /** Nobody used the queue for as long as its settings say. */
    void expired(QueueRuntime queue);

    /** Appends the batch, or, where the queue is full, dead-letters its messages. */
    CompletableFuture<Produced> orDeadLetter(QueueRuntime queue, PublishBatch batch);

    /** Where dead messages go. */
    DeadLetterRoutes deadLetterRoutes();
}

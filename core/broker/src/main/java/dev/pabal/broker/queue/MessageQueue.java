package dev.pabal.broker.queue;

import dev.pabal.broker.Partition;
import dev.pabal.catalog.Queue;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One queue: its log, its view, its consumers.
 *
 * <p>Threads: every method may be called by any thread and never waits. What touches the view runs on the queue's shard, in the order in
 * which one thread calls; so what one connection asks for happens in its order. Every command first looks at the log's durable end itself:
 * whoever calls after an append was durable finds it counted. Futures complete on any thread, the shard's or a store's.
 */
public interface MessageQueue {
    UUID id();

    /** What was declared, as the catalog has it now. */
    Queue definition();

    /** What holds now: arguments and policies together. */
    QueueSettings settings();

    /** Somebody has declared the queue, which was there already: it counts as used, and its expiry begins anew. */
    void declaredAgain();

    /** Its log as a partition, which Kafka clients may see too. */
    Partition partition();

    /**
     * Appends messages. Completes when durable by the log's promise; fails with {@code Refusal.QUEUE_FULL} where a limit with
     * {@code reject-publish} is reached: then none of the batch was taken.
     */
    CompletableFuture<Partition.Produced> publish(PublishBatch batch);

    /** Begins to deliver. Fails where the queue is exclusively consumed by another ({@code Refusal.ACCESS_REFUSED}), or being deleted. */
    CompletableFuture<Subscription> subscribe(ConsumerOptions options, QueueConsumer consumer);

    /**
     * Hands out one message, null where none is ready.
     *
     * @param noAck it is settled in the same moment
     * @param holder from {@link #newHolder}: who has it until it is settled
     */
    CompletableFuture<@Nullable Deliveries> get(boolean noAck, Holder holder);

    /** Somebody who may hold messages without being subscribed. */
    Holder newHolder();

    /** Ends what {@link Deliveries} has begun. Those that are not in flight any more with that generation are passed over. */
    void settle(Settlement settlement);

    /** Settles all that is ready; completes with how many, when that is durable. */
    CompletableFuture<Long> purge();

    CompletableFuture<QueueStatus> status();

    /** How many messages are in flight, as of a moment ago; 0 before the queue was used. */
    long inFlight();

    /**
     * Receives messages that come back by themselves at a deadline ("visibility"); waits for them where asked to, first come first served.
     * What has groups comes in order, one receiver at a time; several of one group may come at once. Consumers and receivers share a queue.
     */
    Reception receive(ReceiveOptions options);

    /** Deletes what was received. Completes when that is durable, with what became of each. */
    CompletableFuture<List<Receipts.Outcome>> delete(Receipts receipts);

    /**
     * Moves the deadlines of what was received; completes when that is durable, with what became of each. Where groups are not ordered, an
     * earlier receiving of a message does as well as the last, as in SQS's standard queues.
     *
     * @param untilMs wall times; one that is not after now makes the message visible at once, which counts as a failed delivery
     */
    CompletableFuture<List<Receipts.Outcome>> extend(Receipts receipts, long[] untilMs);

    /**
     * Publishes those messages whose id is new within the queue's deduplication window; the window counts from the first publish, survives
     * restarts and the deletion of the message. Completes, when all are durable, with the offset of each, for a duplicate its original's.
     * Fails with {@code Refusal.QUEUE_FULL} where the window can take no more ids.
     */
    CompletableFuture<long[]> publishOnce(OnceBatch batch);

    /** Settles everything, also what is in flight or delayed, and forgets deduplication ids; completes when that is durable. */
    CompletableFuture<Void> clear();

    /** Copies of up to {@code limit} ready messages in delivery order, without touching them. */
    CompletableFuture<List<PeekedMessage>> peek(int limit);

    /**
     * Marks the queue as about to be deleted; from here on it takes no consumers. Completes with its ready messages; fails with
     * {@code Refusal.PRECONDITION_FAILED} where a condition does not hold.
     */
    CompletableFuture<Long> retire(boolean ifUnused, boolean ifEmpty);

    /** The deletion that {@link #retire} announced did not come about: consumers are taken again. */
    void reinstate();

    /** Who may hold messages: a subscription, or a channel that gets messages one by one. */
    interface Holder {
        /** Gives back all that it still holds, as {@code dev.pabal.queue.Return#FAILED} or untouched, and ends. */
        void close();
    }

    /**
     * A consumer's place in the queue. Thread rules as for the queue.
     *
     * <p>Two bounds hold deliveries back: credit in messages, which the protocol gives (prefetch), and a window in bytes, so that a slow
     * connection holds no memory: what was delivered and not yet {@link #written} is at most about 256 KiB and one message.
     */
    interface Subscription extends Holder {
        /** Allows {@code messages} more deliveries. */
        void credit(int messages);

        /** The connection has sent deliveries that count {@code bytes} ({@link Deliveries#windowBytes}): as much may follow. */
        void written(long bytes);

        /** Delivers what is there already, then no more; what is in flight stays so. Completes when no further delivery will come. */
        CompletableFuture<Void> cancel();

        /** Whether it is, or may be, the active one of a queue with a single active consumer. */
        boolean active();
    }
}

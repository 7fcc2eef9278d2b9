package dev.pabal.broker.queue;

/** Takes messages. Called on the queue's shard's thread; must be short and must not throw. */
public interface QueueConsumer {
    /** Messages for this consumer; must be closed, by any thread, once they are encoded. */
    void deliver(Deliveries deliveries);

    /** The queue delivers no more here. */
    void cancelled(Reason reason);

    /** Why a consumer was cancelled. */
    enum Reason {
        /** The queue was deleted. */
        DELETED,
        /** A message stayed unsettled for too long. */
        TIMED_OUT,
        /** The queue's log failed. */
        FAILED
    }
}

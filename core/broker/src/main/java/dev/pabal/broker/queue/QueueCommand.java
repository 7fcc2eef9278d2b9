package dev.pabal.broker.queue;

/** Something to be done with a queue on its shard's thread. */
@FunctionalInterface
interface QueueCommand {
    void run(QueueCore core);

    /** The queue is gone, cannot be read, or the broker stops: it will not be done. */
    default void refused(RuntimeException why) {}
}

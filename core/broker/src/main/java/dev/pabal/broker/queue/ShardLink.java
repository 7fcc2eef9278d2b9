package dev.pabal.broker.queue;

import dev.pabal.broker.Shard;

/** The way onto a shard's thread. */
record ShardLink(Shard shard) {
    int index() {
        return shard.index();
    }

    boolean isCurrent() {
        return shard.isCurrent();
    }

    /** Runs the task on the shard's thread, after what it does now. Throws {@code RejectedExecutionException} where that has ended. */
    void post(Runnable task) {
        shard.loop().execute(task);
    }

    /** As {@link #post}, from the shard's own thread. */
    void soon(Runnable task) {
        shard.loop().execute(task);
    }
}

package dev.pabal.broker;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;

/**
 * A fixed share of the logs, with one thread for what belongs in one order: an event loop that the server lends to it. The catalog's changes
 * and timers run there; batches are appended by whoever received them, under their partition's lock. The number of shards is written at the
 * store's creation; which loop runs which shard is decided anew at each start.
 */
public final class Shard {
    private final int index;
    private final ScheduledExecutorService loop;
    private final BooleanSupplier inLoop;

    /**
     * @param index number of the shard, from 0
     * @param loop the one thread that runs it
     * @param inLoop whether the calling thread is that thread
     */
    public Shard(int index, ScheduledExecutorService loop, BooleanSupplier inLoop) {
        this.index = index;
        this.loop = loop;
        this.inLoop = inLoop;
    }

    public int index() {
        return index;
    }

    /** Whether the calling thread is the shard's own. */
    public boolean isCurrent() {
        return inLoop.getAsBoolean();
    }

    /** Runs the task on the shard's thread: at once where this is that thread. */
    public void execute(Runnable task) {
        if (inLoop.getAsBoolean()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** The shard's thread, for timers. */
    public ScheduledExecutorService loop() {
        return loop;
    }
}

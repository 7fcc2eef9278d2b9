package dev.pabal.queue;

import java.nio.ByteBuffer;

/**
 * What a view wants done. The runtime calls the view, the view calls back into this during the same call, on the same thread; nothing here
 * may call the view again.
 */
public interface ViewEffects {
    /**
     * Keep this entry: in order, and durable soon. The view is told by {@link QueueView#journalDurable} with the number returned here.
     *
     * @param entry from position to limit; valid during the call only
     * @return number of the entry, growing; 0 where nothing needs to outlive the process: then it counts as durable at once
     */
    long journal(ByteBuffer entry);

    /**
     * The message is dead and there are dead-letter targets: append it there, then call {@link QueueView#deadLettered}. Called again for each
     * such message after a restart.
     *
     * @param deliveries how often its delivery failed
     */
    void dead(long offset, DeadReason reason, int deliveries);

    /** A message comes back by itself, because its holder has kept it beyond the deadline. */
    default void overdue(int holder) {}

    /** There may be more to hand out than before: dispatch. May be called often; the runtime gathers. */
    void ready();
}

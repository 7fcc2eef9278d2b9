package dev.pabal.amqp.channel;

import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.Settlement;
import dev.pabal.broker.queue.Settlement.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Where deliveries of a channel came from, and where their settlements go. Those of one read are gathered and handed over at once. On the
 * connection's event loop.
 */
public abstract class Origin {
    private final Link link;
    private @Nullable Settlement open;
    /** Whether the link will come for what is gathered: once, however often something is handed over before. */
    private boolean listed;

    Origin(Link link) {
        this.link = link;
    }

    Link link() {
        return link;
    }

    /** The queue, null for deliveries that no queue made. */
    abstract @Nullable MessageQueue queue();

    /** Whether its deliveries count towards the prefetch that a channel's consumers share. */
    boolean consumes() {
        return false;
    }

    /** Adds to a settlement what its kind of origin gives back with it. */
    void complete(Settlement settlement) {}

    void settle(Outcome outcome, long offset, int generation) {
        Settlement now = open;
        if (now == null || now.outcome() != outcome) {
            handOver();
            now = new Settlement(outcome);
            open = now;
            if (!listed) {
                listed = true;
                link.settling(this);
            }
        }
        now.add(offset, generation);
    }

    /** The link has come for what was gathered, and forgets the origin until something is gathered again. */
    public void collect() {
        listed = false;
        handOver();
    }

    /** Hands what was gathered to the queue. */
    void handOver() {
        Settlement full = open;
        MessageQueue queue = queue();
        if (full != null && queue != null) {
            open = null;
            complete(full);
            queue.settle(full);
        }
    }
}

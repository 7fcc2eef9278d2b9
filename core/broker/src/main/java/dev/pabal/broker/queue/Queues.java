package dev.pabal.broker.queue;

import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The running queues. Any thread. */
public interface Queues {
    /** The queue, null where there is none of that name that is settled from (streams are read as partitions). */
    @Nullable
    MessageQueue find(String vhost, String name);

    @Nullable
    MessageQueue find(UUID id);

    Collection<MessageQueue> all();
}

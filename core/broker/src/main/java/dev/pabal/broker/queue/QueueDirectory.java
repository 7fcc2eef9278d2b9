package dev.pabal.broker.queue;

import dev.pabal.catalog.Queue;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * What running queues ask of, and tell, those who know how queues were declared. The topology implements it. Any thread; never waits.
 */
public interface QueueDirectory {
    /** What holds for a queue by its arguments and the policies of the moment. Also for one whose creation is being shown. */
    QueueSettings settings(Queue queue);

    /**
     * Calls back with each queue whose settings have changed, on the catalog's thread, after the change that made them so.
     *
     * @param listener short; gets the queue and what holds for it now
     */
    void onSettingsChanged(BiConsumer<Queue, QueueSettings> listener);

    /** The last consumer of an auto-delete queue has gone: the queue goes, where it still has none by then. */
    void unused(UUID queueId);

    /** Nobody used the queue for {@link QueueSettings#expiresMs}: it goes, where nobody consumes from it by then. */
    void expired(UUID queueId);
}

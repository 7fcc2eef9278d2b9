package dev.pabal.broker.queue;

import dev.pabal.broker.Partition;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where dead messages go by the exchanges and bindings of the moment. Any thread; never waits. */
interface DeadLetterRoutes {
    /** The places that the message goes to, each once. Empty where there is no such exchange, or no route. */
    Collection<Target> route(String vhost, Letter.Content message);

    /** Whether messages published to the exchange may be held back by a header {@code x-delay}. */
    boolean delays(String vhost, String exchange);

    /**
     * A place that messages go to.
     *
     * @param queue null where it is a partition of a topic that no queue settles from
     * @param delayMs how long a delayed exchange on the way holds the message back
     */
    record Target(@Nullable QueueRuntime queue, QueuePartition partition, long delayMs) {
        CompletableFuture<Partition.Produced> publish(PublishBatch batch) {
            return queue == null ? partition.publish(batch) : queue.publish(batch);
        }
    }
}

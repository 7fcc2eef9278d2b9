package dev.pabal.broker.queue;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Somebody receives, or waits to. Any thread. */
public interface Reception {
    /**
     * Completes with what was received, once that is durable, so that deadlines, counts and group locks survive a crash; with null where
     * there was nothing within the time. On the shard's thread or a store's. Whoever gets {@link Deliveries} closes them.
     */
    CompletableFuture<@Nullable Deliveries> answer();

    /** Whoever waited is gone: nothing will be handed out here any more, and what already was comes back at once. */
    void cancel();
}

package dev.pabal.broker;

import dev.pabal.log.Append;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way: into the log, to durability, and from the store's thread to whoever asked. One object plays all parts, so that a
 * batch costs few. Whoever asked hands over to a thread of its own anyway, and a hop between is one more thread to wake.
 */
final class PendingProduce extends CompletableFuture<Partition.Produced>
        implements BiConsumer<@Nullable Void, @Nullable Throwable> {
    private final ByteBuffer batch;
    private @Nullable Runnable released;
    private Partition.@Nullable Produced produced;
    private @Nullable Throwable failure;

    PendingProduce(ByteBuffer batch, @Nullable Runnable released) {
        this.batch = batch;
        this.released = released;
    }

    ByteBuffer batch() {
        return batch;
    }

    /** The log takes the buffer over, and with it the duty to release it. */
    @Nullable
    Runnable takeReleased() {
        Runnable taken = released;
        released = null;
        return taken;
    }

    /** The log did not take the buffer after all. */
    void giveBack(@Nullable Runnable duty) {
        released = duty;
    }

    /** Appended: answers when durable. */
    void await(Append append, Partition.Produced answer) {
        produced = answer;
        if (append.durable().isDone() && !append.durable().isCompletedExceptionally()) {
            finish();
        } else {
            append.durable().whenComplete(this);
        }
    }

    /** Refused, or answered without an append. */
    void finish(Partition.@Nullable Produced answer, @Nullable Throwable refusal) {
        produced = answer;
        failure = refusal;
        finish();
    }

    /** On a thread of the store. */
    @Override
    public void accept(@Nullable Void nothing, @Nullable Throwable error) {
        failure = error == null ? null : LogFailures.refusal(error);
        finish();
    }

    private void finish() {
        Runnable duty = takeReleased();
        if (duty != null) {
            duty.run();
        }
        if (failure != null) {
            completeExceptionally(failure);
        } else {
            complete(produced);
        }
    }
}

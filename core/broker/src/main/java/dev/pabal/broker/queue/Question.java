package dev.pabal.broker.queue;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A command with an answer. */
final class Question<T extends @Nullable Object> extends CompletableFuture<T> implements QueueCommand {
    private final BiConsumer<QueueCore, Question<T>> work;

    /** @param work completes the question, at once or later */
    Question(BiConsumer<QueueCore, Question<T>> work) {
        this.work = work;
    }

    @Override
    public void run(QueueCore core) {
        try {
            work.accept(core, this);
        } catch (RuntimeException e) {
            completeExceptionally(e);
        }
    }

    @Override
    public void refused(RuntimeException why) {
        completeExceptionally(why);
    }
}

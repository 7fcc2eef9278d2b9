package dev.pabal.sqs.action;

import dev.pabal.catalog.VirtualHost;
import dev.pabal.sqs.queue.SqsQueue;
import java.util.concurrent.CompletableFuture;

/** Deletes a queue with its messages; its name rests for a minute then. */
final class DeleteQueue implements Action {
    private final QueueActions shared;

    DeleteQueue(QueueActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "DeleteQueue";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        return shared.redriveTo(queue.storedName(), false)
                .thenCompose(nobodysDeadLetterQueue -> delete(queue))
                .thenApply(messages -> {
                    shared.deletions().begin(queue.storedName());
                    return Reply.EMPTY;
                });
    }

    private CompletableFuture<Long> delete(SqsQueue queue) {
        CompletableFuture<Long> deleted = shared.topology()
                .deleteQueue(VirtualHost.DEFAULT, queue.storedName(), false, false, QueueActions.NO_CONNECTION);
        return deleted.exceptionallyCompose(
                error -> shared.redriveTo(queue.storedName(), true).thenCompose(asBefore -> deleted));
    }
}

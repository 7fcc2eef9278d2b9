package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.LastingPauses;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.concurrent.CompletableFuture;

/** Deletes all messages of a queue, also those in flight or delayed; once a minute. */
final class PurgeQueue implements Action {
    private static final long WAIT_MS = 60_000;

    private final QueueActions shared;
    private final LastingPauses purges;

    PurgeQueue(QueueActions shared) {
        this.shared = shared;
        this.purges = new LastingPauses(shared.broker(), "sqs-purges", WAIT_MS);
    }

    @Override
    public String name() {
        return "PurgeQueue";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        String id = queue.queue().id().toString();
        if (!purges.begin(id)) {
            throw new SqsException(
                    SqsError.PURGE_QUEUE_IN_PROGRESS,
                    "Only one PurgeQueue operation on " + queue.name() + " is allowed every 60 seconds.");
        }
        return queue.queue()
                .clear()
                .whenComplete((done, error) -> {
                    if (error != null) {
                        purges.end(id);
                    }
                })
                .thenApply(done -> Reply.EMPTY);
    }
}

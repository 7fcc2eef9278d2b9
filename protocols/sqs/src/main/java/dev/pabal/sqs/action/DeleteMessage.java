package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.SqsException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Deletes a message that was received. */
final class DeleteMessage implements Action {
    private final MessageActions shared;

    DeleteMessage(MessageActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "DeleteMessage";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        Deletion deletion = Deletion.read(call.parameters(), queue);
        if (!shared.isLive(deletion.handle(), queue)) {
            return CompletableFuture.completedFuture(Reply.EMPTY);
        }
        shared.touched(deletion.handle(), queue);
        return queue.queue()
                .delete(MessageActions.receipts(List.of(deletion.handle())))
                .thenApply(outcomes -> {
                    SqsException refusal = deletion.refusal(queue, outcomes.get(0));
                    if (refusal != null) {
                        throw refusal;
                    }
                    return Reply.EMPTY;
                });
    }
}

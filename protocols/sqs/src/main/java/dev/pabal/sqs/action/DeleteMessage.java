package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.ReceiptHandle;
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
        String text = call.parameters().required("ReceiptHandle");
        ReceiptHandle handle = Deletions.handle(text, queue);
        if (!shared.isLive(handle, queue)) {
            return CompletableFuture.completedFuture(Reply.EMPTY);
        }
        shared.attempts().touched(queue.queue().id(), handle.offset());
        return queue.queue().delete(MessageActions.receipts(List.of(handle))).thenApply(outcomes -> {
            SqsException refusal = Deletions.refusal(queue, outcomes.get(0), text);
            if (refusal != null) {
                throw refusal;
            }
            return Reply.EMPTY;
        });
    }
}

package dev.pabal.sqs.action;

import dev.pabal.broker.queue.Receipts;
import dev.pabal.sqs.queue.ReceiptHandle;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.Parameters;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Deletes up to ten messages that were received. */
final class DeleteMessageBatch implements Action {
    private final MessageActions shared;

    DeleteMessageBatch(MessageActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "DeleteMessageBatch";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        return new BatchEntries(call.parameters(), name())
                .perform(
                        entry -> deletion(entry, queue),
                        deletions -> delete(deletions, queue),
                        (deletion, outcome) -> deletion.refusal(queue, outcome));
    }

    /** What an entry asks for, null where that can do nothing any more. */
    private @Nullable Deletion deletion(Parameters entry, SqsQueue queue) {
        Deletion deletion = Deletion.read(entry, queue);
        if (!shared.isLive(deletion.handle(), queue)) {
            return null;
        }
        shared.touched(deletion.handle(), queue);
        return deletion;
    }

    private static CompletableFuture<List<Receipts.Outcome>> delete(List<Deletion> deletions, SqsQueue queue) {
        List<ReceiptHandle> handles = deletions.stream().map(Deletion::handle).toList();
        return queue.queue().delete(MessageActions.receipts(handles));
    }
}

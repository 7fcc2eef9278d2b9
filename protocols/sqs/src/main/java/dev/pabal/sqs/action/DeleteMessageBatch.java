package dev.pabal.sqs.action;

import dev.pabal.broker.queue.Receipts;
import dev.pabal.sqs.queue.ReceiptHandle;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.SqsException;
import java.util.ArrayList;
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
        BatchEntries entries = new BatchEntries(call.parameters(), name());
        List<ReceiptHandle> handles = new ArrayList<>(entries.size());
        int[] entryOf = new int[entries.size()];
        for (int i = 0; i < entries.size(); i++) {
            ReceiptHandle handle = handle(entries, i, queue);
            if (handle != null) {
                entryOf[handles.size()] = i;
                handles.add(handle);
                shared.attempts().touched(queue.queue().id(), handle.offset());
            }
        }
        if (handles.isEmpty()) {
            return CompletableFuture.completedFuture(entries);
        }
        return queue.queue().delete(MessageActions.receipts(handles)).thenApply(outcomes -> {
            for (int i = 0; i < outcomes.size(); i++) {
                settle(entries, entryOf[i], queue, outcomes.get(i));
            }
            return entries;
        });
    }

    /** The handle of an entry, null where its fate is known already. */
    private @Nullable ReceiptHandle handle(BatchEntries entries, int entry, SqsQueue queue) {
        try {
            ReceiptHandle handle = Deletions.handle(entries.get(entry).required("ReceiptHandle"), queue);
            if (shared.isLive(handle, queue)) {
                return handle;
            }
            entries.succeeded(entry, BatchEntries.Members.NONE);
        } catch (SqsException e) {
            entries.failed(entry, e);
        }
        return null;
    }

    private static void settle(BatchEntries entries, int entry, SqsQueue queue, Receipts.Outcome outcome) {
        SqsException refusal =
                Deletions.refusal(queue, outcome, entries.get(entry).required("ReceiptHandle"));
        if (refusal == null) {
            entries.succeeded(entry, BatchEntries.Members.NONE);
        } else {
            entries.failed(entry, refusal);
        }
    }
}

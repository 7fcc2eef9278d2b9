package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.SqsException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Says how long from now up to ten received messages stay hidden. */
final class ChangeMessageVisibilityBatch implements Action {
    private final MessageActions shared;

    ChangeMessageVisibilityBatch(MessageActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "ChangeMessageVisibilityBatch";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        BatchEntries entries = new BatchEntries(call.parameters(), name());
        List<VisibilityChange> changes = new ArrayList<>(entries.size());
        int[] entryOf = new int[entries.size()];
        for (int i = 0; i < entries.size(); i++) {
            VisibilityChange change = change(entries, i, queue);
            if (change != null) {
                entryOf[changes.size()] = i;
                changes.add(change);
                shared.attempts().touched(queue.queue().id(), change.handle().offset());
            }
        }
        return changes.isEmpty()
                ? CompletableFuture.completedFuture(entries)
                : extend(queue, entries, changes, entryOf);
    }

    private @Nullable VisibilityChange change(BatchEntries entries, int entry, SqsQueue queue) {
        try {
            VisibilityChange change = VisibilityChange.read(
                    entries.get(entry), queue, shared.clock().wallMs());
            if (shared.isLive(change.handle(), queue)) {
                return change;
            }
            entries.failed(entry, VisibilityChange.notInFlight());
        } catch (SqsException e) {
            entries.failed(entry, e);
        }
        return null;
    }

    private static CompletableFuture<Reply> extend(
            SqsQueue queue, BatchEntries entries, List<VisibilityChange> changes, int[] entryOf) {
        long[] untilMs = changes.stream().mapToLong(VisibilityChange::untilMs).toArray();
        List<dev.pabal.sqs.queue.ReceiptHandle> handles =
                changes.stream().map(VisibilityChange::handle).toList();
        return queue.queue().extend(MessageActions.receipts(handles), untilMs).thenApply(outcomes -> {
            for (int i = 0; i < outcomes.size(); i++) {
                SqsException refusal = changes.get(i).refusal(queue, outcomes.get(i));
                if (refusal == null) {
                    entries.succeeded(entryOf[i], BatchEntries.Members.NONE);
                } else {
                    entries.failed(entryOf[i], refusal);
                }
            }
            return entries;
        });
    }
}

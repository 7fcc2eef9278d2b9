package dev.pabal.sqs.action;

import dev.pabal.broker.queue.Receipts;
import dev.pabal.sqs.queue.ReceiptHandle;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.Parameters;
import java.util.List;
import java.util.concurrent.CompletableFuture;

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
        return new BatchEntries(call.parameters(), name())
                .perform(
                        entry -> change(entry, queue),
                        changes -> extend(changes, queue),
                        (change, outcome) -> change.refusal(queue, outcome));
    }

    private VisibilityChange change(Parameters entry, SqsQueue queue) {
        VisibilityChange change =
                VisibilityChange.read(entry, queue, shared.clock().wallMs());
        if (!shared.isLive(change.handle(), queue)) {
            throw VisibilityChange.notInFlight();
        }
        shared.touched(change.handle(), queue);
        return change;
    }

    private static CompletableFuture<List<Receipts.Outcome>> extend(List<VisibilityChange> changes, SqsQueue queue) {
        long[] untilMs = changes.stream().mapToLong(VisibilityChange::untilMs).toArray();
        List<ReceiptHandle> handles =
                changes.stream().map(VisibilityChange::handle).toList();
        return queue.queue().extend(MessageActions.receipts(handles), untilMs);
    }
}

package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.SqsException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Says how long from now a received message stays hidden; 0 = it comes back at once. */
final class ChangeMessageVisibility implements Action {
    private final MessageActions shared;

    ChangeMessageVisibility(MessageActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "ChangeMessageVisibility";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        VisibilityChange change =
                VisibilityChange.read(call.parameters(), queue, shared.clock().wallMs());
        if (!shared.isLive(change.handle(), queue)) {
            throw VisibilityChange.notInFlight();
        }
        shared.touched(change.handle(), queue);
        long[] untilMs = {change.untilMs()};
        return queue.queue()
                .extend(MessageActions.receipts(List.of(change.handle())), untilMs)
                .thenApply(outcomes -> {
                    SqsException refusal = change.refusal(queue, outcomes.get(0));
                    if (refusal != null) {
                        throw refusal;
                    }
                    return Reply.EMPTY;
                });
    }
}

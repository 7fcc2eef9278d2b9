package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.Permissions;
import dev.pabal.sqs.queue.SqsQueue;
import java.util.concurrent.CompletableFuture;

/** Takes a statement out of a queue's policy. */
final class RemovePermission implements Action {
    private final QueueActions shared;

    RemovePermission(QueueActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "RemovePermission";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        String label = call.parameters().required("Label");
        Permissions.checkLabel(label);
        String arn = queue.arn();
        return shared.changePolicy(queue, policy -> Permissions.remove(policy, arn, label));
    }
}

package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.Permissions;
import dev.pabal.sqs.queue.SqsQueue;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Adds a statement to a queue's policy. */
final class AddPermission implements Action {
    private final QueueActions shared;

    AddPermission(QueueActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "AddPermission";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        String label = call.parameters().required("Label");
        List<String> accounts = call.parameters().texts("AWSAccountIds");
        List<String> actions = call.parameters().texts("Actions");
        Permissions.checkLabel(label);
        Permissions.check(accounts, actions);
        String arn = queue.arn();
        return shared.changePolicy(queue, policy -> Permissions.add(policy, arn, label, accounts, actions));
    }
}

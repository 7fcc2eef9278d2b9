package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.SqsQueues;
import java.util.concurrent.CompletableFuture;

/** Says the URL of a queue. */
final class GetQueueUrl implements Action {
    private final QueueActions shared;

    GetQueueUrl(QueueActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "GetQueueUrl";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueues queues = shared.queues();
        String name = call.parameters().required("QueueName");
        String owner = call.parameters().text("QueueOwnerAWSAccountId");
        if (owner != null && !owner.equals(queues.settings().account())) {
            throw SqsQueues.missing();
        }
        String url = queues.url(call.baseUrl(), queues.named(name).name());
        return CompletableFuture.completedFuture(out -> out.text("QueueUrl", url));
    }
}

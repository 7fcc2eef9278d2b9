package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.SqsQueues;
import dev.pabal.sqs.realm.Realm;
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
        String name = call.parameters().required("QueueName");
        String owner = call.parameters().text("QueueOwnerAWSAccountId");
        if (owner != null && !Realm.isAccount(owner)) {
            throw SqsQueues.missing();
        }
        Realm realm = owner == null ? call.realm() : call.realm().inAccount(owner);
        String url =
                realm.url(call.baseUrl(), shared.queues().named(realm, name).name());
        return CompletableFuture.completedFuture(out -> out.text("QueueUrl", url));
    }
}

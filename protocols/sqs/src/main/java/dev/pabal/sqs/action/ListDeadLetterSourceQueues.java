package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.SqsQueue;
import java.util.concurrent.CompletableFuture;

/** Lists the queues whose dead letters go to a queue. */
final class ListDeadLetterSourceQueues implements Action {
    private final QueueActions shared;

    ListDeadLetterSourceQueues(QueueActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "ListDeadLetterSourceQueues";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        Page page = Page.of(call.parameters(), after -> shared.deadLetters().sources(queue.storedName()).stream());
        String baseUrl = call.baseUrl();
        return CompletableFuture.completedFuture(out -> {
            out.beginList("queueUrls", "QueueUrl");
            page.names().forEach(name -> out.element(shared.queues().url(baseUrl, name)));
            out.end();
            String token = page.nextToken();
            if (token != null) {
                out.text("NextToken", token);
            }
        });
    }
}

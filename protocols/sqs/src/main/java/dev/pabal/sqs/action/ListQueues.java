package dev.pabal.sqs.action;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Lists the queues of the caller's realm by their URLs, in the order of their names. */
final class ListQueues implements Action {
    private final QueueActions shared;

    ListQueues(QueueActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "ListQueues";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        String prefix = Objects.requireNonNullElse(call.parameters().text("QueueNamePrefix"), "");
        Page page = Page.of(call.parameters(), after -> shared.queues().stored(call.realm(), prefix, after));
        String baseUrl = call.baseUrl();
        return CompletableFuture.completedFuture(out -> {
            if (!page.names().isEmpty()) {
                out.beginList("QueueUrls", "QueueUrl");
                page.names().forEach(name -> out.element(shared.queues().url(baseUrl, name)));
                out.end();
            }
            String token = page.nextToken();
            if (token != null) {
                out.text("NextToken", token);
            }
        });
    }
}

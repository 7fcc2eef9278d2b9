package dev.pabal.sqs.action;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Lists a queue's tags. */
final class ListQueueTags implements Action {
    private final QueueActions shared;

    ListQueueTags(QueueActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "ListQueueTags";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        Map<String, String> tags = shared.description(shared.of(call)).tags();
        return CompletableFuture.completedFuture(out -> {
            if (!tags.isEmpty()) {
                out.beginMap("Tags", "Tag", "Key", "Value");
                tags.forEach(out::entry);
                out.end();
            }
        });
    }
}

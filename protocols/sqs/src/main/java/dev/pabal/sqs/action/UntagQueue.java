package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.SqsQueue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Takes tags off a queue; those that are not on it are passed over. */
final class UntagQueue implements Action {
    private final QueueActions shared;

    UntagQueue(QueueActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "UntagQueue";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        List<String> keys = call.parameters().texts("TagKeys");
        return shared.redescribe(queue, before -> {
            Map<String, String> tags = new LinkedHashMap<>(before.tags());
            keys.forEach(tags::remove);
            return before.withTags(tags);
        });
    }
}

package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.queue.Tags;
import dev.pabal.sqs.wire.SqsException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Puts tags on a queue; one of the same key is replaced. */
final class TagQueue implements Action {
    private final QueueActions shared;

    TagQueue(QueueActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "TagQueue";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        Map<String, String> tags = call.parameters().textMap("Tags");
        if (tags == null) {
            throw SqsException.missing("Tags");
        }
        return shared.redescribe(queue, before -> before.withTags(Tags.with(before.tags(), tags)));
    }
}

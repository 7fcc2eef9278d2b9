package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.AttributeRules;
import dev.pabal.sqs.queue.QueueAttribute;
import dev.pabal.sqs.queue.QueueAttributes;
import dev.pabal.sqs.queue.SqsArguments;
import dev.pabal.sqs.queue.SqsDescription;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.SqsException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Sets attributes of a queue; those that are not named stay. */
final class SetQueueAttributes implements Action {
    private final QueueActions shared;

    SetQueueAttributes(QueueActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "SetQueueAttributes";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        Map<String, String> said = call.parameters().textMap("Attributes");
        if (said == null) {
            throw SqsException.missing("Attribute.Name");
        }
        boolean fifo = queue.attributes().fifo();
        Map<QueueAttribute, String> accepted = AttributeRules.accept(said, fifo);
        AttributeRules.checkTogether(QueueAttributes.of(
                AttributeRules.merge(shared.description(queue).attributes(), accepted)));
        String target = shared.deadLetters().target(accepted, queue.realm(), queue.name(), fifo);
        long nowS = shared.nowS();
        return shared.changeArguments(queue, before -> {
            SqsDescription was = SqsDescription.of(before);
            SqsDescription is = new SqsDescription(
                    AttributeRules.merge(was.attributes(), accepted), was.tags(), was.createdS(), nowS);
            return SqsArguments.changed(before, is, accepted.keySet(), target);
        });
    }
}

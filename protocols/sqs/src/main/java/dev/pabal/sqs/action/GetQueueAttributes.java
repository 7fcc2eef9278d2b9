package dev.pabal.sqs.action;

import dev.pabal.broker.queue.QueueStatus;
import dev.pabal.sqs.queue.AttributeRules;
import dev.pabal.sqs.queue.QueueAttribute;
import dev.pabal.sqs.queue.SqsDescription;
import dev.pabal.sqs.queue.SqsQueue;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Shows attributes of a queue: those that were named, or all. */
final class GetQueueAttributes implements Action {
    private static final String ALL = "All";

    private static final Set<QueueAttribute> COUNTS =
            EnumSet.of(QueueAttribute.MESSAGES, QueueAttribute.MESSAGES_NOT_VISIBLE, QueueAttribute.MESSAGES_DELAYED);

    private final QueueActions shared;

    GetQueueAttributes(QueueActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "GetQueueAttributes";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        Set<QueueAttribute> wanted = wanted(call.parameters().texts("AttributeNames"));
        Map<QueueAttribute, String> known = known(queue);
        if (wanted.stream().noneMatch(COUNTS::contains)) {
            return CompletableFuture.completedFuture(reply(wanted, known));
        }
        return queue.queue().status().thenApply(status -> {
            count(known, status);
            return reply(wanted, known);
        });
    }

    private static Set<QueueAttribute> wanted(List<String> names) {
        Set<QueueAttribute> wanted = EnumSet.noneOf(QueueAttribute.class);
        for (String name : names) {
            QueueAttribute attribute = QueueAttribute.of(name);
            if (name.equals(ALL)) {
                wanted.addAll(EnumSet.allOf(QueueAttribute.class));
            } else if (attribute == null) {
                throw AttributeRules.unknown(name);
            } else {
                wanted.add(attribute);
            }
        }
        return wanted;
    }

    private Map<QueueAttribute, String> known(SqsQueue queue) {
        Map<QueueAttribute, String> known = new EnumMap<>(QueueAttribute.class);
        known.putAll(queue.attributes().values());
        known.put(QueueAttribute.QUEUE_ARN, queue.arn());
        SqsDescription description = shared.description(queue);
        if (description.createdS() >= 0) {
            known.put(QueueAttribute.CREATED, Long.toString(description.createdS()));
        }
        if (description.modifiedS() >= 0) {
            known.put(QueueAttribute.LAST_MODIFIED, Long.toString(description.modifiedS()));
        }
        return known;
    }

    private static void count(Map<QueueAttribute, String> known, QueueStatus status) {
        known.put(QueueAttribute.MESSAGES, Long.toString(status.ready()));
        known.put(QueueAttribute.MESSAGES_NOT_VISIBLE, Long.toString(status.inFlight()));
        known.put(QueueAttribute.MESSAGES_DELAYED, Long.toString(status.delayed()));
    }

    private static Reply reply(Set<QueueAttribute> wanted, Map<QueueAttribute, String> known) {
        known.keySet().retainAll(wanted);
        return out -> {
            if (!known.isEmpty()) {
                out.beginMap("Attributes", "Attribute", "Name", "Value");
                known.forEach((attribute, value) -> out.entry(attribute.label(), value));
                out.end();
            }
        };
    }
}

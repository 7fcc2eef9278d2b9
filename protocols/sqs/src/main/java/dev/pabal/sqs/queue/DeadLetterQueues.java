package dev.pabal.sqs.queue;

import dev.pabal.catalog.Queue;
import dev.pabal.sqs.wire.SqsException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which queue is whose dead-letter queue. Any thread. */
public final class DeadLetterQueues {
    private static final String TARGET_INVALID = "Invalid value for deadLetterTargetArn.";

    private final SqsQueues queues;

    public DeadLetterQueues(SqsQueues queues) {
        this.queues = queues;
    }

    /**
     * The queue that the redrive policy among these attributes names; null where there is none, or it is taken away.
     *
     * @param source the queue whose policy it is
     * @param fifo whether that is a FIFO queue
     */
    public @Nullable String target(Map<QueueAttribute, String> accepted, String source, boolean fifo) {
        String text = accepted.getOrDefault(QueueAttribute.REDRIVE_POLICY, "");
        if (text.isEmpty()) {
            return null;
        }
        RedrivePolicy policy = RedrivePolicy.parse(text);
        if (!isQueueArn(policy.targetArn())) {
            throw RedrivePolicy.invalid(text, TARGET_INVALID);
        }
        SqsQueue target = queues.findByArn(policy.targetArn());
        if (target == null) {
            throw RedrivePolicy.invalid(text, "Dead letter target does not exist.");
        }
        if (target.attributes().fifo() != fifo) {
            throw RedrivePolicy.invalid(text, "Dead-letter queue must be same type of queue as the source.");
        }
        if (!target.attributes().allowsRedriveFrom(queues.arn(source))) {
            throw RedrivePolicy.invalid(text, "Queue " + target.name() + " does not allow this queue as its source.");
        }
        return target.name();
    }

    private static boolean isQueueArn(String arn) {
        String[] parts = arn.split(":", -1);
        return parts.length == 6 && parts[0].equals("arn") && parts[2].equals("sqs") && !parts[5].isEmpty();
    }

    /** The names of the queues whose dead letters go there, in order. */
    public List<String> sources(String target) {
        String arn = queues.arn(target);
        return queues.definitions().stream()
                .filter(queue -> arn.equals(targetArn(queue)))
                .map(Queue::name)
                .toList();
    }

    /** The names of queues that are there, and are named by redrive policies out of force. */
    public Set<String> withoutEffect() {
        Set<String> targets = new TreeSet<>();
        for (Queue queue : queues.definitions()) {
            String arn = SqsArguments.sendsDeadLetters(queue.arguments()) ? null : targetArn(queue);
            SqsQueue target = arn == null ? null : queues.findByArn(arn);
            if (target != null) {
                targets.add(target.name());
            }
        }
        return targets;
    }

    private static @Nullable String targetArn(Queue queue) {
        String text = SqsDescription.attribute(queue.arguments(), QueueAttribute.REDRIVE_POLICY);
        try {
            return text == null ? null : RedrivePolicy.parse(text).targetArn();
        } catch (SqsException e) {
            return null; // declared by an AMQP client: what it says of itself is no policy
        }
    }
}

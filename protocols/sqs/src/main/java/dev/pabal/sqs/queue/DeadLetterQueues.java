package dev.pabal.sqs.queue;

import dev.pabal.broker.Broker;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.VirtualHost;
import dev.pabal.sqs.realm.Realm;
import dev.pabal.sqs.wire.SqsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which queue is whose dead-letter queue: read once at the start, and again of each queue that changes, so that nobody has to look at all queues
 * to know. Any thread.
 */
public final class DeadLetterQueues {
    private static final String TARGET_INVALID = "Invalid value for deadLetterTargetArn.";

    private final SqsQueues queues;
    /** Where queues send their dead letters, by the queues' ids; guarded by this object, as is the other one. */
    private final Map<UUID, Redrive> redrives = new HashMap<>();
    /** The stored names of those that send there, by ARN. */
    private final Map<String, TreeSet<String>> sources = new HashMap<>();

    private record Redrive(String source, String targetArn) {}

    public DeadLetterQueues(Broker broker, SqsQueues queues) {
        this.queues = queues;
        broker.onCatalogChange((before, after, changes) -> changed(after, changes));
        synchronized (this) {
            // What was heard of before is in this image too: it is shown before anybody hears of it.
            queues.all().forEach(queue -> put(queue.id(), queue));
        }
    }

    private synchronized void changed(CatalogImage image, List<CatalogChange> changes) {
        for (CatalogChange change : changes) {
            if (change instanceof CatalogChange.QueueCreated c) {
                put(c.queue().id(), image.queue(c.queue().id()));
            } else if (change instanceof CatalogChange.QueueArgumentsSet c) {
                put(c.queueId(), image.queue(c.queueId()));
            } else if (change instanceof CatalogChange.QueueDeleted c) {
                put(c.queueId(), null);
            }
        }
    }

    /** What is known of the queue from now on; null where it is gone. */
    private void put(UUID id, @Nullable Queue queue) {
        Redrive before = redrives.remove(id);
        if (before != null) {
            TreeSet<String> names = sources.getOrDefault(before.targetArn(), new TreeSet<>());
            names.remove(before.source());
            if (names.isEmpty()) {
                sources.remove(before.targetArn());
            }
        }
        boolean ours = queue != null && queue.vhost().equals(VirtualHost.DEFAULT) && SqsQueues.visible(queue);
        String arn = ours ? targetArn(queue) : null;
        if (arn != null) {
            redrives.put(id, new Redrive(queue.name(), arn));
            sources.computeIfAbsent(arn, key -> new TreeSet<>()).add(queue.name());
        }
    }

    /**
     * The stored name of the queue that the redrive policy among these attributes names; null where there is none, or it is taken away. It
     * must be one of the same region and account.
     *
     * @param realm whose the queue is
     * @param source the queue whose policy it is
     * @param fifo whether that is a FIFO queue
     */
    public @Nullable String target(Map<QueueAttribute, String> accepted, Realm realm, String source, boolean fifo) {
        String text = accepted.getOrDefault(QueueAttribute.REDRIVE_POLICY, "");
        if (text.isEmpty()) {
            return null;
        }
        RedrivePolicy policy = RedrivePolicy.parse(text);
        if (!isQueueArn(policy.targetArn())) {
            throw RedrivePolicy.invalid(text, TARGET_INVALID);
        }
        SqsQueue target = queues.findByArn(policy.targetArn());
        if (target == null || !target.realm().region().equals(realm.region())) {
            throw RedrivePolicy.invalid(text, "Dead letter target does not exist.");
        }
        if (!target.realm().equals(realm)) {
            throw RedrivePolicy.invalid(text, "Dead-letter target owner should be same as the source.");
        }
        if (target.attributes().fifo() != fifo) {
            throw RedrivePolicy.invalid(text, "Dead-letter queue must be same type of queue as the source.");
        }
        if (!target.attributes().allowsRedriveFrom(realm.arn(source))) {
            throw RedrivePolicy.invalid(text, "Queue " + target.name() + " does not allow this queue as its source.");
        }
        return target.storedName();
    }

    private static boolean isQueueArn(String arn) {
        String[] parts = arn.split(":", -1);
        return parts.length == 6 && parts[0].equals("arn") && parts[2].equals("sqs") && !parts[5].isEmpty();
    }

    /** The stored names of the queues whose dead letters go to the one of that stored name, in order. */
    public synchronized List<String> sources(String target) {
        return List.copyOf(sources.getOrDefault(queues.arn(target), new TreeSet<>()));
    }

    /** The stored names of queues that are there, and are named by redrive policies out of force; a look at all queues. */
    public Set<String> withoutEffect() {
        Set<String> targets = new TreeSet<>();
        for (Queue queue : (Iterable<Queue>) queues.all()::iterator) {
            String arn = SqsArguments.sendsDeadLetters(queue.arguments()) ? null : targetArn(queue);
            SqsQueue target = arn == null ? null : queues.findByArn(arn);
            if (target != null) {
                targets.add(target.storedName());
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

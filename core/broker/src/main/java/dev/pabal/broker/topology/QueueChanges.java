package dev.pabal.broker.topology;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.Topic;
import dev.pabal.catalog.VirtualHost;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides on declaring queues: RabbitMQ's rules and words ({@code rabbit_channel}, {@code rabbit_amqqueue}), and what a queue's name means
 * to Kafka. On the catalog's thread.
 */
final class QueueChanges {
    private final TopicSpace topics;

    QueueChanges(TopicSpace topics) {
        this.topics = topics;
    }

    Planned<Queue> declare(CatalogImage image, QueueDeclaration said) {
        VirtualHost host = VhostLimits.existing(image, said.vhost());
        QueueDeclaration wanted = QueueArguments.typed(said, host.defaultQueueType());
        String name = Names.strip(wanted.name());
        boolean serverNamed = name.isEmpty();
        if (!serverNamed) {
            // RabbitMQ refuses reserved names here also where the queue is there.
            Names.checkNew("queue", name);
            Queue existing = find(image, wanted.vhost(), name);
            if (existing != null && !mayLookAt(image, existing, wanted)) {
                // SQS gives its queues a type, whatever the virtual host has for others.
                checkEquivalent(image, existing, QueueArguments.isOfSqs(existing) ? said : wanted);
                return Planned.unchanged(existing);
            }
        }
        String chosen = serverNamed ? Names.generated("amq.gen") : name;
        String what = Names.queue(wanted.vhost(), chosen);
        Queue.Type type = QueueArguments.type(wanted.arguments(), what);
        if (serverNamed && type != Queue.Type.CLASSIC) {
            throw new BrokerException(
                    Refusal.PRECONDITION_FAILED, "Cannot declare a server-named queue for type " + type.module());
        }
        QueueArguments.check(type, wanted.arguments(), what);
        checkProperties(type, wanted, what);
        VhostLimits.checkQueues(image, wanted.vhost(), chosen);
        Queue queue = create(image, wanted, chosen, type, serverNamed);
        return new Planned<>(List.of(new CatalogChange.QueueCreated(queue)), queue);
    }

    private Queue create(
            CatalogImage image, QueueDeclaration wanted, String name, Queue.Type type, boolean serverNamed) {
        Topic topic = wanted.vhost().equals(VirtualHost.DEFAULT) ? topic(image, name) : null;
        boolean named =
                !serverNamed && wanted.vhost().equals(VirtualHost.DEFAULT) && wanted.stored() && !wanted.autoDelete();
        if (topic != null && named) {
            return shared(topic, wanted, type);
        }
        String alias = named && topics.free(image, name) ? name : null;
        if (alias != null) {
            topics.taken(alias);
        }
        return new Queue(
                UUID.randomUUID(),
                wanted.vhost(),
                name,
                alias,
                type,
                type == Queue.Type.STREAM ? Queue.View.NONE : Queue.View.OWNER,
                wanted.stored(),
                wanted.autoDelete(),
                wanted.exclusive() ? wanted.connection() : null,
                wanted.arguments(),
                topics.nextShard());
    }

    /** Other arguments for a queue that is there. */
    static Planned<Queue> change(
            CatalogImage image, String vhost, String name, UnaryOperator<Map<String, Object>> change) {
        String what = Names.queue(vhost, name);
        Queue queue = image.vhost(vhost) == null ? null : image.queue(vhost, name);
        if (queue == null) {
            throw Names.notFound(what);
        }
        Map<String, Object> arguments = change.apply(queue.arguments());
        if (arguments.equals(queue.arguments())) {
            return Planned.unchanged(queue);
        }
        QueueArguments.check(queue.type(), arguments, what);
        QueueArguments.checkChange(queue, arguments, what);
        return new Planned<>(
                List.of(new CatalogChange.QueueArgumentsSet(queue.id(), arguments, queue.stored())),
                queue.with(arguments));
    }

    /** A queue goes, and its topic with it. */
    void released(Queue queue) {
        String topic = queue.topic();
        if (topic != null && queue.view() != Queue.View.SHARED) {
            topics.released(topic);
        }
    }

    /** A queue over a topic that was there before: settles for itself, and takes nothing away. */
    private static Queue shared(Topic topic, QueueDeclaration wanted, Queue.Type type) {
        if (topic.partitions() != 1) {
            throw new BrokerException(
                    Refusal.PRECONDITION_FAILED,
                    Names.queue(wanted.vhost(), topic.name()) + " is a topic with " + topic.partitions()
                            + " partitions: declare it with x-queue-type stream, or bind an exchange to it");
        }
        return new Queue(
                UUID.randomUUID(),
                wanted.vhost(),
                topic.name(),
                topic.name(),
                type,
                Queue.View.SHARED,
                true,
                false,
                null,
                wanted.arguments(),
                topic.firstShard());
    }

    /** Whether what is there is a plain topic, and a queue that settles is to look at it. */
    private static boolean mayLookAt(CatalogImage image, Queue existing, QueueDeclaration wanted) {
        boolean stream = "stream".equals(wanted.arguments().get("x-queue-type"));
        return isPlainTopic(image, existing) && !stream;
    }

    private static void checkProperties(Queue.Type type, QueueDeclaration wanted, String what) {
        if (type == Queue.Type.CLASSIC) {
            return;
        }
        if (wanted.exclusive()) {
            throw invalidProperty("exclusive-owner", what);
        }
        if (!wanted.durable()) {
            throw invalidProperty("non-durable", what);
        }
        if (wanted.autoDelete()) {
            throw invalidProperty("auto-delete", what);
        }
    }

    private static BrokerException invalidProperty(String property, String what) {
        return new BrokerException(Refusal.PRECONDITION_FAILED, "invalid property '" + property + "' for " + what);
    }

    private static void checkEquivalent(CatalogImage image, Queue existing, QueueDeclaration wanted) {
        String what = Names.queue(existing.vhost(), existing.name());
        UUID owner = existing.exclusiveTo();
        boolean same = owner == null ? !wanted.exclusive() : wanted.exclusive() && owner.equals(wanted.connection());
        if (!same) {
            throw locked(what);
        }
        ArgumentText.checkField(existing.durable(), wanted.stored(), what, "durable");
        ArgumentText.checkField(existing.autoDelete(), wanted.autoDelete(), what, "auto_delete");
        // A type that nobody knows is said as such, also where the queue is there.
        QueueArguments.type(wanted.arguments(), what);
        if (isPlainTopic(image, existing)) {
            ArgumentText.checkArgument(existing.arguments(), wanted.arguments(), what, "x-queue-type");
        } else {
            QueueArguments.checkEquivalent(existing, wanted.arguments(), what);
        }
    }

    /** Fails where the queue is another connection's alone. */
    static void checkAccess(Queue queue, UUID connection) {
        UUID owner = queue.exclusiveTo();
        if (owner != null && !owner.equals(connection)) {
            throw locked(Names.queue(queue.vhost(), queue.name()));
        }
    }

    private static BrokerException locked(String what) {
        return new BrokerException(
                Refusal.RESOURCE_LOCKED,
                "cannot obtain exclusive access to locked " + what
                        + ". It could be originally declared on another connection or the exclusive property value"
                        + " does not match that of the original declaration.");
    }

    /** The queue of that name, or the topic of that name as the stream that it is to queues' clients; null where there is neither. */
    static @Nullable Queue find(CatalogImage image, String vhost, String name) {
        if (image.vhost(vhost) == null) {
            return null;
        }
        Queue queue = image.queue(vhost, name);
        if (queue != null || !vhost.equals(VirtualHost.DEFAULT)) {
            return queue;
        }
        Topic topic = topic(image, name);
        return topic == null ? null : asStream(topic);
    }

    private static @Nullable Topic topic(CatalogImage image, String name) {
        Topic topic = image.topic(name);
        return topic == null || topic.internal() ? null : topic;
    }

    private static Queue asStream(Topic topic) {
        return new Queue(
                topic.id(),
                VirtualHost.DEFAULT,
                topic.name(),
                topic.name(),
                Queue.Type.STREAM,
                Queue.View.NONE,
                true,
                false,
                null,
                Map.of("x-queue-type", Queue.Type.STREAM.word()),
                topic.firstShard());
    }

    /** Whether the queue is a topic that nobody declared as one. */
    static boolean isPlainTopic(CatalogImage image, Queue queue) {
        return queue.view() == Queue.View.NONE && image.queue(queue.id()) == null;
    }
}

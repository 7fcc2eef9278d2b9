package dev.pabal.amqp.topology;

import dev.pabal.amqp.channel.AmqpChannel;
import dev.pabal.amqp.channel.AmqpChannel.Resource;
import dev.pabal.amqp.channel.AmqpException;
import dev.pabal.amqp.channel.ForeignQueues;
import dev.pabal.amqp.channel.MethodHandlers;
import dev.pabal.amqp.channel.ReplyCode;
import dev.pabal.amqp.codec.method.QueueBind;
import dev.pabal.amqp.codec.method.QueueBindOk;
import dev.pabal.amqp.codec.method.QueueDeclare;
import dev.pabal.amqp.codec.method.QueueDeclareOk;
import dev.pabal.amqp.codec.method.QueueDelete;
import dev.pabal.amqp.codec.method.QueueDeleteOk;
import dev.pabal.amqp.codec.method.QueuePurge;
import dev.pabal.amqp.codec.method.QueuePurgeOk;
import dev.pabal.amqp.codec.method.QueueUnbind;
import dev.pabal.amqp.codec.method.QueueUnbindOk;
import dev.pabal.broker.Partition;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.topology.AccessControl.Action;
import dev.pabal.broker.topology.Names;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.Topic;
import java.util.Map;

/** {@code queue.*}: checks permissions and hands over to the broker's topology and queues, which know the rules. */
public final class QueueHandlers {
    /** Stands for the name that the broker will choose where permissions are checked. */
    private static final String SERVER_NAMED = "amq.gen-AAAAAAAAAAAAAAAAAAAAAA";

    private static final long MOST = 0xffffffffL;

    private final ForeignQueues foreign;

    private QueueHandlers(ForeignQueues foreign) {
        this.foreign = foreign;
    }

    /** @param foreign knows who waits for direct replies */
    public static void addTo(MethodHandlers handlers, ForeignQueues foreign) {
        QueueHandlers own = new QueueHandlers(foreign);
        handlers.add(QueueDeclare.ID, QueueDeclare.class, own::declare);
        handlers.add(QueueBind.ID, QueueBind.class, QueueHandlers::bind);
        handlers.add(QueuePurge.ID, QueuePurge.class, QueueHandlers::purge);
        handlers.add(QueueDelete.ID, QueueDelete.class, QueueHandlers::delete);
        handlers.add(QueueUnbind.ID, QueueUnbind.class, QueueHandlers::unbind);
    }

    private void declare(AmqpChannel channel, QueueDeclare method) {
        String name = Names.strip(method.queue());
        boolean answer = !method.nowait();
        if (name.startsWith(ForeignQueues.REPLIES)) {
            declareReplies(channel, name, answer);
        } else if (method.passive()) {
            Queue queue = channel.broker().topology().queue(channel.vhost(), name, channel.connectionId());
            channel.afterEarlier(() -> declared(channel, queue, answer));
        } else {
            Map<String, Object> arguments = method.arguments();
            requireDeclare(channel, name, arguments);
            channel.await(
                    channel.broker()
                            .topology()
                            .declareQueue(
                                    channel.vhost(),
                                    name,
                                    method.durable(),
                                    method.exclusive(),
                                    method.autoDelete(),
                                    arguments,
                                    channel.connectionId()),
                    queue -> channel.afterEarlier(() -> declared(channel, queue, answer)));
        }
    }

    /** All declarations of the pseudo queue are passive: it is there while somebody waits for replies. */
    private void declareReplies(AmqpChannel channel, String name, boolean answer) {
        if (!name.equals(ForeignQueues.REPLIES) && foreign.replyAddress(name) == null) {
            throw Names.notFound(Names.queue(channel.vhost(), name));
        }
        channel.lastQueue(name);
        if (answer) {
            QueueDeclareOk.write(channel.out(), channel.number(), name, 0, 1);
        }
    }

    private static void requireDeclare(AmqpChannel channel, String name, Map<String, Object> arguments) {
        String checked = name.isEmpty() ? SERVER_NAMED : name;
        channel.require(Action.CONFIGURE, Resource.QUEUE, checked);
        if (arguments.get("x-dead-letter-exchange") instanceof String exchange
                && channel.broker().catalog().queue(channel.vhost(), checked) == null) {
            channel.require(Action.READ, Resource.QUEUE, checked);
            channel.require(Action.WRITE, Resource.EXCHANGE, exchange);
        }
    }

    private static void declared(AmqpChannel channel, Queue queue, boolean answer) {
        channel.lastQueue(queue.name());
        MessageQueue running = channel.broker().queues().find(queue.id());
        if (running != null) {
            running.declaredAgain();
        }
        if (!answer) {
            return;
        }
        if (running == null) {
            QueueDeclareOk.write(channel.out(), channel.number(), queue.name(), stored(channel, queue), 0);
        } else {
            channel.await(
                    running.status(),
                    status -> QueueDeclareOk.write(
                            channel.out(),
                            channel.number(),
                            queue.name(),
                            Math.min(MOST, status.ready()),
                            status.consumers().size()));
        }
    }

    /** How many messages a stream holds. */
    private static long stored(AmqpChannel channel, Queue queue) {
        Topic topic = channel.broker().catalog().topic(queue.id());
        long messages = 0;
        for (int i = 0; topic != null && i < topic.partitions(); i++) {
            Partition partition = channel.broker().partition(topic.id(), i);
            if (partition != null && !partition.deleted()) {
                messages += partition.log().durableEnd() - partition.log().startOffset();
            }
        }
        return Math.min(MOST, messages);
    }

    private static void bind(AmqpChannel channel, QueueBind method) {
        boolean answer = !method.nowait();
        Binding binding = binding(channel, method.exchange(), method.queue(), method.routingKey(), method.arguments());
        channel.await(channel.broker().topology().bind(binding, channel.connectionId()), nothing -> {
            if (answer) {
                QueueBindOk.write(channel.out(), channel.number());
            }
        });
    }

    private static void unbind(AmqpChannel channel, QueueUnbind method) {
        Binding binding = binding(channel, method.exchange(), method.queue(), method.routingKey(), method.arguments());
        channel.await(
                channel.broker().topology().unbind(binding, channel.connectionId()),
                nothing -> QueueUnbindOk.write(channel.out(), channel.number()));
    }

    /** The binding, once the user has been found to be allowed to touch it. */
    private static Binding binding(
            AmqpChannel channel, String rawExchange, String rawQueue, String key, Map<String, Object> arguments) {
        String exchange = Names.strip(rawExchange);
        String queue = Names.strip(channel.queueName(rawQueue));
        // Neither queue nor key: both are the queue declared last.
        String routingKey = rawQueue.isEmpty() && key.isEmpty() ? queue : key;
        ExchangeHandlers.checkNotDefault(exchange);
        channel.require(Action.WRITE, Resource.QUEUE, queue);
        ExchangeHandlers.requireSource(channel, exchange, routingKey);
        return new Binding(channel.vhost(), exchange, Binding.Kind.QUEUE, queue, routingKey, arguments);
    }

    private static void purge(AmqpChannel channel, QueuePurge method) {
        String name = Names.strip(channel.queueName(method.queue()));
        boolean answer = !method.nowait();
        channel.require(Action.READ, Resource.QUEUE, name);
        Queue queue = channel.broker().topology().queue(channel.vhost(), name, channel.connectionId());
        if (queue.type() == Queue.Type.STREAM) {
            throw new AmqpException(
                    ReplyCode.NOT_IMPLEMENTED,
                    "queue.purge not supported by stream queues " + Names.queue(channel.vhost(), name));
        }
        channel.afterEarlier(() -> {
            MessageQueue running = channel.broker().queues().find(queue.id());
            if (running == null) {
                throw Names.notFound(Names.queue(channel.vhost(), name));
            }
            channel.await(running.purge(), messages -> {
                if (answer) {
                    QueuePurgeOk.write(channel.out(), channel.number(), Math.min(MOST, messages));
                }
            });
        });
    }

    private static void delete(AmqpChannel channel, QueueDelete method) {
        String name = Names.strip(channel.queueName(method.queue()));
        boolean answer = !method.nowait();
        boolean ifUnused = method.ifUnused();
        boolean ifEmpty = method.ifEmpty();
        channel.require(Action.CONFIGURE, Resource.QUEUE, name);
        checkNotForeign(channel, name);
        channel.afterEarlier(() -> channel.await(
                channel.broker()
                        .topology()
                        .deleteQueue(channel.vhost(), name, ifUnused, ifEmpty, channel.connectionId()),
                messages -> {
                    if (answer) {
                        QueueDeleteOk.write(channel.out(), channel.number(), Math.min(MOST, messages));
                    }
                }));
    }

    /** Another connection's queue is refused before anything is waited for. */
    private static void checkNotForeign(AmqpChannel channel, String name) {
        CatalogImage image = channel.broker().catalog();
        if (image.queue(channel.vhost(), name) != null) {
            channel.broker().topology().queue(channel.vhost(), name, channel.connectionId());
        }
    }
}

package dev.pabal.amqp.channel;

import dev.pabal.amqp.codec.method.BasicAck;
import dev.pabal.amqp.codec.method.BasicCancel;
import dev.pabal.amqp.codec.method.BasicCancelOk;
import dev.pabal.amqp.codec.method.BasicConsume;
import dev.pabal.amqp.codec.method.BasicConsumeOk;
import dev.pabal.amqp.codec.method.BasicGet;
import dev.pabal.amqp.codec.method.BasicGetEmpty;
import dev.pabal.amqp.codec.method.BasicNack;
import dev.pabal.amqp.codec.method.BasicQos;
import dev.pabal.amqp.codec.method.BasicQosOk;
import dev.pabal.amqp.codec.method.BasicRecover;
import dev.pabal.amqp.codec.method.BasicRecoverAsync;
import dev.pabal.amqp.codec.method.BasicRecoverOk;
import dev.pabal.amqp.codec.method.BasicReject;
import dev.pabal.broker.queue.ConsumerOptions;
import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.Settlement.Outcome;
import dev.pabal.broker.topology.AccessControl.Action;
import dev.pabal.broker.topology.ArgumentText;
import dev.pabal.broker.topology.Names;
import dev.pabal.catalog.Arguments;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Consuming, getting and settling. */
final class BasicMethods {
    private BasicMethods() {}

    static void register(MethodHandlers handlers) {
        handlers.add(BasicQos.ID, BasicQos.class, (c, m) -> qos((ServerChannel) c, m))
                .add(BasicConsume.ID, BasicConsume.class, (c, m) -> consume((ServerChannel) c, m))
                .add(BasicCancel.ID, BasicCancel.class, (c, m) -> cancel((ServerChannel) c, m))
                .add(BasicGet.ID, BasicGet.class, (c, m) -> get((ServerChannel) c, m))
                .add(
                        BasicAck.ID,
                        BasicAck.class,
                        (c, m) -> settle((ServerChannel) c, m.deliveryTag(), m.multiple(), Outcome.ACK))
                .add(
                        BasicNack.ID,
                        BasicNack.class,
                        (c, m) -> settle(
                                (ServerChannel) c,
                                m.deliveryTag(),
                                m.multiple(),
                                m.requeue() ? Outcome.RELEASE : Outcome.DISCARD))
                .add(
                        BasicReject.ID,
                        BasicReject.class,
                        (c, m) -> settle(
                                (ServerChannel) c,
                                m.deliveryTag(),
                                false,
                                m.requeue() ? Outcome.FAIL : Outcome.DISCARD))
                .add(BasicRecover.ID, BasicRecover.class, (c, m) -> {
                    recover((ServerChannel) c, m.requeue());
                    BasicRecoverOk.write(c.out(), c.number());
                })
                .add(BasicRecoverAsync.ID, BasicRecoverAsync.class, (c, m) -> recover((ServerChannel) c, m.requeue()));
    }

    private static void qos(ServerChannel channel, BasicQos qos) {
        if (qos.prefetchSize() != 0) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "prefetch_size!=0 (" + qos.prefetchSize() + ")");
        }
        channel.consumers().qos(qos.prefetchCount(), qos.global());
        BasicQosOk.write(channel.out(), channel.number());
    }

    // ---- consume

    private static void consume(ServerChannel channel, BasicConsume consume) {
        String name = channel.queueName(consume.queue());
        String tag = consume.consumerTag().isEmpty() ? channel.newConsumerTag() : consume.consumerTag();
        ForeignQueues.Consume request = new ForeignQueues.Consume(
                name, tag, consume.noAck(), consume.exclusive(), consume.nowait(), consume.arguments());
        if (channel.consumers().has(tag)) {
            throw new AmqpException(ReplyCode.NOT_ALLOWED, "attempt to reuse consumer tag '" + tag + "'");
        }
        if (!name.equals(ForeignQueues.REPLIES)) {
            channel.require(Action.READ, AmqpChannel.Resource.QUEUE, name);
        }
        if (channel.foreign().consumes(channel, name)) {
            channel.foreign().consume(channel, request);
        } else {
            channel.afterEarlier(() -> consume(channel, request));
        }
    }

    private static void consume(ServerChannel channel, ForeignQueues.Consume request) {
        MessageQueue queue = queue(channel, request.queue());
        String what = Names.queue(channel.vhost(), request.queue());
        requireNoOffset(queue, request, what);
        int credit = channel.consumers().credit(request.noAck());
        long timeoutMs = timeoutMs(queue, request);
        Consumer consumer = new Consumer(channel, request.tag(), queue, request.noAck(), credit, timeoutMs);
        ConsumerOptions options = new ConsumerOptions(
                request.tag(),
                channel.connectionName(),
                !consumer.settles(),
                request.exclusive(),
                priority(request, what),
                credit,
                timeoutMs);
        CompletableFuture<MessageQueue.Subscription> subscribed = queue.subscribe(options, consumer);
        subscribed.thenAccept(subscription -> channel.unlessOpen(subscription::close));
        channel.await(subscribed, subscription -> {
            channel.consumers().add(consumer);
            if (!request.nowait()) {
                BasicConsumeOk.write(channel.out(), channel.number(), request.tag());
            }
            consumer.start(subscription);
        });
    }

    private static int priority(ForeignQueues.Consume request, String what) {
        if (!request.arguments().containsKey("x-priority")) {
            return 0;
        }
        Long priority = Arguments.number(request.arguments(), "x-priority");
        if (priority == null) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "invalid arg 'x-priority' for " + what + ": \"expected integer, got "
                            + ArgumentText.type(request.arguments().get("x-priority")) + "\"");
        }
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, priority));
    }

    private static void requireNoOffset(MessageQueue queue, ForeignQueues.Consume request, String what) {
        if (request.arguments().containsKey("x-stream-offset")) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "invalid arg 'x-stream-offset' for " + what + " of queue type "
                            + queue.definition().type().module());
        }
    }

    private static long timeoutMs(MessageQueue queue, ForeignQueues.Consume request) {
        Long wanted = Arguments.number(request.arguments(), "x-consumer-timeout");
        if (wanted != null && wanted <= 0) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "invalid arg 'x-consumer-timeout' for "
                            + Names.queue(queue.definition().vhost(), request.queue()) + ": "
                            + (wanted == 0 ? "{value_zero,0}" : "{value_negative," + wanted + "}"));
        }
        return wanted != null ? wanted : queue.settings().consumerTimeoutMs();
    }

    /** The running queue, where this connection may use it. */
    private static MessageQueue queue(ServerChannel channel, String name) {
        channel.broker().topology().queue(channel.vhost(), name, channel.connectionId());
        MessageQueue queue = channel.broker().queues().find(channel.vhost(), name);
        if (queue == null) {
            throw new AmqpException(
                    ReplyCode.NOT_IMPLEMENTED,
                    "queue '" + name + "' in vhost '" + channel.vhost() + "' does not support this operation");
        }
        return queue;
    }

    private static void cancel(ServerChannel channel, BasicCancel cancel) {
        String tag = cancel.consumerTag();
        boolean answer = !cancel.nowait();
        AmqpChannel.ForeignConsumer foreign = channel.consumers().removeForeign(tag);
        if (foreign != null) {
            foreign.cancel();
        }
        // What was published before the cancel still goes to this consumer.
        channel.afterEarlier(() -> cancel(channel, tag, answer));
    }

    private static void cancel(ServerChannel channel, String tag, boolean answer) {
        Consumer consumer = channel.consumers().find(tag);
        MessageQueue.Subscription subscription = consumer == null ? null : consumer.subscription();
        if (consumer == null || subscription == null) {
            if (answer) {
                BasicCancelOk.write(channel.out(), channel.number(), tag);
            }
            return;
        }
        // Who is told that the last consumer has gone finds the auto-delete queue gone as well.
        CompletableFuture<Void> departed = subscription.cancel().thenCompose(done -> channel.broker()
                .topology()
                .departure(consumer.queue().id()));
        // What the queue handed over before is on its way to this event loop, and is written first.
        CompletableFuture<Void> cancelled =
                departed.thenCompose(done -> CompletableFuture.runAsync(() -> {}, channel.link()::post));
        channel.await(cancelled, nothing -> {
            channel.consumers().cancelled(consumer);
            if (answer) {
                BasicCancelOk.write(channel.out(), channel.number(), tag);
            }
        });
    }

    // ---- get

    private static void get(ServerChannel channel, BasicGet get) {
        String name = channel.queueName(get.queue());
        boolean noAck = get.noAck();
        channel.require(Action.READ, AmqpChannel.Resource.QUEUE, name);
        if (!name.equals(ForeignQueues.REPLIES) && channel.foreign().consumes(channel, name)) {
            throw new AmqpException(
                    ReplyCode.NOT_IMPLEMENTED,
                    "basic.get not supported by stream queues " + Names.queue(channel.vhost(), name));
        }
        channel.afterEarlier(() -> {
            MessageQueue queue = queue(channel, name);
            Getter getter = channel.consumers().getter(queue);
            CompletableFuture<@Nullable Deliveries> gotten = queue.get(noAck, getter.holder());
            boolean[] answered = {false};
            gotten.thenAccept(found -> channel.unlessOpen(() -> {
                if (found != null && !answered[0]) {
                    found.close();
                }
            }));
            channel.await(gotten, found -> {
                answered[0] = true;
                answer(channel, noAck ? null : getter, found);
            });
        });
    }

    private static void answer(ServerChannel channel, @Nullable Getter getter, @Nullable Deliveries found) {
        if (found == null) {
            BasicGetEmpty.write(channel.out(), channel.number(), "");
            return;
        }
        try (found) {
            if (!channel.delivering().writeGet(getter, found)) {
                BasicGetEmpty.write(channel.out(), channel.number(), "");
            }
        }
    }

    // ---- settle

    private static void settle(ServerChannel channel, long tag, boolean multiple, Outcome outcome) {
        Unsettled unsettled = channel.unsettled();
        boolean all = multiple && tag == 0;
        if (!all && !unsettled.contains(tag)) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED, "unknown delivery tag " + Long.toUnsignedString(tag));
        }
        long upTo = all ? unsettled.newest() : tag;
        Transaction transaction = channel.transaction();
        if (transaction != null) {
            for (long t = multiple ? unsettled.oldest() : tag; t <= upTo; t++) {
                if (unsettled.contains(t)) {
                    transaction.settle(unsettled, t, outcome);
                }
            }
            return;
        }
        if (multiple) {
            unsettled.settleUpTo(upTo, outcome);
        } else {
            unsettled.settle(tag, outcome);
        }
        channel.consumers().shared().release();
    }

    private static void recover(ServerChannel channel, boolean requeue) {
        if (!requeue) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "requeue=false");
        }
        channel.unsettled().settleUpTo(channel.unsettled().newest(), Outcome.RELEASE);
        channel.link().handOverSettlements();
        channel.consumers().shared().release();
    }
}

package dev.pabal.amqp.channel;

import dev.pabal.amqp.codec.Frames;
import dev.pabal.amqp.codec.MalformedFrameException;
import dev.pabal.amqp.codec.Method;
import dev.pabal.amqp.codec.MethodWriter;
import dev.pabal.amqp.codec.method.BasicCancel;
import dev.pabal.amqp.codec.method.BasicPublish;
import dev.pabal.amqp.codec.method.ChannelClose;
import dev.pabal.amqp.codec.method.ChannelCloseOk;
import dev.pabal.amqp.codec.method.ChannelOpen;
import dev.pabal.amqp.codec.method.ChannelOpenOk;
import dev.pabal.amqp.codec.method.Methods;
import dev.pabal.broker.Broker;
import dev.pabal.broker.client.ChannelInfo;
import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.topology.AccessControl.Action;
import dev.pabal.catalog.User;
import dev.pabal.message.AmqpRecord;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A channel of a connection: takes its frames, keeps what it has open, and ends as the protocol says. On the event loop. */
public final class ServerChannel implements AmqpChannel {
    /** No method takes that long, unless the broker is at fault. */
    private static final int MAX_WAIT_SECONDS = 120;

    private final int number;
    private final Link link;
    private final MethodHandlers handlers;
    private final Methods methods;
    private final ForeignQueues foreign;
    private final Publisher publisher;
    private final Unsettled unsettled = new Unsettled();
    private final Consumers consumers;
    private final Delivering delivering;
    private final Firehose firehose;
    private final Map<Class<?>, Object> attachments = new HashMap<>(2);

    private State state = State.NEW;
    private @Nullable Confirms confirms;
    private @Nullable Transaction transaction;
    private @Nullable String lastQueue;
    private int classId;
    private int methodId;

    /** How far it is on its way. */
    private enum State {
        /** Only {@code channel.open} may come. */
        NEW,
        OPEN,
        /** The broker has closed it and waits for the client to agree: everything else is ignored. */
        CLOSING,
        CLOSED
    }

    /** @param methods readers shared by the channels of the connection */
    public ServerChannel(int number, Link link, MethodHandlers handlers, Methods methods, ForeignQueues foreign) {
        this.number = number;
        this.link = link;
        this.handlers = handlers;
        this.methods = methods;
        this.foreign = foreign;
        this.publisher = new Publisher(this);
        this.consumers = new Consumers(this);
        this.delivering = new Delivering(this);
        this.firehose = new Firehose(this);
    }

    // ---- frames

    /** A frame of this channel. */
    public void frame(int type, ByteBuffer in, int at, int size) {
        if (state == State.CLOSING || state == State.CLOSED) {
            whileClosing(type, in, at, size);
            return;
        }
        try {
            switch (type) {
                case Frames.METHOD -> method(in, at, size);
                case Frames.CONTENT_HEADER -> content().header(in, at, size);
                default -> content().body(in, at, size);
            }
        } catch (RuntimeException e) {
            end(Failures.of(e));
        }
    }

    private Publisher content() {
        if (state == State.NEW) {
            throw new AmqpException(ReplyCode.CHANNEL_ERROR, "expected 'channel.open'");
        }
        classId = BasicPublish.ID >>> 16;
        methodId = BasicPublish.ID & 0xffff;
        return publisher;
    }

    private void method(ByteBuffer in, int at, int size) {
        if (size < 4) {
            throw new MalformedFrameException("a method frame is too short");
        }
        int id = in.getInt(at);
        classId = id >>> 16;
        methodId = id & 0xffff;
        Method method = methods.of(id);
        if (method == null) {
            throw new AmqpException(ReplyCode.COMMAND_INVALID, "unknown method " + classId + "." + methodId);
        }
        if (publisher.inContent()) {
            throw new AmqpException(
                    ReplyCode.UNEXPECTED_FRAME, "expected content header for class 60, got method frame instead");
        }
        method.wrap(in, at + 4, at + size);
        if (state == State.NEW) {
            open(method);
        } else if (method instanceof BasicPublish publish) {
            publisher.method(publish);
        } else {
            carryOut(method);
        }
    }

    private void open(Method method) {
        if (!(method instanceof ChannelOpen)) {
            throw new AmqpException(ReplyCode.CHANNEL_ERROR, "expected 'channel.open'");
        }
        state = State.OPEN;
        ChannelOpenOk.write(out(), number, new byte[0]);
    }

    private void carryOut(Method method) {
        if (method instanceof ChannelOpen) {
            throw new AmqpException(ReplyCode.CHANNEL_ERROR, "second 'channel.open' seen");
        }
        if (method instanceof ChannelClose) {
            closeByClient();
            return;
        }
        if (method instanceof ChannelCloseOk) {
            return;
        }
        MethodHandler handler = handlers.of(method.id());
        if (handler == null) {
            throw new AmqpException(ReplyCode.COMMAND_INVALID, "unimplemented method " + method.word());
        }
        handler.handle(this, method);
    }

    private void whileClosing(int type, ByteBuffer in, int at, int size) {
        if (type != Frames.METHOD || size < 4 || state == State.CLOSED) {
            return;
        }
        int id = in.getInt(at);
        if (id == ChannelClose.ID) {
            ChannelCloseOk.write(out(), number);
        }
        if (id == ChannelClose.ID || id == ChannelCloseOk.ID) {
            state = State.CLOSED;
            link.channelClosed(this);
        }
    }

    // ---- the end

    private void closeByClient() {
        awaitRoom(
                publishes().held().gone(this),
                gone -> afterEarlier(() -> await(release(), nothing -> {
                    state = State.CLOSED;
                    ChannelCloseOk.write(out(), number);
                    link.channelClosed(this);
                })));
    }

    private void end(AmqpException failure) {
        if (failure.hard()) {
            link.fail(failure, classId, methodId);
        } else if (state == State.OPEN) {
            state = State.CLOSING;
            ByteBuf out = out();
            ChannelClose.write(
                    out, number, failure.code().number(), MethodWriter.fitting(failure.replyText()), classId, methodId);
            Closings.log(link, number, failure);
            link.publishes().flush();
            release();
        }
    }

    /** The connection has ended. */
    public void connectionEnded() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            release();
        }
    }

    /** Gives back all that the channel holds; completes when its queues have taken note. */
    private CompletableFuture<?> release() {
        if (transaction != null) {
            transaction.rollback(unsettled);
        }
        publisher.end();
        return consumers.close();
    }

    // ---- what its parts ask

    boolean open() {
        return state == State.OPEN;
    }

    /** Runs the task on the event loop where the channel has ended meanwhile: for answers that nobody waits for any more. */
    void unlessOpen(Runnable task) {
        link.execute(() -> {
            if (!link.open() || state != State.OPEN) {
                task.run();
            }
        });
    }

    Link link() {
        return link;
    }

    /** Figures for people and tools. Any thread; they may be a moment old. */
    public ChannelInfo info() {
        Confirms confirming = confirms;
        return new ChannelInfo(
                number,
                consumers.size(),
                unsettled.count(),
                confirming == null ? 0 : confirming.unconfirmed(),
                consumers.prefetch(),
                consumers.sharedPrefetch(),
                confirming != null,
                transaction != null);
    }

    Unsettled unsettled() {
        return unsettled;
    }

    Consumers consumers() {
        return consumers;
    }

    ForeignQueues foreign() {
        return foreign;
    }

    Publishes publishes() {
        return link.publishes();
    }

    @Nullable
    Confirms confirms() {
        return confirms;
    }

    void confirmSelect() {
        if (transaction != null) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "cannot switch from tx to confirm mode");
        }
        if (confirms == null) {
            confirms = new Confirms();
        }
    }

    @Nullable
    Transaction transaction() {
        return transaction;
    }

    void txSelect() {
        if (confirms != null) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "cannot switch from confirm to tx mode");
        }
        if (transaction == null) {
            transaction = new Transaction(link);
        }
    }

    void writeConfirms() {
        if (confirms != null && state == State.OPEN && link.open()) {
            confirms.write(out(), number);
        }
    }

    void write(Consumer consumer, Deliveries deliveries) {
        delivering.write(consumer, deliveries);
    }

    Publisher publisher() {
        return publisher;
    }

    Firehose firehose() {
        return firehose;
    }

    Delivering delivering() {
        return delivering;
    }

    // ---- what handlers ask

    @Override
    public int number() {
        return number;
    }

    @Override
    public Broker broker() {
        return link.broker();
    }

    @Override
    public UUID connectionId() {
        return link.id();
    }

    @Override
    public String connectionName() {
        return link.name();
    }

    @Override
    public String vhost() {
        return link.vhost();
    }

    @Override
    public User user() {
        return link.user();
    }

    @Override
    public boolean clientCan(String capability) {
        return link.clientCan(capability);
    }

    @Override
    public ByteBuf out() {
        return link.out();
    }

    @Override
    public <T> void await(CompletableFuture<T> future, java.util.function.Consumer<T> then) {
        // A copy: what waits elsewhere for the answer still gets it.
        awaitRoom(future.isDone() ? future : future.copy().orTimeout(MAX_WAIT_SECONDS, TimeUnit.SECONDS), then);
    }

    /** As {@link #await}, for what may wait until there is room on the disk: for as long as that takes. */
    <T> void awaitRoom(CompletableFuture<T> future, java.util.function.Consumer<T> then) {
        int ofClass = classId;
        int ofMethod = methodId;
        if (future.isDone()) {
            goOn(future, then);
            return;
        }
        link.suspend();
        future.whenComplete((value, failure) -> link.execute(() -> {
            classId = ofClass;
            methodId = ofMethod;
            try {
                if (link.open() && state == State.OPEN) {
                    goOn(future, then);
                }
            } finally {
                link.resume();
            }
        }));
    }

    private <T> void goOn(CompletableFuture<T> future, java.util.function.Consumer<T> then) {
        try {
            then.accept(future.join());
        } catch (RuntimeException e) {
            end(Failures.of(e));
        }
    }

    @Override
    public void afterEarlier(Runnable then) {
        link.handOverSettlements();
        Publishes publishes = link.publishes();
        publishes.flush();
        if (publishes.settled()) {
            then.run();
            return;
        }
        CompletableFuture<Boolean> settled = new CompletableFuture<>();
        publishes.whenSettled(() -> settled.complete(true));
        await(settled, done -> then.run());
    }

    @Override
    public void require(Action action, Resource kind, String name) {
        Permissions.require(link, action, kind, name);
    }

    @Override
    public void requireRouting(Action action, String exchange, String routingKey) {
        Permissions.requireRouting(link, action, exchange, routingKey);
    }

    @Override
    public String queueName(String name) {
        if (!name.isEmpty()) {
            return name;
        }
        String last = lastQueue;
        if (last == null) {
            throw new AmqpException(ReplyCode.NOT_FOUND, "no previously declared queue");
        }
        return last;
    }

    @Override
    public void lastQueue(String name) {
        lastQueue = name;
    }

    @Override
    public <T> T attachment(Class<T> type, Supplier<T> make) {
        return type.cast(attachments.computeIfAbsent(type, t -> make.get()));
    }

    @Override
    public void execute(Runnable task) {
        link.execute(task);
    }

    @Override
    public void fail(AmqpException failure) {
        classId = 0;
        methodId = 0;
        end(failure);
    }

    @Override
    public long nextDeliveryTag(@Nullable ForeignDelivery delivery) {
        return delivery == null ? unsettled.skip() : unsettled.add(new ForeignOrigin(link, delivery), 0, 0);
    }

    @Override
    public void addConsumer(String tag, ForeignConsumer consumer) {
        consumers.add(tag, consumer);
    }

    @Override
    public void deliver(
            byte[] consumerTag, long tag, boolean redelivered, AmqpRecord record, @Nullable ByteBuffer properties) {
        delivering.write(consumerTag, tag, redelivered, record, properties);
    }

    @Override
    public void consumerGone(String tag) {
        if (consumers.removeForeign(tag) != null && clientCan("consumer_cancel_notify")) {
            BasicCancel.write(out(), number, tag, true);
        }
    }

    @Override
    public String newConsumerTag() {
        return consumers.newTag();
    }

    @Override
    public int prefetch() {
        return consumers.prefetch();
    }

    @Override
    public int sharedPrefetch() {
        return consumers.sharedPrefetch();
    }

    @Override
    public long unsentBytes() {
        return link.unsentBytes();
    }
}

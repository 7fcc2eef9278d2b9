package dev.pabal.amqp.channel;

import dev.pabal.amqp.AmqpLimits;
import dev.pabal.amqp.codec.method.Methods;
import dev.pabal.broker.Broker;
import dev.pabal.catalog.User;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A connection without a socket or a broker: keeps what is asked of it. */
final class FakeLink implements Link {
    private final UUID id = UUID.randomUUID();
    private final SharedMemory memory;
    private final @Nullable Broker broker;
    private final Publishes publishes;
    private final ByteBuf out = Unpooled.buffer();
    final List<Origin> settling = new ArrayList<>();
    AmqpLimits limits = AmqpLimits.defaults();
    int suspensions;
    boolean open = true;

    @Nullable
    AmqpException failure;

    FakeLink() {
        this(SharedMemory.forHeap(1L << 30));
    }

    /** @param memory that others may share */
    FakeLink(SharedMemory memory) {
        this(memory, null);
    }

    FakeLink(SharedMemory memory, @Nullable Broker broker) {
        this.memory = memory;
        this.broker = broker;
        this.publishes = new Publishes(this);
    }

    ServerChannel channel(int number) {
        return new ServerChannel(number, this, new MethodHandlers(), new Methods(), new NoForeignQueues());
    }

    @Override
    public Broker broker() {
        if (broker == null) {
            throw new UnsupportedOperationException("there is no broker");
        }
        return broker;
    }

    @Override
    public AmqpLimits limits() {
        return limits;
    }

    @Override
    public SharedMemory memory() {
        return memory;
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public String vhost() {
        return "/";
    }

    @Override
    public User user() {
        return new User("guest", "", "", List.of());
    }

    @Override
    public boolean traced() {
        return false;
    }

    @Override
    public boolean clientCan(String capability) {
        return true;
    }

    @Override
    public int frameMax() {
        return limits.frameMax();
    }

    @Override
    public ByteBuf out() {
        return out;
    }

    @Override
    public long unsentBytes() {
        return 0;
    }

    @Override
    public void suspend() {
        suspensions++;
    }

    @Override
    public void resume() {
        suspensions--;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public void post(Runnable task) {
        task.run();
    }

    @Override
    public boolean open() {
        return open;
    }

    @Override
    public void sending(Consumer consumer) {}

    @Override
    public void settling(Origin origin) {
        settling.add(origin);
    }

    @Override
    public void handOverSettlements() {}

    @Override
    public Publishes publishes() {
        return publishes;
    }

    @Override
    public void channelClosed(ServerChannel channel) {}

    @Override
    public void fail(AmqpException why, int classId, int methodId) {
        failure = why;
    }

    @Override
    public void storeRefused() {}

    @Override
    public void publishing() {}

    /** There is nothing but queues. */
    private static final class NoForeignQueues implements ForeignQueues {
        @Override
        public boolean consumes(AmqpChannel channel, String queue) {
            return false;
        }

        @Override
        public void consume(AmqpChannel channel, Consume request) {
            throw new UnsupportedOperationException("there is nothing to consume");
        }

        @Override
        public @Nullable Address replyAddress(String routingKey) {
            return null;
        }

        @Override
        public String replyTo(AmqpChannel channel) {
            throw new UnsupportedOperationException("nobody waits for replies");
        }
    }
}

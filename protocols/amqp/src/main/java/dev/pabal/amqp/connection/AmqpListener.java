package dev.pabal.amqp.connection;

import dev.pabal.amqp.AmqpLimits;
import dev.pabal.amqp.channel.ForeignQueues;
import dev.pabal.amqp.channel.MethodHandlers;
import dev.pabal.amqp.channel.SharedMemory;
import dev.pabal.broker.Broker;
import dev.pabal.broker.client.ClientConnections;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up the connections of one listener and watches the store for them. Thread-safe. */
@Sharable
public final class AmqpListener extends ChannelInitializer<Channel> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AmqpListener.class);
    private static final int STORE_CHECK_MS = 500;

    private final Wiring wiring;
    private final ScheduledFuture<?> storeWatch;

    /** @param clients where the connections are shown while they are open */
    public AmqpListener(
            Broker broker,
            AmqpLimits limits,
            MethodHandlers handlers,
            ForeignQueues foreign,
            ClientConnections clients) {
        SharedMemory memory = SharedMemory.forHeap(Runtime.getRuntime().maxMemory());
        this.wiring = new Wiring(broker, limits, memory, handlers, foreign, new OpenConnections(), clients);
        this.storeWatch = broker.shard(0)
                .loop()
                .scheduleWithFixedDelay(this::checkStore, STORE_CHECK_MS, STORE_CHECK_MS, TimeUnit.MILLISECONDS);
    }

    private void checkStore() {
        try {
            wiring.connections().storeWritable(wiring.broker().store().stats().writable());
        } catch (RuntimeException e) {
            // An exception that got out would end the watch.
            LOG.error("whether the store takes writes could not be found out; it is looked at again", e);
        }
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        channel.pipeline().addLast(new ClientConnection(channel, wiring));
    }

    /** Tells all clients that the broker stops. */
    @Override
    public void close() {
        storeWatch.cancel(false);
        wiring.connections().shutDown();
    }
}

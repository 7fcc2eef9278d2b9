package dev.pabal.kafka.wire;

import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.Endpoint;
import dev.pabal.kafka.KafkaLimits;
import dev.pabal.kafka.KafkaMetrics;
import dev.pabal.kafka.KafkaMetrics.Rejection;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.function.Supplier;

/** Makes an accepted socket a Kafka connection. Bind it as the child handler of a server bootstrap. */
@Sharable
public final class KafkaChannelInitializer extends ChannelInitializer<Channel> {
    /** While more than the high mark waits to be sent, the connection takes no requests; it goes on below the low mark. */
    private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(64 * 1024, 1 << 20);

    private final Wire wire;
    private final ConnectionCounter counter;

    public KafkaChannelInitializer(
            Collection<ApiHandler> handlers, Supplier<Endpoint> advertised, KafkaLimits limits, KafkaMetrics metrics) {
        this.wire = new Wire(handlers, advertised, limits, metrics);
        this.counter = new ConnectionCounter(limits);
    }

    @Override
    protected void initChannel(Channel channel) {
        InetAddress address = channel.remoteAddress() instanceof InetSocketAddress a
                ? a.getAddress()
                : InetAddress.getLoopbackAddress();
        if (!counter.enter(address)) {
            ClientConnection.REJECTED.warn("one connection too many from {}; it is refused (max.connections)", address);
            wire.metrics().connectionRejected(Rejection.TOO_MANY);
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> counter.leave(address));
        // Pooled and direct, whatever the default: stored batches are slices of these buffers, and first touch of fresh
        // memory is dear.
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        channel.config().setWriteBufferWaterMark(MARKS);
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        FrameReader reader =
                new FrameReader(PooledByteBufAllocator.DEFAULT, wire.limits().maxRequestBytes(), wire.memory());
        channel.config().setRecvByteBufAllocator(new FrameReceiver(reader));
        channel.pipeline().addLast(new ClientConnection(channel, wire, reader));
    }

    /** Bytes of requests in memory now, for tests and metrics. */
    public long requestMemoryInUse() {
        return wire.memory().usedInBytes();
    }
}

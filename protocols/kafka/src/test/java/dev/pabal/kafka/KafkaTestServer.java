package dev.pabal.kafka;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerOptions;
import dev.pabal.broker.BrokerRuntime;
import dev.pabal.broker.ShardLoop;
import dev.pabal.kafka.wire.KafkaChannelInitializer;
import dev.pabal.log.LogStore;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.log.seam.Clock;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A broker on a store on the heap, behind a loopback socket. */
public final class KafkaTestServer implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Map<KafkaMetrics.Rejection, Integer> rejections = new ConcurrentHashMap<>();
    private final LogStore store;
    private final BrokerRuntime broker;
    private final KafkaProtocol protocol;
    private final KafkaChannelInitializer initializer;
    private final Channel listener;

    public KafkaTestServer(KafkaLimits limits, Map<String, String> configs) {
        this(limits, configs, new MemoryLogStore(BrokerRuntime.states()));
    }

    public KafkaTestServer(KafkaLimits limits, Map<String, String> configs, LogStore store) {
        this.store = store;
        List<ShardLoop> shardLoops = new ArrayList<>();
        for (EventExecutor executor : loops) {
            EventLoop loop = (EventLoop) executor;
            shardLoops.add(new ShardLoop(loop, loop::inEventLoop));
        }
        broker = BrokerRuntime.start(BrokerOptions.of(configs), store, shardLoops, Clock.SYSTEM);
        protocol = new KafkaProtocol(broker, List.of(), limits);
        initializer = protocol.initializer(() -> new Endpoint("127.0.0.1", port()), new KafkaMetrics() {
            @Override
            public void connectionRejected(Rejection why) {
                rejections.merge(why, 1, Integer::sum);
            }
        });
        listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(initializer)
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    public static KafkaTestServer start() {
        return new KafkaTestServer(KafkaLimits.defaults(), Map.of());
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    public String bootstrap() {
        return "127.0.0.1:" + port();
    }

    public Broker broker() {
        return broker;
    }

    public KafkaProtocol protocol() {
        return protocol;
    }

    public KafkaChannelInitializer initializer() {
        return initializer;
    }

    /** Connections that the broker has refused or closed, by reason. */
    public int rejections(KafkaMetrics.Rejection why) {
        return rejections.getOrDefault(why, 0);
    }

    public void createTopic(String name, int partitions) {
        broker.topics().create(name, partitions, Map.of(), false).join();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        broker.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        store.close();
    }
}

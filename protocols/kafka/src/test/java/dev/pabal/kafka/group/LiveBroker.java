package dev.pabal.kafka.group;

import dev.pabal.broker.BrokerOptions;
import dev.pabal.broker.BrokerRuntime;
import dev.pabal.broker.ShardLoop;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.Endpoint;
import dev.pabal.kafka.KafkaLimits;
import dev.pabal.kafka.KafkaMetrics;
import dev.pabal.kafka.KafkaProtocol;
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
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker on loopback, made of the real parts over a store on the heap, and Kafka's own clients for it. */
final class LiveBroker implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final BrokerRuntime broker;
    private final GroupApis groups;
    private final KafkaProtocol protocol;
    private final Channel listener;
    private final int port;

    LiveBroker(LogStore store, Map<String, String> configs) {
        List<ShardLoop> shards = new ArrayList<>();
        for (EventExecutor loop : loops) {
            shards.add(new ShardLoop(loop, ((EventLoop) loop)::inEventLoop));
        }
        broker = BrokerRuntime.start(BrokerOptions.of(configs), store, shards, Clock.SYSTEM);
        groups = new GroupApis(broker);
        protocol = new KafkaProtocol(broker, groups.handlers(), KafkaLimits.defaults());
        listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(protocol.initializer(this::endpoint, KafkaMetrics.NONE))
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .syncUninterruptibly()
                .channel();
        port = ((InetSocketAddress) listener.localAddress()).getPort();
        groups.start();
    }

    static MemoryLogStore store() {
        return new MemoryLogStore(BrokerRuntime.states());
    }

    private Endpoint endpoint() {
        return new Endpoint("127.0.0.1", port);
    }

    BrokerRuntime broker() {
        return broker;
    }

    Topic topic(String name, int partitions) {
        return broker.topics().create(name, partitions, Map.of(), false).join();
    }

    Properties client() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", "127.0.0.1:" + port);
        properties.put("client.id", "test");
        properties.put("enable.metrics.push", "false");
        return properties;
    }

    Admin admin() {
        return Admin.create(client());
    }

    /** Writes {@code count} records, numbered from 0, spread over the partitions. */
    void produce(String topic, int partitions, int count) {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client(), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, i % partitions, "k" + i, "v" + i));
            }
        }
    }

    /**
     * A consumer that reads from the earliest record and commits only when told to.
     *
     * @param protocol {@code classic} or {@code consumer}
     */
    KafkaConsumer<String, String> consumer(String group, String protocol, Map<String, String> more) {
        Properties properties = client();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        if (protocol.equals("classic")) {
            // In the new protocol the broker says the interval.
            properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "100");
        }
        properties.putAll(more);
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        groups.close();
        broker.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}

package dev.pabal.server;

import dev.pabal.admin.AdminApi;
import dev.pabal.admin.AdminEnvironment;
import dev.pabal.amqp.AmqpLimits;
import dev.pabal.amqp.AmqpProtocol;
import dev.pabal.amqp.connection.AmqpListener;
import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerOptions;
import dev.pabal.broker.client.ClientConnections;
import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.Endpoint;
import dev.pabal.kafka.KafkaLimits;
import dev.pabal.kafka.KafkaProtocol;
import dev.pabal.kafka.admin.AdminApis;
import dev.pabal.kafka.admin.DataDirectory;
import dev.pabal.kafka.group.GroupApis;
import dev.pabal.log.LogStore;
import dev.pabal.server.config.PabalConfig;
import dev.pabal.server.http.HealthPage;
import dev.pabal.server.http.HttpInitializer;
import dev.pabal.server.http.HttpPages;
import dev.pabal.server.metrics.JvmMeters;
import dev.pabal.server.metrics.KafkaMeters;
import dev.pabal.server.metrics.MetricsPage;
import dev.pabal.server.metrics.StoreMeters;
import dev.pabal.sqs.SqsLimits;
import dev.pabal.sqs.SqsProtocol;
import dev.pabal.sqs.SqsSettings;
import dev.pabal.sqs.http.SqsListener;
import io.netty.channel.ChannelOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One broker: store, protocols and HTTP, put together from a config. Made for programs and tests alike: with ports 0 and a temporary data
 * directory any number of them run in one process.
 *
 * <pre>{@code
 * PabalConfig config = PabalServer.configBuilder().set(ConfigKey.DATA_DIR, dir).set(ConfigKey.KAFKA_PORT, "0").set(ConfigKey.HTTP_PORT, "0").build();
 * try (PabalServer server = PabalServer.start(config, failure -> ...)) {
 *     server.kafkaAddress();
 * }
 * }</pre>
 *
 * <p>All methods may be called by any thread.
 */
public final class PabalServer implements AutoCloseable {
    /** The release of RabbitMQ whose semantics hold here, as clients and tools are told. */
    private static final String RABBITMQ_SEMANTICS = "4.2.0";

    private final PabalConfig config;
    private final ClientConnections connections = new ClientConnections();
    private final Closing closing = new Closing();
    private final LogStore store;
    private final Broker broker;
    private final Listener kafka;
    private final Listener amqp;
    private final AmqpListener amqpConnections;
    private final Listener sqs;
    private final Listener http;
    private volatile boolean serving;

    private PabalServer(PabalConfig config, Consumer<Throwable> onStoreFailure) {
        this.config = config;
        try {
            EventLoops loops =
                    closing.add("event loops", new EventLoops(config.eventLoops(), config.shutdownTimeoutMs()));
            store = closing.add("store", StoreOpening.open(config));
            store.failure().whenComplete((nothing, failure) -> {
                if (failure != null) {
                    onStoreFailure.accept(failure);
                }
            });
            broker = closing.add("broker", BrokerOpening.open(config, store, loops));
            GroupApis groups = closing.add("group coordinator", new GroupApis(broker));
            KafkaMeters kafkaMeters = new KafkaMeters();
            kafka = closing.add("Kafka listener", bindKafka(loops, groups, kafkaMeters));
            amqpConnections =
                    closing.add("AMQP connections", AmqpProtocol.listener(broker, AmqpLimits.defaults(), connections));
            amqp = closing.add("AMQP listener", bindAmqp(loops));
            sqs = closing.add("SQS listener", bindSqs(loops));
            PageExecutor pageExecutor = closing.add("page executor", new PageExecutor());
            http = closing.add("HTTP listener", bindHttp(loops, kafkaMeters, pageExecutor));
            groups.start();
            serving = true;
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    /** A builder that knows the program's own keys and the broker's. */
    public static PabalConfig.Builder configBuilder() {
        return PabalConfig.builder(BrokerOptions.configKeys());
    }

    /**
     * Starts a broker; when this returns it serves.
     *
     * @param onStoreFailure called once where the store can keep its promises no longer: the process should halt at once
     * @throws StartException where it cannot start; nothing is left behind then
     */
    public static PabalServer start(PabalConfig config, Consumer<Throwable> onStoreFailure) {
        ListenAddress.check(config);
        return new PabalServer(config, onStoreFailure);
    }

    private Listener bindKafka(EventLoops loops, GroupApis groups, KafkaMeters meters) {
        List<ApiHandler> others = new ArrayList<>(groups.handlers());
        others.addAll(AdminApis.handlers(broker, DataDirectory.of(config.dataDirectory())));
        KafkaLimits limits = BrokerOpening.limits(broker.configs());
        Map<ChannelOption<Integer>, Integer> socketBuffers = BrokerOpening.socketBuffers(broker.configs());
        KafkaProtocol protocol = new KafkaProtocol(broker, others, limits);
        return Listener.bind(
                loops,
                "Kafka",
                "--kafka-port",
                config.host(),
                config.kafkaPort(),
                open -> Listener.joining(open, socketBuffers, protocol.initializer(this::advertised, meters)));
    }

    /** Asked for at each Metadata request, and so only once the port is bound. */
    private Endpoint advertised() {
        return new Endpoint(config.advertisedHost(), kafkaPort());
    }

    private Listener bindAmqp(EventLoops loops) {
        return Listener.bind(
                loops,
                "AMQP",
                "--amqp-port",
                config.host(),
                config.amqpPort(),
                open -> Listener.joining(open, Map.of(), amqpConnections));
    }

    private Listener bindSqs(EventLoops loops) {
        SqsSettings settings =
                new SqsSettings(config.sqsAccount(), config.sqsRegion(), config.sqsKeys(), config.sqsDeleteWaitMs());
        SqsListener clients = SqsProtocol.listener(broker, settings, SqsLimits.defaults());
        return Listener.bind(
                loops,
                "SQS",
                "--sqs-port",
                config.host(),
                config.sqsPort(),
                open -> Listener.joining(open, Map.of(), clients));
    }

    private Listener bindHttp(EventLoops loops, KafkaMeters kafkaMeters, PageExecutor pageExecutor) {
        HttpPages pages = new HttpPages(
                Map.of("/health", new HealthPage(store, () -> serving)),
                Map.of("/metrics", new MetricsPage(List.of(new StoreMeters(store), kafkaMeters, new JvmMeters()))),
                new AdminApi(broker, connections, environment()),
                pageExecutor);
        return Listener.bind(
                loops,
                "http",
                "--http-port",
                config.host(),
                config.httpPort(),
                open -> new HttpInitializer(pages, open));
    }

    private AdminEnvironment environment() {
        String version = PabalServer.class.getPackage().getImplementationVersion();
        return new AdminEnvironment(
                version == null ? "(not packaged)" : version,
                RABBITMQ_SEMANTICS,
                this::boundPorts,
                () -> serving,
                broker.clock().wallMs());
    }

    /** Asked for by requests, and so only once the ports are bound. */
    private List<AdminEnvironment.BoundPort> boundPorts() {
        return List.of(
                new AdminEnvironment.BoundPort("kafka", config.host(), kafkaPort()),
                new AdminEnvironment.BoundPort("amqp", config.host(), amqpPort()),
                new AdminEnvironment.BoundPort("sqs", config.host(), sqsPort()),
                new AdminEnvironment.BoundPort("http", config.host(), httpPort()));
    }

    /** Host and port of the Kafka protocol as clients are told: a {@code bootstrap.servers}. */
    public String kafkaAddress() {
        return address(kafkaPort());
    }

    /** Host and port of AMQP 0-9-1. */
    public String amqpAddress() {
        return address(amqpPort());
    }

    /** Host and port of Amazon SQS. */
    public String sqsAddress() {
        return address(sqsPort());
    }

    public String httpAddress() {
        return address(httpPort());
    }

    /** Host and port as clients parse them: a colon in an IPv6 address is none before a port. */
    private String address(int port) {
        String host = config.advertisedHost();
        boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
        return (bare ? "[" + host + "]" : host) + ":" + port;
    }

    public int kafkaPort() {
        return kafka.port();
    }

    public int amqpPort() {
        return amqp.port();
    }

    public int sqsPort() {
        return sqs.port();
    }

    public int httpPort() {
        return http.port();
    }

    /** What runs behind the protocols, for tests and tools. */
    public Broker broker() {
        return broker;
    }

    /** Stops taking requests, completes what was begun, makes everything durable and lets go of ports and files. */
    @Override
    public void close() {
        serving = false;
        http.stopAccepting();
        kafka.stopAccepting();
        amqp.stopAccepting();
        sqs.stopAccepting();
        // Clients read why (320) before their sockets close: recovering ones wait and come back.
        amqpConnections.close();
        closing.close();
    }
}

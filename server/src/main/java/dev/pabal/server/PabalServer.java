package dev.pabal.server;

import dev.pabal.log.LogStore;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.server.config.PabalConfig;
import dev.pabal.server.http.HealthPage;
import dev.pabal.server.http.HttpInitializer;
import dev.pabal.server.http.HttpPages;
import dev.pabal.server.metrics.JvmMeters;
import dev.pabal.server.metrics.MetricsPage;
import dev.pabal.server.metrics.StoreMeters;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final PabalConfig config;
    private final Closing closing = new Closing();
    private final LogStore store;
    private final Listener http;
    private volatile boolean serving;

    private PabalServer(PabalConfig config, Consumer<Throwable> onStoreFailure) {
        this.config = config;
        try {
            store = closing.add("store", new MemoryLogStore());
            store.failure().whenComplete((nothing, failure) -> {
                if (failure != null) {
                    onStoreFailure.accept(failure);
                }
            });
            EventLoops loops =
                    closing.add("event loops", new EventLoops(config.eventLoops(), config.shutdownTimeoutMs()));
            PageExecutor pageExecutor = closing.add("page executor", new PageExecutor());
            http = closing.add("http listener", bindHttp(loops, pageExecutor));
            serving = true;
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    /** A builder that knows the program's own keys and the broker's. */
    public static PabalConfig.Builder configBuilder() {
        return PabalConfig.builder(Set.of());
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

    private Listener bindHttp(EventLoops loops, PageExecutor pageExecutor) {
        HttpPages pages = new HttpPages(
                Map.of("/health", new HealthPage(store, () -> serving)),
                Map.of("/metrics", new MetricsPage(List.of(new StoreMeters(store), new JvmMeters()))),
                pageExecutor);
        return Listener.bind(
                loops,
                "http",
                "--http-port",
                config.host(),
                config.httpPort(),
                open -> new HttpInitializer(pages, open));
    }

    /** Host and port of the Kafka protocol as clients are told: a {@code bootstrap.servers}. */
    public String kafkaAddress() {
        return config.advertisedHost() + ":" + kafkaPort();
    }

    public String httpAddress() {
        return config.advertisedHost() + ":" + httpPort();
    }

    public int kafkaPort() {
        return 0;
    }

    public int httpPort() {
        return http.port();
    }

    /** Stops taking requests, completes what was begun, makes everything durable and lets go of ports and files. */
    @Override
    public void close() {
        serving = false;
        closing.close();
    }
}

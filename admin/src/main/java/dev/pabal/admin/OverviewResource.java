package dev.pabal.admin;

import dev.pabal.admin.AdminEnvironment.BoundPort;
import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.Broker;
import dev.pabal.broker.client.ClientConnections;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.VirtualHost;
import dev.pabal.log.LogStore;
import dev.pabal.routing.ExchangeTypes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code /api/overview}, {@code /api/nodes}, and the small pages that say what this is. */
final class OverviewResource {
    private static final String PRODUCT = "Pabal";

    private final Broker broker;
    private final ClientConnections connections;
    private final Figures figures;
    private final AdminEnvironment environment;
    private final ParameterResource parameters;
    private final String node;

    OverviewResource(
            Broker broker,
            ClientConnections connections,
            Figures figures,
            AdminEnvironment environment,
            ParameterResource parameters,
            String node) {
        this.broker = broker;
        this.connections = connections;
        this.figures = figures;
        this.environment = environment;
        this.parameters = parameters;
        this.node = node;
    }

    void addTo(Routes routes) {
        routes.add("GET", "api/overview", Needed.LOGIN, this::overview)
                .add("GET", "api/version", Needed.LOGIN, call -> Answer.now(environment.rabbitVersion()))
                .add("GET", "api/auth", Needed.LOGIN, call -> Answer.now(Map.of("oauth_enabled", false)))
                .add("GET", "api/extensions", Needed.LOGIN, call -> Answer.now(List.of()))
                .add("GET", "api/feature-flags", Needed.MONITORING, call -> Answer.now(List.of()))
                .add("GET", "api/deprecated-features", Needed.MONITORING, call -> Answer.now(List.of()))
                .add("GET", "api/deprecated-features/used", Needed.MONITORING, call -> Answer.now(List.of()))
                .add(
                        "POST",
                        "api/rebalance/queues",
                        Needed.ADMINISTRATOR,
                        call -> CompletableFuture.completedFuture(Answer.NO_CONTENT))
                .add("GET", "api/nodes", Needed.MONITORING, call -> Answer.now(List.of(node())))
                .add("GET", "api/nodes/{}", Needed.MONITORING, this::one);
    }

    private CompletableFuture<Answer> overview(Call call) {
        return figures.totals().thenApply(totals -> {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("management_version", environment.rabbitVersion());
            map.put("rabbitmq_version", environment.rabbitVersion());
            map.put("product_name", PRODUCT);
            map.put("product_version", environment.version());
            map.put("cluster_name", parameters.clusterName());
            map.put("node", node);
            map.put("rates_mode", "basic");
            map.put(
                    "exchange_types",
                    ExchangeTypes.all().stream()
                            .map(type -> Map.of("name", type, "description", "", "enabled", true))
                            .toList());
            map.put("message_stats", messageStats(totals));
            Map<String, Object> queueTotals = new LinkedHashMap<>();
            queueTotals.put("messages", totals.ready() + totals.unacknowledged());
            queueTotals.put("messages_ready", totals.ready());
            queueTotals.put("messages_unacknowledged", totals.unacknowledged());
            map.put("queue_totals", queueTotals);
            map.put("object_totals", objectTotals(totals));
            map.put("listeners", listeners());
            map.put("contexts", contexts());
            return Answer.ok(map);
        });
    }

    private static Map<String, Object> messageStats(Figures.Totals totals) {
        Map<String, Object> map = new LinkedHashMap<>();
        Shapes.count(map, "publish", totals.published(), totals.publishRate());
        map.put("deliver_get", totals.delivered());
        map.put("ack", totals.acknowledged());
        return map;
    }

    private Map<String, Object> objectTotals(Figures.Totals totals) {
        CatalogImage image = broker.catalog();
        int exchanges = 0;
        for (VirtualHost vhost : image.vhosts()) {
            exchanges += image.exchanges(vhost.name()).size();
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("connections", connections.size());
        map.put(
                "channels",
                connections.all().stream()
                        .mapToInt(connection -> connection.channels().size())
                        .sum());
        map.put("consumers", totals.consumers());
        map.put("exchanges", exchanges);
        map.put("queues", image.queues().size());
        return map;
    }

    private List<Map<String, Object>> listeners() {
        return environment.listeners().get().stream().map(this::listener).toList();
    }

    private Map<String, Object> listener(BoundPort port) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("node", node);
        map.put("protocol", port.protocol());
        map.put("ip_address", port.host());
        map.put("port", port.port());
        return map;
    }

    /** Where this API listens. */
    private List<Map<String, Object>> contexts() {
        return environment.listeners().get().stream()
                .filter(port -> port.protocol().equals("http"))
                .map(port -> {
                    Map<String, Object> map = listener(port);
                    map.put("description", "Pabal management");
                    map.put("path", "/");
                    return map;
                })
                .toList();
    }

    private CompletableFuture<Answer> one(Call call) {
        if (!call.variable(0).equals(node)) {
            throw ApiException.notFound();
        }
        return Answer.now(node());
    }

    private Map<String, Object> node() {
        LogStore.StoreStats stats = broker.store().stats();
        Runtime runtime = Runtime.getRuntime();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", node);
        map.put("type", "disc");
        map.put("running", environment.serving().getAsBoolean());
        map.put("uptime", Math.max(0, broker.clock().wallMs() - environment.startedAtMs()));
        map.put("os_pid", Long.toString(ProcessHandle.current().pid()));
        map.put("processors", runtime.availableProcessors());
        map.put("mem_used", runtime.totalMemory() - runtime.freeMemory());
        map.put("mem_limit", runtime.maxMemory());
        map.put("mem_alarm", false);
        map.put("disk_free", stats.usableBytes());
        map.put("disk_free_alarm", !stats.writable());
        map.put("fd_used", stats.openFiles());
        map.put("sockets_used", connections.size());
        map.put("partitions", List.of());
        map.put("being_drained", false);
        map.put("rates_mode", "basic");
        map.put("enabled_plugins", List.of());
        map.put("applications", List.of());
        return map;
    }
}

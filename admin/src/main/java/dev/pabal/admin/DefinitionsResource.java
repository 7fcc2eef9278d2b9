package dev.pabal.admin;

import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.Broker;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.VirtualHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /api/definitions}: everything that outlives a restart, or that of one virtual host, out and in, as RabbitMQ writes and reads it. */
final class DefinitionsResource {
    private final Broker broker;
    private final AdminEnvironment environment;
    private final ParameterResource parameters;

    DefinitionsResource(Broker broker, AdminEnvironment environment, ParameterResource parameters) {
        this.broker = broker;
        this.environment = environment;
        this.parameters = parameters;
    }

    void addTo(Routes routes) {
        routes.add("GET", "api/definitions", Needed.ADMINISTRATOR, call -> Answer.now(all()))
                .add("POST", "api/definitions", Needed.ADMINISTRATOR, call -> new DefinitionsImport(broker, null)
                        .run(call.body())
                        .thenApply(nothing -> Answer.NO_CONTENT))
                .add("GET", "api/definitions/{}", Needed.VHOST, call -> Answer.now(ofVhost(vhost(call))))
                .add("POST", "api/definitions/{}", Needed.ADMINISTRATOR, call -> {
                    vhost(call);
                    return new DefinitionsImport(broker, call.vhost())
                            .run(call.body())
                            .thenApply(nothing -> Answer.NO_CONTENT);
                });
    }

    private String vhost(Call call) {
        if (broker.catalog().vhost(call.vhost()) == null) {
            throw ApiException.notFound();
        }
        return call.vhost();
    }

    private Map<String, Object> head() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("rabbit_version", environment.rabbitVersion());
        map.put("rabbitmq_version", environment.rabbitVersion());
        map.put("product_name", "Pabal");
        map.put("product_version", environment.version());
        return map;
    }

    private Map<String, Object> all() {
        CatalogImage image = broker.catalog();
        Map<String, Object> map = head();
        map.put("rabbitmq_definition_format", "cluster");
        map.put(
                "users",
                image.users().stream().map(user -> Shapes.user(image, user)).toList());
        map.put(
                "vhosts",
                image.vhosts().stream().map(DefinitionsResource::vhost).toList());
        map.put(
                "permissions",
                image.permissions().stream().map(Shapes::permission).toList());
        map.put(
                "topic_permissions",
                image.topicPermissions().stream().map(Shapes::topicPermission).toList());
        map.put(
                "parameters",
                parameters.ofVhosts().stream().map(ParameterResource::shown).toList());
        map.put(
                "global_parameters",
                parameters.global().stream().map(ParameterResource::shown).toList());
        image.vhosts().forEach(vhost -> addContent(map, image, vhost.name(), true));
        return map;
    }

    private Map<String, Object> ofVhost(String vhost) {
        Map<String, Object> map = head();
        map.put("rabbitmq_definition_format", "single_virtual_host");
        map.put("original_vhost_name", vhost);
        map.put(
                "parameters",
                parameters.ofVhosts().stream()
                        .filter(p -> p.vhost().equals(vhost))
                        .map(ParameterResource::shown)
                        .map(shown -> withoutVhost(shown, false))
                        .toList());
        addContent(map, broker.catalog(), vhost, false);
        return map;
    }

    private static Map<String, Object> vhost(VirtualHost v) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", v.name());
        map.put("description", v.description());
        map.put("tags", v.tags());
        map.put("metadata", Shapes.metadata(v));
        return map;
    }

    private static Map<String, Object> withoutVhost(Map<String, Object> map, boolean named) {
        if (!named) {
            map.remove("vhost");
        }
        return map;
    }

    /** Adds what lies in a virtual host to the lists. Predeclared exchanges and what ends with a connection or the process are left out. */
    private static void addContent(Map<String, Object> map, CatalogImage image, String vhost, boolean named) {
        List<Object> policies = list(map, "policies");
        List<Object> operators = list(map, "operator_policies");
        image.policies(vhost).forEach(policy -> (policy.operator() ? operators : policies)
                .add(withoutVhost(Shapes.policy(policy), named)));
        List<Object> queues = list(map, "queues");
        for (Queue queue : image.queues(vhost)) {
            if (queue.stored()) {
                queues.add(withoutVhost(QueueShape.declared(queue), named));
            }
        }
        List<Object> exchanges = list(map, "exchanges");
        List<Object> bindings = list(map, "bindings");
        for (Exchange exchange : image.exchanges(vhost)) {
            if (!exchange.durable()) {
                continue;
            }
            if (!exchange.name().isEmpty() && !exchange.name().startsWith("amq.")) {
                exchanges.add(withoutVhost(Shapes.exchange(exchange), named));
            }
            image.bindingsFrom(vhost, exchange.name()).stream()
                    .filter(binding -> DefinitionsImport.isStored(image, binding))
                    .map(Shapes::binding)
                    .map(shown -> withoutVhost(shown, named))
                    .forEach(shown -> {
                        shown.remove("properties_key");
                        bindings.add(shown);
                    });
        }
    }

    private static List<Object> list(Map<String, Object> map, String name) {
        @SuppressWarnings("unchecked") // put below, and nowhere else
        List<Object> list = (List<Object>) map.computeIfAbsent(name, n -> new ArrayList<Object>());
        return list;
    }
}

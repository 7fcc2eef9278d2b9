package dev.pabal.admin;

import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.Broker;
import dev.pabal.catalog.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code /api/parameters}, {@code /api/global-parameters} and {@code /api/cluster-name}, which is one of the global ones. */
final class ParameterResource {
    /** The component under which global parameters are kept. */
    static final String GLOBAL = "global";

    private static final String CLUSTER_NAME = "cluster_name";
    /** Where the value of a parameter is no object, it stands under this key. */
    private static final String SCALAR = "";

    private final Broker broker;

    ParameterResource(Broker broker) {
        this.broker = broker;
    }

    void addTo(Routes routes) {
        routes.add("GET", "api/parameters", Needed.ADMINISTRATOR, call -> list(call, any -> true))
                .add(
                        "GET",
                        "api/parameters/{}",
                        Needed.ADMINISTRATOR,
                        call -> list(call, p -> p.component().equals(call.variable(0))))
                .add(
                        "GET",
                        "api/parameters/{}/{}",
                        Needed.ADMINISTRATOR,
                        call -> list(
                                call,
                                p -> p.component().equals(call.variable(0))
                                        && p.vhost().equals(call.variable(1))))
                .add(
                        "GET",
                        "api/parameters/{}/{}/{}",
                        Needed.ADMINISTRATOR,
                        call -> Answer.now(shown(one(call.variable(0), call.variable(1), call.variable(2)))))
                .add(
                        "PUT",
                        "api/parameters/{}/{}/{}",
                        Needed.ADMINISTRATOR,
                        call -> set(
                                call.variable(0),
                                call.variable(1),
                                call.variable(2),
                                call.body().value("value")))
                .add(
                        "DELETE",
                        "api/parameters/{}/{}/{}",
                        Needed.ADMINISTRATOR,
                        call -> delete(call.variable(0), call.variable(1), call.variable(2)));
        addGlobal(routes);
    }

    private void addGlobal(Routes routes) {
        routes.add("GET", "api/global-parameters", Needed.ADMINISTRATOR, call -> Listing.of(
                                Parameter::name, ParameterResource::shown)
                        .answer(call, List.of(global())))
                .add(
                        "GET",
                        "api/global-parameters/{}",
                        Needed.ADMINISTRATOR,
                        call -> Answer.now(shown(one(GLOBAL, "", call.variable(0)))))
                .add(
                        "PUT",
                        "api/global-parameters/{}",
                        Needed.ADMINISTRATOR,
                        call -> set(GLOBAL, "", call.variable(0), call.body().value("value")))
                .add(
                        "DELETE",
                        "api/global-parameters/{}",
                        Needed.ADMINISTRATOR,
                        call -> delete(GLOBAL, "", call.variable(0)))
                .add("GET", "api/cluster-name", Needed.LOGIN, call -> Answer.now(Map.of("name", clusterName())))
                .add(
                        "PUT",
                        "api/cluster-name",
                        Needed.ADMINISTRATOR,
                        call -> set(GLOBAL, "", CLUSTER_NAME, call.body().text("name")));
    }

    /** The name that was given to the cluster, or one made of its id. */
    String clusterName() {
        Parameter named = find(GLOBAL, "", CLUSTER_NAME);
        return named != null && named.value().get(SCALAR) instanceof String name ? name : "pabal@" + broker.clusterId();
    }

    List<Parameter> global() {
        return List.copyOf(broker.catalog().parameters(GLOBAL));
    }

    /** Those of virtual hosts. */
    List<Parameter> ofVhosts() {
        return broker.catalog().parameters().stream()
                .filter(p -> !p.vhost().isEmpty())
                .toList();
    }

    private CompletableFuture<Answer> list(Call call, Predicate<Parameter> wanted) {
        return Listing.of(Parameter::name, ParameterResource::shown)
                .answer(call, List.of(ofVhosts().stream().filter(wanted).toList()));
    }

    private @Nullable Parameter find(String component, String vhost, String name) {
        for (Parameter each : broker.catalog().parameters(component)) {
            if (each.vhost().equals(vhost) && each.name().equals(name)) {
                return each;
            }
        }
        return null;
    }

    private Parameter one(String component, String vhost, String name) {
        Parameter found = find(component, vhost, name);
        if (found == null) {
            throw ApiException.notFound();
        }
        return found;
    }

    private CompletableFuture<Answer> set(String component, String vhost, String name, @Nullable Object value) {
        boolean existed = find(component, vhost, name) != null;
        if (!component.equals(GLOBAL) && broker.catalog().vhost(vhost) == null) {
            throw ApiException.notFound();
        }
        return broker.topology()
                .administration()
                .setParameter(of(component, vhost, name, value))
                .thenApply(nothing -> existed ? Answer.NO_CONTENT : Answer.CREATED);
    }

    private CompletableFuture<Answer> delete(String component, String vhost, String name) {
        one(component, vhost, name);
        return broker.topology()
                .administration()
                .deleteParameter(component, vhost, name)
                .thenApply(nothing -> Answer.NO_CONTENT);
    }

    static Parameter of(String component, String vhost, String name, @Nullable Object value) {
        if (value == null) {
            throw ApiException.badRequest("The field 'value' is missing.");
        }
        return new Parameter(
                component, vhost, name, value instanceof Map<?, ?> map ? Json.map(map) : Map.of(SCALAR, value));
    }

    static Map<String, Object> shown(Parameter p) {
        Map<String, Object> map = new LinkedHashMap<>();
        Object scalar = p.value().get(SCALAR);
        map.put("name", p.name());
        if (!p.component().equals(GLOBAL)) {
            map.put("vhost", p.vhost());
            map.put("component", p.component());
        }
        map.put("value", scalar != null ? scalar : Json.shown(p.value()));
        return map;
    }
}

package dev.pabal.admin;

import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.Broker;
import dev.pabal.broker.topology.AccessControl.Action;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Queue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code /api/bindings}: all, those between two, and single ones by their properties key. */
final class BindingResource {
    private final Broker broker;
    private final Rights rights;

    BindingResource(Broker broker, Rights rights) {
        this.broker = broker;
        this.rights = rights;
    }

    void addTo(Routes routes) {
        routes.add("GET", "api/bindings", Needed.LOGIN, this::list)
                .add("GET", "api/bindings/{}", Needed.VHOST, call -> answer(call, List.of(call.vhost())));
        addBetween(routes, "q", Binding.Kind.QUEUE);
        addBetween(routes, "e", Binding.Kind.EXCHANGE);
        addBetween(routes, "t", Binding.Kind.TOPIC);
    }

    private void addBetween(Routes routes, String letter, Binding.Kind kind) {
        String path = "api/bindings/{}/e/{}/" + letter + "/{}";
        routes.add("GET", path, Needed.VHOST, call -> Listing.of(Binding::source, Shapes::binding)
                        .answer(call, List.of(between(call, kind))))
                .add("POST", path, Needed.VHOST, call -> bind(call, kind))
                .add("GET", path + "/{}", Needed.VHOST, call -> Answer.now(Shapes.binding(one(call, kind))))
                .add("DELETE", path + "/{}", Needed.VHOST, call -> unbind(call, kind));
    }

    /** Every queue is bound to the default exchange by its name. */
    static Binding defaultBinding(Queue queue) {
        return new Binding(queue.vhost(), "", Binding.Kind.QUEUE, queue.name(), queue.name(), Map.of());
    }

    private CompletableFuture<Answer> list(Call call) {
        return answer(call, rights.visible(call).stream().map(v -> v.name()).toList());
    }

    private CompletableFuture<Answer> answer(Call call, List<String> vhosts) {
        List<Collection<Binding>> parts = new ArrayList<>();
        for (String vhost : vhosts) {
            parts.add(new Mapped<>(broker.catalog().queues(vhost), BindingResource::defaultBinding));
            for (Exchange exchange : broker.catalog().exchanges(vhost)) {
                parts.add(broker.catalog().bindingsFrom(vhost, exchange.name()));
            }
        }
        return Listing.of(Binding::source, Shapes::binding).answer(call, parts);
    }

    private List<Binding> between(Call call, Binding.Kind kind) {
        String source = call.variable(1);
        String destination = call.variable(2);
        requireBoth(call, kind);
        if (source.isEmpty()) {
            Queue queue = broker.catalog().queue(call.vhost(), destination);
            return queue == null ? List.of() : List.of(defaultBinding(queue));
        }
        return broker.catalog().bindingsTo(call.vhost(), kind, destination).stream()
                .filter(binding -> binding.source().equals(source))
                .toList();
    }

    private void requireBoth(Call call, Binding.Kind kind) {
        String vhost = call.vhost();
        String destination = call.variable(2);
        boolean there =
                switch (kind) {
                    case QUEUE -> broker.catalog().queue(vhost, destination) != null;
                    case EXCHANGE -> broker.catalog().exchange(vhost, destination) != null;
                    case TOPIC -> broker.catalog().topic(destination) != null;
                };
        if (!there || broker.catalog().exchange(vhost, call.variable(1)) == null) {
            throw ApiException.notFound();
        }
    }

    private Binding one(Call call, Binding.Kind kind) {
        String key = call.variable(3);
        return between(call, kind).stream()
                .filter(binding -> {
                    String properties = Shapes.propertiesKey(binding);
                    // In a path the key arrives decoded once.
                    return properties.equals(key) || properties.equals(Shapes.quoted(key));
                })
                .findFirst()
                .orElseThrow(ApiException::notFound);
    }

    private void requireRights(Call call) {
        rights.require(call, call.vhost(), Action.WRITE, call.variable(2));
        rights.require(call, call.vhost(), Action.READ, call.variable(1));
    }

    private CompletableFuture<Answer> bind(Call call, Binding.Kind kind) {
        requireBoth(call, kind);
        requireRights(call);
        Call.Body body = call.body();
        String key = body.text("routing_key", "");
        Binding binding = new Binding(
                call.vhost(),
                call.variable(1),
                kind,
                call.variable(2),
                key == null ? "" : key,
                body.table("arguments"));
        String location = Shapes.quoted(binding.destination()) + "/" + Shapes.propertiesKey(binding);
        return broker.topology()
                .bind(binding, QueueResource.NO_CONNECTION)
                .thenApply(nothing -> new Answer(201, null, Map.of("Location", location)));
    }

    private CompletableFuture<Answer> unbind(Call call, Binding.Kind kind) {
        Binding binding = one(call, kind);
        requireRights(call);
        return broker.topology().unbind(binding, QueueResource.NO_CONNECTION).thenApply(nothing -> Answer.NO_CONTENT);
    }
}

package dev.pabal.admin;

import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.Broker;
import dev.pabal.broker.topology.AccessControl.Action;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Queue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code /api/exchanges}: listing, declaring, deleting, what is bound to them, and publishing to them. */
final class ExchangeResource {
    private final Broker broker;
    private final Rights rights;
    private final MessagePublisher publisher;

    ExchangeResource(Broker broker, Rights rights, MessagePublisher publisher) {
        this.broker = broker;
        this.rights = rights;
        this.publisher = publisher;
    }

    void addTo(Routes routes) {
        routes.add("GET", "api/exchanges", Needed.LOGIN, this::list)
                .add("GET", "api/exchanges/{}", Needed.VHOST, call -> listing()
                        .answer(call, List.of(broker.catalog().exchanges(call.vhost()))))
                .add("GET", "api/exchanges/{}/{}", Needed.VHOST, call -> Answer.now(Shapes.exchange(exchange(call))))
                .add("PUT", "api/exchanges/{}/{}", Needed.VHOST, this::declare)
                .add("DELETE", "api/exchanges/{}/{}", Needed.VHOST, this::delete)
                .add("GET", "api/exchanges/{}/{}/bindings/source", Needed.VHOST, this::bindingsFrom)
                .add("GET", "api/exchanges/{}/{}/bindings/destination", Needed.VHOST, this::bindingsTo)
                .add("POST", "api/exchanges/{}/{}/publish", Needed.VHOST, this::publish);
    }

    private Exchange exchange(Call call) {
        Exchange exchange = broker.catalog().exchange(call.vhost(), name(call));
        if (exchange == null) {
            throw ApiException.notFound();
        }
        return exchange;
    }

    /** The default exchange has a name in paths. */
    private static String name(Call call) {
        return call.variable(1).equals("amq.default") ? "" : call.variable(1);
    }

    private CompletableFuture<Answer> list(Call call) {
        List<Collection<Exchange>> parts = new ArrayList<>();
        rights.visible(call).forEach(vhost -> parts.add(broker.catalog().exchanges(vhost.name())));
        return listing().answer(call, parts);
    }

    private static Listing<Exchange> listing() {
        return Listing.of(Exchange::name, Shapes::exchange);
    }

    private CompletableFuture<Answer> declare(Call call) {
        Call.Body body = call.body();
        String name = call.variable(1);
        rights.require(call, call.vhost(), Action.CONFIGURE, name);
        boolean existed = broker.catalog().exchange(call.vhost(), name) != null;
        return broker.topology()
                .declareExchange(
                        call.vhost(),
                        name,
                        body.text("type"),
                        body.flag("durable", true),
                        body.flag("auto_delete", false),
                        body.flag("internal", false),
                        body.table("arguments"))
                .thenApply(exchange -> existed ? Answer.NO_CONTENT : Answer.CREATED);
    }

    private CompletableFuture<Answer> delete(Call call) {
        Exchange exchange = exchange(call);
        rights.require(call, call.vhost(), Action.CONFIGURE, exchange.name());
        return broker.topology()
                .deleteExchange(call.vhost(), exchange.name(), call.query().isTrue("if-unused"))
                .thenApply(nothing -> Answer.NO_CONTENT);
    }

    private CompletableFuture<Answer> bindingsFrom(Call call) {
        Exchange exchange = exchange(call);
        Collection<Binding> bindings;
        if (exchange.name().isEmpty()) {
            Collection<Queue> queues = broker.catalog().queues(call.vhost());
            bindings = new Mapped<>(queues, BindingResource::defaultBinding);
        } else {
            bindings = broker.catalog().bindingsFrom(call.vhost(), exchange.name());
        }
        return Listing.of(Binding::destination, Shapes::binding).answer(call, List.of(bindings));
    }

    private CompletableFuture<Answer> bindingsTo(Call call) {
        Exchange exchange = exchange(call);
        return Listing.of(Binding::source, Shapes::binding)
                .answer(
                        call,
                        List.of(broker.catalog().bindingsTo(call.vhost(), Binding.Kind.EXCHANGE, exchange.name())));
    }

    private CompletableFuture<Answer> publish(Call call) {
        Exchange exchange = exchange(call);
        rights.require(call, call.vhost(), Action.WRITE, exchange.name());
        if (exchange.internal()) {
            throw ApiException.badRequest(
                    "cannot publish to internal exchange '" + exchange.name() + "' in vhost '" + call.vhost() + "'");
        }
        Call.Body body = call.body();
        String routingKey = body.text("routing_key");
        requireRouting(call, exchange, routingKey);
        return publisher
                .publish(call.vhost(), exchange.name(), routingKey, body.table("properties"), payload(body))
                .thenApply(routed -> Answer.ok(Map.of("routed", routed)));
    }

    private void requireRouting(Call call, Exchange exchange, String routingKey) {
        boolean may = !exchange.type().equals("topic")
                || broker.topology()
                        .accessControl()
                        .mayRoute(call.user().name(), call.vhost(), Action.WRITE, exchange.name(), routingKey);
        if (!may) {
            throw ApiException.notAuthorised("ACCESS_REFUSED - write access to topic '" + routingKey
                    + "' in exchange '" + exchange.name() + "' in vhost '" + call.vhost() + "' refused for user '"
                    + call.user().name() + "'");
        }
    }

    private static byte[] payload(Call.Body body) {
        String payload = body.text("payload");
        String encoding = body.text("payload_encoding");
        return switch (encoding) {
            case "string" -> payload.getBytes(StandardCharsets.UTF_8);
            case "base64" -> {
                try {
                    yield Base64.getDecoder().decode(payload);
                } catch (IllegalArgumentException e) {
                    throw ApiException.badRequest("The payload is not base64.");
                }
            }
            default -> throw ApiException.badRequest("Unsupported encoding: " + encoding);
        };
    }
}

package dev.pabal.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.topology.Administration;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.TopicPermission;
import dev.pabal.catalog.VirtualHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes what definitions describe, one thing after another, so that what refers to another comes after it. What exists already in the same
 * form stays; the first thing that is refused ends the import, and what came before it holds.
 */
final class DefinitionsImport {
    private static final int UNLIMITED = -1;

    private final Broker broker;
    private final @Nullable String onlyVhost;
    private final List<Supplier<CompletableFuture<?>>> steps = new ArrayList<>();

    /** @param onlyVhost where all of it goes, whatever it says of itself; null: where each says */
    DefinitionsImport(Broker broker, @Nullable String onlyVhost) {
        this.broker = broker;
        this.onlyVhost = onlyVhost;
    }

    CompletableFuture<Void> run(Call.Body body) {
        Administration administration = broker.topology().administration();
        if (onlyVhost == null) {
            addAccounts(body, administration);
            for (Call.Body each : body.objects("global_parameters")) {
                steps.add(() -> administration.setParameter(
                        ParameterResource.of(ParameterResource.GLOBAL, "", each.text("name"), each.value("value"))));
            }
        }
        for (Call.Body each : body.objects("parameters")) {
            steps.add(() -> administration.setParameter(
                    ParameterResource.of(each.text("component"), vhost(each), each.text("name"), each.value("value"))));
        }
        for (Call.Body each : body.objects("policies")) {
            steps.add(
                    () -> administration.setPolicy(PolicyResource.ofBody(vhost(each), each.text("name"), each, false)));
        }
        for (Call.Body each : body.objects("operator_policies")) {
            steps.add(
                    () -> administration.setPolicy(PolicyResource.ofBody(vhost(each), each.text("name"), each, true)));
        }
        body.objects("queues").forEach(each -> steps.add(() -> queue(each)));
        body.objects("exchanges").forEach(each -> steps.add(() -> exchange(each)));
        body.objects("bindings").forEach(each -> steps.add(() -> binding(each)));
        return Gather.inOrder(steps, Supplier::get);
    }

    private void addAccounts(Call.Body body, Administration administration) {
        for (Call.Body each : body.objects("users")) {
            steps.add(() -> administration.setUser(UserResource.ofBody(each.text("name"), each)));
            Call.Body limits = new Call.Body(each.table("limits"));
            for (String limit : limits.fields().keySet()) {
                steps.add(() -> administration.setUserLimit(
                        each.text("name"), limit, (long) limits.number(limit, UNLIMITED)));
            }
        }
        for (Call.Body each : body.objects("vhosts")) {
            String description = each.text("description", "");
            steps.add(() -> administration.setVhost(
                    new VirtualHost(each.text("name"), description == null ? "" : description, each.words("tags"))));
        }
        for (Call.Body each : body.objects("permissions")) {
            steps.add(() -> administration.setPermission(new Permission(
                    each.text("user"),
                    each.text("vhost"),
                    each.text("configure"),
                    each.text("write"),
                    each.text("read"))));
        }
        for (Call.Body each : body.objects("topic_permissions")) {
            steps.add(() -> administration.setTopicPermission(new TopicPermission(
                    each.text("user"),
                    each.text("vhost"),
                    each.text("exchange"),
                    each.text("write"),
                    each.text("read"))));
        }
    }

    private String vhost(Call.Body each) {
        return onlyVhost != null ? onlyVhost : each.text("vhost");
    }

    private CompletableFuture<?> queue(Call.Body each) {
        Map<String, Object> arguments = new HashMap<>(each.table("arguments"));
        String type = each.text("type", null);
        // Definitions name the type beside the arguments; a queue declared without one is a classic one.
        if (type != null && !type.equals("classic")) {
            arguments.putIfAbsent("x-queue-type", type);
        }
        return broker.topology()
                .declareQueue(
                        vhost(each),
                        each.text("name"),
                        each.flag("durable", true),
                        false,
                        each.flag("auto_delete", false),
                        arguments,
                        QueueResource.NO_CONNECTION);
    }

    private CompletableFuture<?> exchange(Call.Body each) {
        return broker.topology()
                .declareExchange(
                        vhost(each),
                        each.text("name"),
                        each.text("type"),
                        each.flag("durable", true),
                        each.flag("auto_delete", false),
                        each.flag("internal", false),
                        each.table("arguments"));
    }

    private CompletableFuture<?> binding(Call.Body each) {
        String kind = each.text("destination_type").toUpperCase(Locale.ROOT);
        if (!kind.equals("QUEUE") && !kind.equals("EXCHANGE") && !kind.equals("TOPIC")) {
            throw ApiException.badRequest("The field 'destination_type' takes queue, exchange or topic.");
        }
        Binding binding = new Binding(
                vhost(each),
                each.text("source"),
                Binding.Kind.valueOf(kind),
                each.text("destination"),
                each.text("routing_key"),
                each.table("arguments"));
        return broker.topology().bind(binding, QueueResource.NO_CONNECTION);
    }

    /** Whether a binding from a durable exchange outlives a restart: where its other end does. */
    static boolean isStored(CatalogImage image, Binding binding) {
        return switch (binding.kind()) {
            case QUEUE -> {
                Queue queue = image.queue(binding.vhost(), binding.destination());
                yield queue != null && queue.stored();
            }
            case EXCHANGE -> {
                Exchange exchange = image.exchange(binding.vhost(), binding.destination());
                yield exchange != null && exchange.durable();
            }
            case TOPIC -> true;
        };
    }
}

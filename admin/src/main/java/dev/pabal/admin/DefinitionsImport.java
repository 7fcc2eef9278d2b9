package dev.pabal.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.topology.Administration;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Parameter;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.Policy;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.TopicPermission;
import dev.pabal.catalog.User;
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
 * Makes what definitions describe, one thing after another, so that what refers to another comes after it. All of it is read and checked
 * first as far as it can be by itself. What exists already in the same form stays; the first thing that is refused for what is there already
 * ends the import, and what came before it holds.
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

    /** Reads all of it first: where anything is malformed, nothing is made. */
    CompletableFuture<Void> run(Call.Body body) {
        Administration administration = broker.topology().administration();
        if (onlyVhost == null) {
            addAccounts(body, administration);
            for (Call.Body each : body.objects("global_parameters")) {
                Parameter parameter =
                        ParameterResource.of(ParameterResource.GLOBAL, "", each.text("name"), each.value("value"));
                steps.add(() -> administration.setParameter(parameter));
            }
        }
        for (Call.Body each : body.objects("parameters")) {
            Parameter parameter =
                    ParameterResource.of(each.text("component"), vhost(each), each.text("name"), each.value("value"));
            steps.add(() -> administration.setParameter(parameter));
        }
        body.objects("policies").forEach(each -> policy(each, false));
        body.objects("operator_policies").forEach(each -> policy(each, true));
        body.objects("queues").forEach(this::queue);
        body.objects("exchanges").forEach(this::exchange);
        body.objects("bindings").forEach(this::binding);
        return Gather.inOrder(steps, Supplier::get);
    }

    private void addAccounts(Call.Body body, Administration administration) {
        body.objects("users").forEach(each -> user(each, administration));
        for (Call.Body each : body.objects("vhosts")) {
            String description = each.text("description", "");
            VirtualHost vhost =
                    new VirtualHost(each.text("name"), description == null ? "" : description, each.words("tags"));
            steps.add(() -> administration.setVhost(vhost));
        }
        for (Call.Body each : body.objects("permissions")) {
            Permission permission = new Permission(
                    each.text("user"),
                    each.text("vhost"),
                    each.text("configure"),
                    each.text("write"),
                    each.text("read"));
            steps.add(() -> administration.setPermission(permission));
        }
        for (Call.Body each : body.objects("topic_permissions")) {
            TopicPermission permission = new TopicPermission(
                    each.text("user"),
                    each.text("vhost"),
                    each.text("exchange"),
                    each.text("write"),
                    each.text("read"));
            steps.add(() -> administration.setTopicPermission(permission));
        }
    }

    private void user(Call.Body each, Administration administration) {
        User user = UserResource.ofBody(each.text("name"), each);
        steps.add(() -> administration.setUser(user));
        Call.Body limits = new Call.Body(each.table("limits"));
        for (String limit : limits.fields().keySet()) {
            long most = limits.number(limit, UNLIMITED);
            steps.add(() -> administration.setUserLimit(user.name(), limit, most));
        }
    }

    private void policy(Call.Body each, boolean operator) {
        Administration administration = broker.topology().administration();
        Policy policy = PolicyResource.ofBody(vhost(each), each.text("name"), each, operator);
        administration.checkPolicy(policy);
        steps.add(() -> administration.setPolicy(policy));
    }

    private String vhost(Call.Body each) {
        return onlyVhost != null ? onlyVhost : each.text("vhost");
    }

    private void queue(Call.Body each) {
        Map<String, Object> arguments = new HashMap<>(each.table("arguments"));
        String type = each.text("type", null);
        // Definitions name the type beside the arguments; a queue declared without one is a classic one.
        if (type != null && !type.equals("classic")) {
            arguments.putIfAbsent("x-queue-type", type);
        }
        String vhost = vhost(each);
        String name = each.text("name");
        boolean durable = each.flag("durable", true);
        boolean autoDelete = each.flag("auto_delete", false);
        broker.topology().checkQueue(vhost, name, arguments);
        steps.add(() -> broker.topology()
                .declareQueue(vhost, name, durable, false, autoDelete, arguments, QueueResource.NO_CONNECTION));
    }

    private void exchange(Call.Body each) {
        String vhost = vhost(each);
        String name = each.text("name");
        String type = each.text("type");
        boolean durable = each.flag("durable", true);
        boolean autoDelete = each.flag("auto_delete", false);
        boolean internal = each.flag("internal", false);
        Map<String, Object> arguments = each.table("arguments");
        steps.add(() -> broker.topology().declareExchange(vhost, name, type, durable, autoDelete, internal, arguments));
    }

    private void binding(Call.Body each) {
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
        steps.add(() -> broker.topology().bind(binding, QueueResource.NO_CONNECTION));
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

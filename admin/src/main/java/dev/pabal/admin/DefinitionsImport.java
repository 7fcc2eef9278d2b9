package dev.pabal.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what definitions describe, one thing after another, so that what refers to another comes after it. All of it is read and checked
 * first, also that whatever something refers to is there or among the definitions: where anything is wrong nothing is made.
 *
 * <p>As in RabbitMQ, a queue or exchange that exists stays as it is, also where the definitions describe it differently, and names that begin
 * with {@code amq.} are passed over; users, virtual hosts, permissions, policies and parameters become what the definitions say. Where something
 * is refused after all, by a limit or a full disk, the answer says what was made before.
 */
final class DefinitionsImport {
    private static final Logger LOG = LoggerFactory.getLogger(DefinitionsImport.class);
    private static final int UNLIMITED = -1;

    private final Broker broker;
    private final @Nullable String onlyVhost;
    private final CatalogImage image;
    private final DefinedNames names;
    private final List<Step> steps = new ArrayList<>();

    /**
     * One thing to be made.
     *
     * @param kind in the plural, for people
     * @param what for people
     */
    private record Step(String kind, String what, Supplier<CompletableFuture<?>> making) {}

    /** @param onlyVhost where all of it goes, whatever it says of itself; null: where each says */
    DefinitionsImport(Broker broker, @Nullable String onlyVhost) {
        this.broker = broker;
        this.onlyVhost = onlyVhost;
        this.image = broker.catalog();
        this.names = new DefinedNames(image);
    }

    /** Reads and checks all of it first: where anything is wrong, nothing is made. */
    CompletableFuture<Void> run(Call.Body body) {
        read(body);
        names.check();
        List<String> made = new ArrayList<>();
        return Gather.inOrder(steps, step -> step.making().get().thenRun(() -> made.add(step.kind())))
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(stopped(error, made)));
    }

    /** What is said where a step fails: which one, why, and what holds. */
    private Throwable stopped(Throwable error, List<String> made) {
        Throwable cause = Cause.of(error);
        if (!(cause instanceof BrokerException refused) || made.size() >= steps.size()) {
            return cause;
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        made.forEach(kind -> counts.merge(kind, 1, Integer::sum));
        String holds = counts.entrySet().stream()
                .map(kind -> kind.getKey() + ": " + kind.getValue())
                .collect(Collectors.joining(", "));
        return new BrokerException(
                refused.refusal(),
                "%s. The import stopped at %s; %d of %d definitions hold%s."
                        .formatted(
                                refused.getMessage(),
                                steps.get(made.size()).what(),
                                made.size(),
                                steps.size(),
                                made.isEmpty() ? "" : " (" + holds + ")"));
    }

    private void read(Call.Body body) {
        Administration administration = broker.topology().administration();
        if (onlyVhost == null) {
            addAccounts(body, administration);
            for (Call.Body each : body.objects("global_parameters")) {
                Parameter parameter =
                        ParameterResource.of(ParameterResource.GLOBAL, "", each.text("name"), each.value("value"));
                step(
                        "global parameters",
                        "global parameter '" + parameter.name() + "'",
                        () -> administration.setParameter(parameter));
            }
        }
        for (Call.Body each : body.objects("parameters")) {
            Parameter parameter =
                    ParameterResource.of(each.text("component"), vhost(each), each.text("name"), each.value("value"));
            names.usesVhost(parameter.vhost());
            step("parameters", "parameter '" + parameter.name() + "'", () -> administration.setParameter(parameter));
        }
        body.objects("policies").forEach(each -> policy(each, false));
        body.objects("operator_policies").forEach(each -> policy(each, true));
        body.objects("queues").forEach(this::queue);
        body.objects("exchanges").forEach(this::exchange);
        body.objects("bindings").forEach(this::binding);
    }

    private void step(String kind, String what, Supplier<CompletableFuture<?>> making) {
        steps.add(new Step(kind, what, making));
    }

    private void addAccounts(Call.Body body, Administration administration) {
        body.objects("users").forEach(each -> user(each, administration));
        for (Call.Body each : body.objects("vhosts")) {
            VirtualHost vhost = vhost(each.text("name"), each);
            names.vhost(vhost.name());
            step("vhosts", "vhost '" + vhost.name() + "'", () -> administration.setVhost(vhost));
        }
        for (Call.Body each : body.objects("permissions")) {
            Permission permission = new Permission(
                    each.text("user"),
                    each.text("vhost"),
                    each.text("configure"),
                    each.text("write"),
                    each.text("read"));
            names.usesVhost(permission.vhost());
            names.usesUser(permission.user());
            step(
                    "permissions",
                    "the permission of user '" + permission.user() + "'",
                    () -> administration.setPermission(permission));
        }
        for (Call.Body each : body.objects("topic_permissions")) {
            TopicPermission permission = new TopicPermission(
                    each.text("user"),
                    each.text("vhost"),
                    each.text("exchange"),
                    each.text("write"),
                    each.text("read"));
            names.usesVhost(permission.vhost());
            names.usesUser(permission.user());
            step(
                    "topic permissions",
                    "the topic permission of user '" + permission.user() + "'",
                    () -> administration.setTopicPermission(permission));
        }
    }

    /** Definitions say what is known of a virtual host beside its name, or below {@code metadata}, as RabbitMQ does. */
    private static VirtualHost vhost(String name, Call.Body each) {
        Call.Body metadata = new Call.Body(each.table("metadata"));
        return VhostResource.ofBody(each, VhostResource.ofBody(metadata, new VirtualHost(name, "", List.of())));
    }

    private void user(Call.Body each, Administration administration) {
        User user = UserResource.ofBody(each.text("name"), each);
        names.user(user.name());
        step("users", "user '" + user.name() + "'", () -> administration.setUser(user));
        Call.Body limits = new Call.Body(each.table("limits"));
        for (String limit : limits.fields().keySet()) {
            long most = limits.number(limit, UNLIMITED);
            step(
                    "user limits",
                    "limit '" + limit + "' of user '" + user.name() + "'",
                    () -> administration.setUserLimit(user.name(), limit, most));
        }
    }

    private void policy(Call.Body each, boolean operator) {
        Administration administration = broker.topology().administration();
        Policy policy = PolicyResource.ofBody(vhost(each), each.text("name"), each, operator);
        administration.checkPolicy(policy);
        names.usesVhost(policy.vhost());
        step("policies", "policy '" + policy.name() + "'", () -> administration.setPolicy(policy));
    }

    private String vhost(Call.Body each) {
        return onlyVhost != null ? onlyVhost : each.text("vhost");
    }

    private void queue(Call.Body each) {
        Map<String, Object> arguments = new HashMap<>(each.table("arguments"));
        String type = each.text("type", null);
        boolean classic = "classic".equals(type);
        // Definitions name the type beside the arguments; a classic queue is mostly declared without one.
        if (type != null && !classic) {
            arguments.putIfAbsent("x-queue-type", type);
        }
        String vhost = vhost(each);
        String name = each.text("name");
        boolean durable = each.flag("durable", true);
        boolean autoDelete = each.flag("auto_delete", false);
        names.queue(vhost, name);
        if (isThere(vhost, name, image::queue) || isReserved(name)) {
            LOG.debug("queue '{}' in vhost '{}' is not imported: it is there, or its name is reserved", name, vhost);
            return;
        }
        broker.topology().checkQueue(vhost, name, arguments);
        step("queues", "queue '" + name + "' in vhost '" + vhost + "'", () -> {
            if (classic && !isClassicBySilence(vhost)) {
                arguments.putIfAbsent("x-queue-type", type);
            }
            return broker.topology()
                    .declareQueue(vhost, name, durable, false, autoDelete, arguments, QueueResource.NO_CONNECTION);
        });
    }

    /** Whether a queue of which no type is said is a classic one there. */
    private boolean isClassicBySilence(String vhost) {
        VirtualHost host = broker.catalog().vhost(vhost);
        return host == null || host.defaultQueueType() == Queue.Type.CLASSIC;
    }

    private <T> boolean isThere(String vhost, String name, BiFunction<String, String, @Nullable T> finder) {
        return image.vhost(vhost) != null && finder.apply(vhost, name) != null;
    }

    private static boolean isReserved(String name) {
        return name.isEmpty() || name.startsWith("amq.");
    }

    private void exchange(Call.Body each) {
        String vhost = vhost(each);
        String name = each.text("name");
        String type = each.text("type");
        boolean durable = each.flag("durable", true);
        boolean autoDelete = each.flag("auto_delete", false);
        boolean internal = each.flag("internal", false);
        Map<String, Object> arguments = each.table("arguments");
        names.exchange(vhost, name);
        if (isThere(vhost, name, image::exchange) || isReserved(name)) {
            LOG.debug("exchange '{}' in vhost '{}' is not imported: it is there, or its name is reserved", name, vhost);
            return;
        }
        broker.topology().checkExchange(vhost, name, type, arguments);
        step("exchanges", "exchange '" + name + "' in vhost '" + vhost + "'", () -> broker.topology()
                .declareExchange(vhost, name, type, durable, autoDelete, internal, arguments));
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
        if (binding.source().isEmpty() || isPassedOver(binding)) {
            LOG.debug("{} is not imported: it is there by itself, or its queue is not imported", binding);
            return;
        }
        names.usesExchange(binding.vhost(), binding.source());
        switch (binding.kind()) {
            case QUEUE -> names.usesQueue(binding.vhost(), binding.destination());
            case EXCHANGE -> names.usesExchange(binding.vhost(), binding.destination());
            case TOPIC -> names.usesTopic(binding.destination());
        }
        step(
                "bindings",
                "the binding of '" + binding.source() + "' to '" + binding.destination() + "' in vhost '"
                        + binding.vhost() + "'",
                () -> broker.topology().bind(binding, QueueResource.NO_CONNECTION));
    }

    /** Whether its queue was named by a broker, another one perhaps, and is not here. */
    private boolean isPassedOver(Binding binding) {
        return binding.kind() == Binding.Kind.QUEUE
                && isReserved(binding.destination())
                && !isThere(binding.vhost(), binding.destination(), image::queue);
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

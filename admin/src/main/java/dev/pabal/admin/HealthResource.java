package dev.pabal.admin;

import dev.pabal.admin.AdminEnvironment.BoundPort;
import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.Broker;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.Settlement;
import dev.pabal.broker.topology.AccessControl.Action;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code /api/health/checks/...}: 200 where all is well, otherwise 503 and why; and {@code /api/aliveness-test}. */
final class HealthResource {
    private static final String TEST_QUEUE = "aliveness-test";
    /** A queue that messages can be taken from, whatever its virtual host has for queues of no type. */
    private static final Map<String, Object> TEST_ARGUMENTS = Map.of("x-queue-type", "classic");

    private static final byte[] TEST_BODY = "test_message".getBytes(StandardCharsets.UTF_8);
    private static final List<String> PROTOCOL_OF_RABBIT = List.of("amqp", "amqp091", "amqp0-9-1", "amqp-0-9-1");

    private final Broker broker;
    private final AdminEnvironment environment;
    private final Rights rights;
    private final MessagePublisher publisher;

    HealthResource(Broker broker, AdminEnvironment environment, Rights rights, MessagePublisher publisher) {
        this.broker = broker;
        this.environment = environment;
        this.rights = rights;
        this.publisher = publisher;
    }

    void addTo(Routes routes) {
        String path = "api/health/checks/";
        routes.add("GET", "api/aliveness-test/{}", Needed.VHOST, this::aliveness)
                .add("GET", path + "alarms", Needed.LOGIN, call -> check(alarm()))
                .add("GET", path + "local-alarms", Needed.LOGIN, call -> check(alarm()))
                .add("GET", path + "virtual-hosts", Needed.LOGIN, call -> check(serving()))
                .add("GET", path + "is-in-service", Needed.LOGIN, call -> check(serving()))
                .add("GET", path + "ready-to-serve-clients", Needed.LOGIN, call -> check(serving()))
                .add("GET", path + "node-is-quorum-critical", Needed.LOGIN, call -> check(null))
                .add("GET", path + "node-is-mirror-sync-critical", Needed.LOGIN, call -> check(null))
                .add("GET", path + "port-listener/{}", Needed.LOGIN, this::port)
                .add("GET", path + "protocol-listener/{}", Needed.LOGIN, this::protocol);
    }

    private @Nullable String alarm() {
        if (broker.store().failure().isCompletedExceptionally()) {
            return "The store has failed; restart the broker.";
        }
        return broker.store().stats().writable() ? null : "The disk has no room; free some.";
    }

    private @Nullable String serving() {
        return environment.serving().getAsBoolean() ? null : "The broker is starting or stopping.";
    }

    private static CompletableFuture<Answer> check(@Nullable String fault) {
        return CompletableFuture.completedFuture(
                fault == null ? Answer.ok(Map.of("status", "ok")) : failed(new LinkedHashMap<>(), fault));
    }

    private static Answer failed(Map<String, Object> details, String reason) {
        details.put("status", "failed");
        details.put("reason", reason);
        return new Answer(503, details, Map.of());
    }

    private CompletableFuture<Answer> port(Call call) {
        int wanted;
        try {
            wanted = Integer.parseInt(call.variable(0));
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("Invalid port");
        }
        List<Integer> ports =
                environment.listeners().get().stream().map(BoundPort::port).toList();
        if (ports.contains(wanted)) {
            return Answer.now(Map.of("status", "ok", "port", wanted));
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("missing", wanted);
        details.put("ports", ports);
        return CompletableFuture.completedFuture(failed(details, "No active listener"));
    }

    private CompletableFuture<Answer> protocol(Call call) {
        String asked = call.variable(0);
        String wanted = PROTOCOL_OF_RABBIT.contains(asked) ? "amqp" : asked;
        List<String> protocols =
                environment.listeners().get().stream().map(BoundPort::protocol).toList();
        if (protocols.contains(wanted)) {
            return Answer.now(Map.of("status", "ok", "protocol", asked));
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("missing", asked);
        details.put("protocols", protocols);
        return CompletableFuture.completedFuture(failed(details, "No active listener"));
    }

    /** Declares a queue, publishes to it and takes the message back. */
    private CompletableFuture<Answer> aliveness(Call call) {
        String vhost = call.vhost();
        for (Action action : Action.values()) {
            rights.require(call, vhost, action, TEST_QUEUE);
        }
        return broker.topology()
                .declareQueue(vhost, TEST_QUEUE, true, false, false, TEST_ARGUMENTS, QueueResource.NO_CONNECTION)
                .thenCompose(queue -> publisher
                        .publish(vhost, "", TEST_QUEUE, Map.of(), TEST_BODY)
                        .thenCompose(routed -> {
                            MessageQueue running = broker.queues().find(queue.id());
                            return running == null
                                    ? CompletableFuture.completedFuture(failed(new LinkedHashMap<>(), "no queue"))
                                    : takeBack(running);
                        }));
    }

    private static CompletableFuture<Answer> takeBack(MessageQueue queue) {
        MessageQueue.Holder holder = queue.newHolder();
        return queue.get(false, holder)
                .thenApply(got -> {
                    if (got == null) {
                        return failed(new LinkedHashMap<>(), "the message that was published did not come back");
                    }
                    try (got) {
                        queue.settle(new Settlement(Settlement.Outcome.ACK).add(got.offset(0), got.generation(0)));
                    }
                    return Answer.ok(Map.of("status", "ok"));
                })
                .whenComplete((answer, error) -> holder.close());
    }
}

package dev.pabal.admin;

import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.Broker;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.topology.AccessControl.Action;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.VirtualHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** {@code /api/queues}: listing, declaring, deleting, purging and reading single messages; and {@code /api/consumers}. */
final class QueueResource {
    /** Who declares here is no connection: exclusive queues of others are locked, and none can be made. */
    static final UUID NO_CONNECTION = new UUID(0, 0);

    private final Broker broker;
    private final Rights rights;
    private final Figures figures;
    private final QueueShape shape;
    private final MessageReader reader;

    QueueResource(Broker broker, Rights rights, Figures figures, QueueShape shape) {
        this.broker = broker;
        this.rights = rights;
        this.figures = figures;
        this.shape = shape;
        this.reader = new MessageReader();
    }

    void addTo(Routes routes) {
        routes.add("GET", "api/queues", Needed.LOGIN, this::list)
                .add("GET", "api/queues/detailed", Needed.LOGIN, this::list)
                .add("GET", "api/queues/{}", Needed.VHOST, this::listOfVhost)
                .add("GET", "api/queues/{}/{}", Needed.VHOST, this::one)
                .add("PUT", "api/queues/{}/{}", Needed.VHOST, this::declare)
                .add("DELETE", "api/queues/{}/{}", Needed.VHOST, this::delete)
                .add("GET", "api/queues/{}/{}/bindings", Needed.VHOST, this::bindings)
                .add("DELETE", "api/queues/{}/{}/contents", Needed.VHOST, this::purge)
                .add("POST", "api/queues/{}/{}/get", Needed.VHOST, this::read)
                .add("GET", "api/consumers", Needed.LOGIN, call -> consumers(call, rights.visible(call)))
                .add("GET", "api/consumers/{}", Needed.VHOST, call -> consumers(call, List.of(vhost(call))));
    }

    private VirtualHost vhost(Call call) {
        VirtualHost vhost = broker.catalog().vhost(call.vhost());
        if (vhost == null) {
            throw ApiException.notFound();
        }
        return vhost;
    }

    private Queue queue(Call call) {
        Queue queue = broker.catalog().queue(call.vhost(), call.variable(1));
        if (queue == null) {
            throw ApiException.notFound();
        }
        return queue;
    }

    private CompletableFuture<Answer> one(Call call) {
        return shape.whole(queue(call)).thenApply(Answer::ok);
    }

    private CompletableFuture<Answer> list(Call call) {
        List<Collection<Queue>> parts = new ArrayList<>();
        rights.visible(call).forEach(vhost -> parts.add(broker.catalog().queues(vhost.name())));
        return listing(call).answer(call, parts);
    }

    private CompletableFuture<Answer> listOfVhost(Call call) {
        return listing(call).answer(call, List.of(broker.catalog().queues(call.vhost())));
    }

    private Listing<Queue> listing(Call call) {
        boolean still = call.query().isTrue("disable_stats") && !call.query().isTrue("enable_queue_totals");
        return still ? Listing.of(Queue::name, shape::still) : new Listing<>(Queue::name, shape::withFigures);
    }

    private CompletableFuture<Answer> declare(Call call) {
        String name = call.variable(1);
        Call.Body body = call.body();
        rights.require(call, call.vhost(), Action.CONFIGURE, name);
        Map<String, Object> arguments = new HashMap<>(body.table("arguments"));
        String type = body.text("type", null);
        if (type != null && !type.isEmpty()) {
            arguments.putIfAbsent("x-queue-type", type);
        }
        boolean existed = broker.catalog().queue(call.vhost(), name) != null;
        return broker.topology()
                .declareQueue(
                        call.vhost(),
                        name,
                        body.flag("durable", true),
                        body.flag("exclusive", false),
                        body.flag("auto_delete", false),
                        arguments,
                        NO_CONNECTION)
                .thenApply(queue -> existed ? Answer.NO_CONTENT : Answer.CREATED);
    }

    private CompletableFuture<Answer> delete(Call call) {
        Queue queue = queue(call);
        rights.require(call, call.vhost(), Action.CONFIGURE, queue.name());
        boolean ifUnused = call.query().isTrue("if-unused");
        boolean ifEmpty = call.query().isTrue("if-empty");
        return broker.topology()
                .deleteQueue(call.vhost(), queue.name(), ifUnused, ifEmpty, NO_CONNECTION)
                .thenApply(count -> Answer.NO_CONTENT);
    }

    private CompletableFuture<Answer> bindings(Call call) {
        Queue queue = queue(call);
        List<Binding> all = new ArrayList<>();
        all.add(BindingResource.defaultBinding(queue));
        all.addAll(broker.catalog().bindingsTo(call.vhost(), Binding.Kind.QUEUE, queue.name()));
        return Listing.of(Binding::source, Shapes::binding).answer(call, List.of(all));
    }

    private CompletableFuture<Answer> purge(Call call) {
        Queue queue = queue(call);
        rights.require(call, call.vhost(), Action.READ, queue.name());
        return running(queue).purge().thenApply(count -> Answer.NO_CONTENT);
    }

    private CompletableFuture<Answer> read(Call call) {
        Queue queue = queue(call);
        rights.require(call, call.vhost(), Action.READ, queue.name());
        return reader.read(running(queue), MessageReader.Wanted.of(call.body())).thenApply(Answer::ok);
    }

    private MessageQueue running(Queue queue) {
        MessageQueue running = broker.queues().find(queue.id());
        if (running == null) {
            throw ApiException.badRequest("The queue is a stream, from which messages are read by offset only.");
        }
        return running;
    }

    private CompletableFuture<Answer> consumers(Call call, List<VirtualHost> vhosts) {
        List<Queue> queues = new ArrayList<>();
        vhosts.forEach(vhost -> queues.addAll(broker.catalog().queues(vhost.name())));
        return Gather.all(queues, queue -> figures.of(queue).thenApply(status -> QueueShape.consumers(queue, status)))
                .thenCompose(all -> {
                    List<Map<String, Object>> flat =
                            all.stream().flatMap(List::stream).toList();
                    return Listing.<Map<String, Object>>of(c -> String.valueOf(c.get("consumer_tag")), c -> c)
                            .answer(call, List.of(flat));
                });
    }
}

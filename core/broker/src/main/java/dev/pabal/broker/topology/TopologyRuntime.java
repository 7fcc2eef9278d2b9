package dev.pabal.broker.topology;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.Refusal;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.QueueDirectory;
import dev.pabal.broker.queue.QueueSettings;
import dev.pabal.broker.queue.Queues;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.VirtualHost;
import dev.pabal.routing.RoutingTable;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges, queues and bindings over the catalog. Changes are planned on the catalog's thread; the broker then shows them here in two steps:
 * {@link #policiesChanged} before queues come and go, {@link #changed} after.
 */
public final class TopologyRuntime implements Topology, QueueDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(TopologyRuntime.class);

    private final CatalogEditor editor;
    private final Supplier<CatalogImage> catalog;
    private final Supplier<Queues> queues;
    private final QueueChanges queueChanges;
    private final AdministrationChanges administration;
    private final AccessControl accessControl;
    private final Routes routes;
    private final Map<String, PolicyTable> policies = new ConcurrentHashMap<>();
    /** Exclusive queues by their connections. Touched on the catalog's thread only. */
    private final Map<UUID, Set<UUID>> exclusive = new HashMap<>();

    /** Queues on their way out because nobody uses them. */
    private final Map<UUID, CompletableFuture<Void>> leaving = new ConcurrentHashMap<>();

    private volatile @Nullable BiConsumer<Queue, QueueSettings> settingsListener;
    /** Virtual hosts whose messages are copied to their trace exchanges. */
    private volatile Set<String> traced = Set.of();

    /**
     * @param catalog what exists now; has its first image when this is called
     * @param queues the running queues, asked for when they are first needed
     */
    public TopologyRuntime(
            CatalogEditor editor, TopicSpace topics, Supplier<CatalogImage> catalog, Supplier<Queues> queues) {
        this.editor = editor;
        this.catalog = catalog;
        this.queues = queues;
        this.queueChanges = new QueueChanges(topics);
        this.administration = new AdministrationChanges(editor);
        this.accessControl = new CatalogAccessControl(catalog);
        CatalogImage image = catalog.get();
        for (VirtualHost vhost : image.vhosts()) {
            policies.put(vhost.name(), new PolicyTable(image.policies(vhost.name())));
        }
        this.routes = new Routes(image, this::policiesOf);
    }

    /** On the catalog's thread, before queues are made or taken away: policies as they are now. Tells of queues whose settings changed. */
    public void policiesChanged(CatalogImage before, CatalogImage after, List<CatalogChange> changes) {
        Set<String> touched = new LinkedHashSet<>();
        for (CatalogChange change : changes) {
            if (change instanceof CatalogChange.PolicySet c) {
                touched.add(c.policy().vhost());
            } else if (change instanceof CatalogChange.PolicyDeleted c) {
                touched.add(c.vhost());
            } else if (change instanceof CatalogChange.VirtualHostDeleted c) {
                policies.remove(c.name());
                trace(c.name(), false);
            }
        }
        for (String vhost : touched) {
            if (after.vhost(vhost) != null) {
                PolicyTable was = policiesOf(vhost);
                PolicyTable is = new PolicyTable(after.policies(vhost));
                policies.put(vhost, is);
                tellSettings(before, after, vhost, was, is);
            }
        }
    }

    private void tellSettings(CatalogImage before, CatalogImage after, String vhost, PolicyTable was, PolicyTable is) {
        BiConsumer<Queue, QueueSettings> listener = settingsListener;
        if (listener == null || before.vhost(vhost) == null) {
            return;
        }
        for (Queue queue : before.queues(vhost)) {
            QueueSettings now = SettingsResolver.resolve(queue, is);
            if (after.queue(queue.id()) != null && !now.equals(SettingsResolver.resolve(queue, was))) {
                listener.accept(queue, now);
            }
        }
    }

    /** On the catalog's thread, once running queues are as the changes say: routes lead to queues that are there. */
    public void changed(CatalogImage after, List<CatalogChange> changes) {
        routes.changed(after, changes);
    }

    private PolicyTable policiesOf(String vhost) {
        return policies.getOrDefault(vhost, PolicyTable.EMPTY);
    }

    @Override
    public @Nullable RoutingTable routes(String vhost) {
        return routes.of(vhost);
    }

    @Override
    public CompletableFuture<Exchange> declareExchange(
            String vhost,
            String name,
            String type,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            Map<String, Object> arguments) {
        Exchange wanted = new Exchange(new UUID(0, 0), vhost, name, type, durable, autoDelete, internal, arguments);
        return editor.submit(image -> ExchangeChanges.declare(image, wanted));
    }

    @Override
    public CompletableFuture<Void> deleteExchange(String vhost, String name, boolean ifUnused) {
        return editor.submit(image -> ExchangeChanges.delete(image, vhost, name, ifUnused));
    }

    @Override
    public CompletableFuture<Queue> declareQueue(
            String vhost,
            String name,
            boolean durable,
            boolean exclusiveQueue,
            boolean autoDelete,
            Map<String, Object> arguments,
            UUID connection) {
        QueueDeclaration wanted =
                new QueueDeclaration(vhost, name, durable, exclusiveQueue, autoDelete, arguments, connection);
        return editor.submit(image -> {
            Planned<Queue> planned = queueChanges.declare(image, wanted);
            UUID owner = planned.result().exclusiveTo();
            if (owner != null) {
                exclusive
                        .computeIfAbsent(owner, id -> new LinkedHashSet<>())
                        .add(planned.result().id());
            }
            MessageQueue running = planned.changes().isEmpty()
                    ? queues.get().find(planned.result().id())
                    : null;
            if (running != null) {
                running.declaredAgain();
            }
            return planned;
        });
    }

    @Override
    public CompletableFuture<Queue> changeQueue(String vhost, String name, UnaryOperator<Map<String, Object>> change) {
        return editor.submit(image -> QueueChanges.change(image, vhost, name, change));
    }

    @Override
    public Queue queue(String vhost, String rawName, UUID connection) {
        String name = Names.strip(rawName);
        Queue queue = QueueChanges.find(catalog.get(), vhost, name);
        if (queue == null) {
            throw Names.notFound(Names.queue(vhost, name));
        }
        QueueChanges.checkAccess(queue, connection);
        return queue;
    }

    @Override
    public CompletableFuture<Long> deleteQueue(
            String vhost, String rawName, boolean ifUnused, boolean ifEmpty, UUID connection) {
        String name = Names.strip(rawName);
        CatalogImage image = catalog.get();
        Queue queue = QueueChanges.find(image, vhost, name);
        if (queue == null) {
            return CompletableFuture.completedFuture(0L);
        }
        try {
            QueueChanges.checkAccess(queue, connection);
            if (QueueChanges.isPlainTopic(image, queue)) {
                throw new BrokerException(
                        Refusal.PRECONDITION_FAILED,
                        Names.queue(vhost, name) + " is a topic that was not declared as a queue:"
                                + " delete it as a topic");
            }
        } catch (BrokerException e) {
            return CompletableFuture.failedFuture(e);
        }
        return retireAndRemove(queue, ifUnused, ifEmpty);
    }

    /** Streams have no running queue: nothing is counted, and nothing holds them back. */
    private CompletableFuture<Long> retireAndRemove(Queue queue, boolean ifUnused, boolean ifEmpty) {
        MessageQueue running = queues.get().find(queue.id());
        CompletableFuture<Long> retired = running == null
                ? CompletableFuture.completedFuture(0L)
                : running.retire(ifUnused, ifEmpty).exceptionally(TopologyRuntime::noneWhereGone);
        return retired.thenCompose(messages -> remove(queue.id())
                .whenComplete((nothing, error) -> {
                    if (error != null && running != null) {
                        running.reinstate();
                    }
                })
                .thenApply(nothing -> messages));
    }

    /** Somebody else may have deleted it meanwhile: then that is done. */
    private static long noneWhereGone(Throwable failure) {
        Throwable cause = Cause.of(failure);
        if (cause instanceof BrokerException refused && refused.refusal() == Refusal.NOT_FOUND) {
            return 0;
        }
        throw new CompletionException(cause);
    }

    private CompletableFuture<Void> remove(UUID queueId) {
        return editor.submit(image -> {
            Queue queue = image.queue(queueId);
            return queue == null ? Planned.of(List.of()) : Planned.of(removal(image, List.of(queue)));
        });
    }

    private List<CatalogChange> removal(CatalogImage image, List<Queue> gone) {
        Edits edits = new Edits(image);
        for (Queue queue : gone) {
            edits.removeQueue(queue);
            queueChanges.released(queue);
            UUID owner = queue.exclusiveTo();
            Set<UUID> own = owner == null ? null : exclusive.get(owner);
            if (own != null && own.remove(queue.id()) && own.isEmpty()) {
                exclusive.remove(owner);
            }
        }
        return edits.changes();
    }

    @Override
    public CompletableFuture<Void> bind(Binding binding, UUID connection) {
        return editor.submit(image -> BindingChanges.bind(image, binding, connection));
    }

    @Override
    public CompletableFuture<Void> unbind(Binding binding, UUID connection) {
        return editor.submit(image -> BindingChanges.unbind(image, binding, connection));
    }

    @Override
    public CompletableFuture<Void> departure(UUID queueId) {
        return leaving.getOrDefault(queueId, CompletableFuture.completedFuture(null));
    }

    @Override
    public CompletableFuture<Void> connectionClosed(UUID connection) {
        return editor.submit(image -> {
            Set<UUID> own = exclusive.getOrDefault(connection, Set.of());
            List<Queue> gone = List.copyOf(own).stream()
                    .map(image::queue)
                    .filter(queue -> queue != null)
                    .toList();
            Planned<Void> planned = Planned.of(removal(image, gone));
            exclusive.remove(connection);
            return planned;
        });
    }

    @Override
    public void checkQueue(String vhost, String name, Map<String, Object> arguments) {
        String what = Names.queue(vhost, name);
        QueueArguments.check(QueueArguments.type(arguments, what), arguments, what);
    }

    @Override
    public void checkExchange(String vhost, String name, String type, Map<String, Object> arguments) {
        ExchangeChanges.check(type, arguments, Names.exchange(vhost, name));
    }

    @Override
    public boolean traced(String vhost) {
        Set<String> now = traced;
        return !now.isEmpty() && now.contains(vhost);
    }

    @Override
    public void trace(String vhost, boolean on) {
        synchronized (policies) {
            Set<String> after = new LinkedHashSet<>(traced);
            if (on ? after.add(vhost) : after.remove(vhost)) {
                LOG.info("tracing of virtual host '{}' is {}", vhost, on ? "on" : "off");
                traced = Set.copyOf(after);
            }
        }
    }

    @Override
    public Administration administration() {
        return administration;
    }

    @Override
    public AccessControl accessControl() {
        return accessControl;
    }

    @Override
    public QueueSettings settings(Queue queue) {
        return SettingsResolver.resolve(queue, policiesOf(queue.vhost()));
    }

    /** What policies say of how long a stream keeps its messages, as a topic's configs. */
    public Map<String, String> streamConfigs(Queue stream) {
        return SettingsResolver.ofStream(stream, policiesOf(stream.vhost()));
    }

    @Override
    public void onSettingsChanged(BiConsumer<Queue, QueueSettings> listener) {
        settingsListener = listener;
    }

    @Override
    public void unused(UUID queueId) {
        removeUnused(queueId, "its last consumer has gone");
    }

    @Override
    public void expired(UUID queueId) {
        removeUnused(queueId, "nobody used it for as long as x-expires says");
    }

    private void removeUnused(UUID queueId, String why) {
        Queue queue = catalog.get().queue(queueId);
        if (queue == null) {
            return;
        }
        CompletableFuture<Void> left = new CompletableFuture<>();
        leaving.put(queueId, left);
        retireAndRemove(queue, true, false).whenComplete((messages, error) -> {
            leaving.remove(queueId, left);
            left.complete(null);
            if (error == null) {
                LOG.debug("{} is deleted: {}", Names.queue(queue.vhost(), queue.name()), why);
            } else {
                LOG.debug("{} stays: {}", Names.queue(queue.vhost(), queue.name()), error.getMessage());
            }
        });
    }
}

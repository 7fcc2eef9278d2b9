package dev.pabal.broker.topology;

import dev.pabal.catalog.Binding;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Parameter;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.Policy;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.Topic;
import dev.pabal.catalog.TopicPermission;
import dev.pabal.catalog.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes of one plan, each made on what the ones before it leave: whatever goes takes its bindings with it, and an auto-delete exchange goes
 * with the last binding that leads from it. For one thread only.
 */
public final class Edits {
    private final List<CatalogChange> changes = new ArrayList<>();
    private CatalogImage image;

    public Edits(CatalogImage image) {
        this.image = image;
    }

    /** What will exist after the changes so far. */
    CatalogImage image() {
        return image;
    }

    /** The changes so far, in order. */
    public List<CatalogChange> changes() {
        return List.copyOf(changes);
    }

    void add(CatalogChange change) {
        image = image.apply(change);
        changes.add(change);
    }

    /** Whether a binding survives a restart: where both of its ends do. */
    static boolean isStored(CatalogImage image, Binding binding) {
        Exchange source = image.exchange(binding.vhost(), binding.source());
        if (source == null || !source.durable()) {
            return false;
        }
        return switch (binding.kind()) {
            case TOPIC -> true;
            case QUEUE -> {
                Queue queue = image.queue(binding.vhost(), binding.destination());
                yield queue != null && queue.stored();
            }
            case EXCHANGE -> {
                Exchange exchange = image.exchange(binding.vhost(), binding.destination());
                yield exchange != null && exchange.durable();
            }
        };
    }

    /** Takes a binding away, and its source where that was to go with its last binding. */
    void unbind(Binding binding) {
        add(new CatalogChange.BindingDeleted(binding, isStored(image, binding)));
        Exchange source = image.exchange(binding.vhost(), binding.source());
        if (source != null
                && source.autoDelete()
                && image.bindingsFrom(binding.vhost(), source.name()).isEmpty()) {
            removeExchange(source);
        }
    }

    /** Takes an exchange away with all bindings from and to it. */
    void removeExchange(Exchange exchange) {
        for (Binding binding : List.copyOf(image.bindingsFrom(exchange.vhost(), exchange.name()))) {
            add(new CatalogChange.BindingDeleted(binding, isStored(image, binding)));
        }
        removeBindingsTo(exchange.vhost(), Binding.Kind.EXCHANGE, exchange.name());
        // Bindings in a circle may have taken it away already.
        if (image.exchange(exchange.vhost(), exchange.name()) != null) {
            add(new CatalogChange.ExchangeDeleted(exchange.vhost(), exchange.name(), exchange.durable()));
        }
    }

    /** Takes a queue away with all bindings to it. */
    public void removeQueue(Queue queue) {
        removeBindingsTo(queue.vhost(), Binding.Kind.QUEUE, queue.name());
        add(new CatalogChange.QueueDeleted(queue.id(), queue.stored()));
    }

    /** Takes a topic away with the queue that it is, with a queue that looks at it, and with all bindings to it. */
    public void removeTopic(Topic topic) {
        removeBindingsTo(VirtualHost.DEFAULT, Binding.Kind.TOPIC, topic.name());
        Queue queue = queueOf(image, topic);
        if (queue != null) {
            removeQueue(queue);
        }
        if (image.topic(topic.id()) != null) {
            add(new CatalogChange.TopicDeleted(topic.id()));
        }
    }

    /** The queue that a topic is, or that looks at it; null where there is none. */
    public static @Nullable Queue queueOf(CatalogImage image, Topic topic) {
        Queue queue = image.queue(topic.id());
        if (queue != null) {
            return queue;
        }
        Queue same = image.vhost(VirtualHost.DEFAULT) == null ? null : image.queue(VirtualHost.DEFAULT, topic.name());
        return same != null && topic.name().equals(same.topic()) ? same : null;
    }

    private void removeBindingsTo(String vhost, Binding.Kind kind, String destination) {
        if (image.vhost(vhost) == null) {
            return;
        }
        for (Binding binding : List.copyOf(image.bindingsTo(vhost, kind, destination))) {
            // An exchange that went with an earlier one may have taken it away.
            if (image.bindingsTo(vhost, kind, destination).contains(binding)) {
                unbind(binding);
            }
        }
    }

    /** Takes a virtual host away with everything in it. */
    void removeVhost(String vhost) {
        for (Queue queue : List.copyOf(image.queues(vhost))) {
            removeQueue(queue);
        }
        for (Exchange exchange : List.copyOf(image.exchanges(vhost))) {
            if (image.exchange(vhost, exchange.name()) != null) {
                removeFromVhost(exchange);
            }
        }
        for (Policy policy : List.copyOf(image.policies(vhost))) {
            add(new CatalogChange.PolicyDeleted(vhost, policy.name(), policy.operator()));
        }
        for (Permission permission : List.copyOf(image.permissions())) {
            if (permission.vhost().equals(vhost)) {
                add(new CatalogChange.PermissionDeleted(permission.user(), vhost));
            }
        }
        for (TopicPermission permission : List.copyOf(image.topicPermissions())) {
            if (permission.vhost().equals(vhost)) {
                add(new CatalogChange.TopicPermissionDeleted(permission.user(), vhost, permission.exchange()));
            }
        }
        for (Parameter parameter : List.copyOf(image.parameters())) {
            if (parameter.vhost().equals(vhost)) {
                add(new CatalogChange.ParameterDeleted(parameter.component(), vhost, parameter.name()));
            }
        }
        add(new CatalogChange.VirtualHostDeleted(vhost));
    }

    /** Predeclared exchanges stay until the host itself goes; only their bindings are taken away. */
    private void removeFromVhost(Exchange exchange) {
        if (exchange.name().isEmpty() || Names.isReserved(exchange.name())) {
            for (Binding binding : List.copyOf(image.bindingsFrom(exchange.vhost(), exchange.name()))) {
                add(new CatalogChange.BindingDeleted(binding, isStored(image, binding)));
            }
        } else {
            removeExchange(exchange);
        }
    }
}

package dev.pabal.broker.topology;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.Topic;
import dev.pabal.catalog.VirtualHost;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Decides on bindings: RabbitMQ's rules and words ({@code rabbit_channel:binding_action}, the exchange types' {@code validate_binding}). Pure. */
final class BindingChanges {
    private static final Set<String> MATCHES = Set.of("all", "any", "all-with-x", "any-with-x");

    private BindingChanges() {}

    static Planned<Void> bind(CatalogImage image, Binding raw, UUID connection) {
        Binding wanted = resolve(image, raw);
        ExchangeChanges.checkNotDefault(wanted.source());
        Exchange source = image.exchange(wanted.vhost(), wanted.source());
        if (source == null) {
            throw Names.notFound(Names.exchange(wanted.vhost(), wanted.source()));
        }
        checkDestination(image, wanted, connection);
        checkArguments(source, wanted);
        Edits edits = new Edits(image);
        if (!image.bindingsFrom(wanted.vhost(), wanted.source()).contains(wanted)) {
            edits.add(new CatalogChange.BindingCreated(wanted, Edits.isStored(image, wanted)));
        }
        return Planned.of(edits.changes());
    }

    static Planned<Void> unbind(CatalogImage image, Binding raw, UUID connection) {
        Binding wanted = resolve(image, raw);
        ExchangeChanges.checkNotDefault(wanted.source());
        Queue queue = wanted.kind() == Binding.Kind.QUEUE && image.vhost(wanted.vhost()) != null
                ? image.queue(wanted.vhost(), wanted.destination())
                : null;
        if (queue != null) {
            QueueChanges.checkAccess(queue, connection);
        }
        Edits edits = new Edits(image);
        if (image.exchange(wanted.vhost(), wanted.source()) != null
                && image.bindingsFrom(wanted.vhost(), wanted.source()).contains(wanted)) {
            edits.unbind(wanted);
        }
        return Planned.of(edits.changes());
    }

    /** The binding with clean names, and leading to a topic where its queue is none but a topic has that name. */
    private static Binding resolve(CatalogImage image, Binding raw) {
        VhostLimits.checkExists(image, raw.vhost());
        String destination = Names.strip(raw.destination());
        boolean topic = raw.kind() == Binding.Kind.QUEUE
                && raw.vhost().equals(VirtualHost.DEFAULT)
                && image.queue(raw.vhost(), destination) == null
                && image.topic(destination) != null;
        return new Binding(
                raw.vhost(),
                Names.strip(raw.source()),
                topic ? Binding.Kind.TOPIC : raw.kind(),
                destination,
                raw.routingKey(),
                raw.arguments());
    }

    private static void checkDestination(CatalogImage image, Binding wanted, UUID connection) {
        String vhost = wanted.vhost();
        String name = wanted.destination();
        switch (wanted.kind()) {
            case QUEUE -> {
                Queue queue = image.queue(vhost, name);
                if (queue == null) {
                    throw Names.notFound(Names.queue(vhost, name));
                }
                QueueChanges.checkAccess(queue, connection);
            }
            case EXCHANGE -> {
                ExchangeChanges.checkNotDefault(name);
                if (image.exchange(vhost, name) == null) {
                    throw Names.notFound(Names.exchange(vhost, name));
                }
            }
            case TOPIC -> {
                Topic topic = vhost.equals(VirtualHost.DEFAULT) ? image.topic(name) : null;
                if (topic == null) {
                    throw Names.notFound("topic '" + name + "' in vhost '" + vhost + "'");
                }
                if (topic.internal()) {
                    throw new BrokerException(Refusal.ACCESS_REFUSED, "topic '" + name + "' is the broker's own");
                }
            }
        }
    }

    private static void checkArguments(Exchange source, Binding wanted) {
        String type = source.type().equals("x-delayed-message")
                ? String.valueOf(source.arguments().get("x-delayed-type"))
                : source.type();
        if (type.equals("headers")) {
            checkMatch(wanted.arguments());
        } else if (type.equals("x-consistent-hash")) {
            checkWeight(wanted.routingKey());
        }
    }

    private static void checkMatch(Map<String, Object> arguments) {
        Object match = arguments.get("x-match");
        if (match == null) {
            return;
        }
        if (!(match instanceof String word)) {
            throw new BrokerException(
                    Refusal.PRECONDITION_FAILED,
                    "Invalid x-match field type " + ArgumentText.type(match) + " (value " + match
                            + "); expected longstr");
        }
        if (!MATCHES.contains(word)) {
            throw new BrokerException(
                    Refusal.PRECONDITION_FAILED,
                    "Invalid x-match field value <<\"" + word + "\">>; expected all, any, all-with-x, or any-with-x");
        }
    }

    private static void checkWeight(String routingKey) {
        long weight;
        try {
            weight = Long.parseLong(routingKey);
        } catch (NumberFormatException e) {
            throw new BrokerException(
                    Refusal.PRECONDITION_FAILED, "The binding key must be an integer: \"" + routingKey + "\"", e);
        }
        if (weight < 1) {
            throw new BrokerException(Refusal.PRECONDITION_FAILED, "The binding key must be greater than 0");
        }
    }
}

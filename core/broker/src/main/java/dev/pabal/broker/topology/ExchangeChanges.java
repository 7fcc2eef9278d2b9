package dev.pabal.broker.topology;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Exchange;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Decides on declaring and deleting exchanges: RabbitMQ's rules and words ({@code rabbit_channel}, {@code rabbit_exchange}). Pure but for new ids. */
final class ExchangeChanges {
    private static final Set<String> TYPES = Set.of(
            "direct",
            "fanout",
            "topic",
            "headers",
            "x-consistent-hash",
            "x-delayed-message",
            "x-random",
            "x-local-random",
            "x-modulus-hash");

    private ExchangeChanges() {}

    /**
     * Plans a declaration.
     *
     * @param wanted as described; its id is not looked at
     */
    static Planned<Exchange> declare(CatalogImage image, Exchange wanted) {
        String name = Names.strip(wanted.name());
        checkType(wanted.type());
        checkNotDefault(name);
        String what = Names.exchange(wanted.vhost(), name);
        Exchange existing = image.exchange(wanted.vhost(), name);
        if (existing != null) {
            checkEquivalent(existing, wanted, what);
            return Planned.unchanged(existing);
        }
        VhostLimits.checkExists(image, wanted.vhost());
        Names.checkNew("exchange", name);
        checkArguments(wanted.type(), wanted.arguments(), what);
        Exchange exchange = new Exchange(
                UUID.randomUUID(),
                wanted.vhost(),
                name,
                wanted.type(),
                wanted.durable(),
                wanted.autoDelete(),
                wanted.internal(),
                wanted.arguments());
        Edits edits = new Edits(image);
        edits.add(new CatalogChange.ExchangeCreated(exchange));
        return new Planned<>(edits.changes(), exchange);
    }

    static Planned<Void> delete(CatalogImage image, String vhost, String rawName, boolean ifUnused) {
        String name = Names.strip(rawName);
        checkNotDefault(name);
        String what = Names.exchange(vhost, name);
        if (Names.isReserved(name)) {
            throw new BrokerException(Refusal.ACCESS_REFUSED, "deletion of system " + what + " not allowed");
        }
        Edits edits = new Edits(image);
        Exchange exchange = image.vhost(vhost) == null ? null : image.exchange(vhost, name);
        if (exchange != null) {
            if (ifUnused && !image.bindingsFrom(vhost, name).isEmpty()) {
                throw new BrokerException(Refusal.PRECONDITION_FAILED, what + " in use");
            }
            edits.removeExchange(exchange);
        }
        return Planned.of(edits.changes());
    }

    static void checkNotDefault(String name) {
        if (name.isEmpty()) {
            throw new BrokerException(Refusal.ACCESS_REFUSED, "operation not permitted on the default exchange");
        }
    }

    /** Fails where no exchange can be of that type with such arguments. */
    static void check(String type, Map<String, Object> arguments, String what) {
        checkType(type);
        checkArguments(type, arguments, what);
    }

    private static void checkType(String type) {
        if (!TYPES.contains(type)) {
            // Since RabbitMQ 4 this closes the channel only.
            throw new BrokerException(Refusal.PRECONDITION_FAILED, "unknown exchange type '" + type + "'");
        }
    }

    private static void checkArguments(String type, Map<String, Object> arguments, String what) {
        Object alternate = arguments.get("alternate-exchange");
        if (alternate != null && !(alternate instanceof String)) {
            throw new BrokerException(
                    Refusal.PRECONDITION_FAILED,
                    "invalid type '" + ArgumentText.type(alternate) + "' for arg 'alternate-exchange' in " + what);
        }
        if (type.equals("x-delayed-message")) {
            Object delayed = arguments.get("x-delayed-type");
            if (!(delayed instanceof String how) || !TYPES.contains(how) || how.equals("x-delayed-message")) {
                throw new BrokerException(
                        Refusal.PRECONDITION_FAILED,
                        "Invalid argument, 'x-delayed-type' must be an existing exchange type");
            }
        }
        if (type.equals("x-consistent-hash")
                && arguments.containsKey("hash-header")
                && arguments.containsKey("hash-property")) {
            throw new BrokerException(
                    Refusal.PRECONDITION_FAILED,
                    "Unsupported arguments: hash-header and hash-property cannot be set at the same time");
        }
    }

    private static void checkEquivalent(Exchange existing, Exchange wanted, String what) {
        ArgumentText.checkField(existing.type(), wanted.type(), what, "type");
        ArgumentText.checkField(existing.durable(), wanted.durable(), what, "durable");
        ArgumentText.checkField(existing.autoDelete(), wanted.autoDelete(), what, "auto_delete");
        ArgumentText.checkField(existing.internal(), wanted.internal(), what, "internal");
        ArgumentText.checkArgument(existing.arguments(), wanted.arguments(), what, "alternate-exchange");
        if (existing.type().equals("x-delayed-message")) {
            ArgumentText.checkArgument(existing.arguments(), wanted.arguments(), what, "x-delayed-type");
        }
    }
}

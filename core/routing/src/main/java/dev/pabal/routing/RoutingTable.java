package dev.pabal.routing;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All exchanges and bindings of one virtual host, ready to route. Immutable: any thread may route; a change makes a new table that shares
 * most of the old one.
 */
public interface RoutingTable {
    /** No exchange. */
    static RoutingTable empty() {
        return Table.EMPTY;
    }

    /**
     * The table with an exchange more. One of that name that was there, of the same type and arguments, keeps its bindings: so its alternate
     * changes, as a policy may.
     *
     * @throws IllegalArgumentException where {@link ExchangeTypes} does not know its type
     */
    RoutingTable with(ExchangeSpec exchange);

    /** The table without an exchange; its bindings must have gone before. */
    RoutingTable without(String exchange);

    /**
     * The table with a binding more; one that is there already changes nothing.
     *
     * @throws IllegalArgumentException where its source is not in the table
     */
    RoutingTable bound(BindingSpec binding);

    /** The table without a binding. */
    RoutingTable unbound(BindingSpec binding);

    /** The exchange, null where there is none. */
    @Nullable
    ExchangeSpec exchange(String name);

    /**
     * Shows where the message goes: through bindings between exchanges (each exchange once), and through alternate exchanges where an exchange
     * routes nowhere. Where the default exchange is an alternate, the queue named by the routing key is shown, whether it exists or not. A message
     * published to the default exchange routes to the queue named by the routing key without a look at the table: the caller does that.
     *
     * @param random for exchanges that choose; the caller's
     * @return whether anything was shown
     */
    boolean route(Routed message, RandomGenerator random, RouteSink sink);

    /**
     * Whether where a message goes depends on its exchange and routing key alone, so that the caller may remember it for this table: false as
     * soon as headers, properties or chance take part anywhere on the way.
     */
    boolean isKeyed(String exchange);
}

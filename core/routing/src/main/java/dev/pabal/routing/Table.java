package dev.pabal.routing;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** The table as a persistent map of exchanges, each with its bindings laid out as its type wants them. */
record Table(PMap<String, Node> nodes) implements RoutingTable {
    static final Table EMPTY = new Table(HashTreePMap.empty());

    @Nullable
    Node node(String name) {
        return nodes.get(name);
    }

    @Override
    public RoutingTable with(ExchangeSpec exchange) {
        Node old = nodes.get(exchange.name());
        boolean sameBindings = old != null
                && old.spec().type().equals(exchange.type())
                && old.spec().arguments().equals(exchange.arguments());
        return new Table(nodes.plus(exchange.name(), sameBindings ? old.with(exchange) : Node.of(exchange)));
    }

    @Override
    public RoutingTable without(String exchange) {
        return new Table(nodes.minus(exchange));
    }

    @Override
    public RoutingTable bound(BindingSpec binding) {
        Node source = nodes.get(binding.source());
        if (source == null) {
            throw new IllegalArgumentException("no exchange '" + binding.source() + "' to bind to");
        }
        return new Table(nodes.plus(binding.source(), source.plus(binding)));
    }

    @Override
    public RoutingTable unbound(BindingSpec binding) {
        Node source = nodes.get(binding.source());
        return source == null ? this : new Table(nodes.plus(binding.source(), source.minus(binding)));
    }

    @Override
    public @Nullable ExchangeSpec exchange(String name) {
        Node node = nodes.get(name);
        return node == null ? null : node.spec();
    }

    @Override
    public boolean route(Routed message, RandomGenerator random, RouteSink sink) {
        Node first = nodes.get(message.exchange());
        return first != null && new Walk(this, message, random, sink).from(first);
    }

    @Override
    public boolean isKeyed(String exchange) {
        Node first = nodes.get(exchange);
        if (first == null) {
            return true;
        }
        if (first.toExchanges().isEmpty() && first.spec().alternate() == null) {
            return isKeyed(first);
        }
        Set<String> seen = new HashSet<>();
        ArrayDeque<Node> pending = new ArrayDeque<>();
        pending.add(first);
        while (!pending.isEmpty()) {
            Node node = pending.remove();
            if (!isKeyed(node)) {
                return false;
            }
            node.toExchanges().forEach(binding -> follow(binding.destination(), seen, pending));
            String alternate = node.spec().alternate();
            if (alternate != null) {
                follow(alternate, seen, pending);
            }
        }
        return true;
    }

    private void follow(String name, Set<String> seen, ArrayDeque<Node> pending) {
        Node node = seen.add(name) ? nodes.get(name) : null;
        if (node != null) {
            pending.add(node);
        }
    }

    private static boolean isKeyed(Node node) {
        return !node.isDelayed() && node.bindings().isKeyed();
    }
}

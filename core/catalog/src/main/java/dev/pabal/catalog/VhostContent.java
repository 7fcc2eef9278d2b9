package dev.pabal.catalog;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.TreePMap;

/**
 * A virtual host with what is in it. Each change gives a new one that shares most of the old, in a time that grows with the logarithm of
 * what exists.
 *
 * @param host name, description and tags
 * @param exchanges by name; predeclared ones too
 * @param queues by name
 * @param from bindings by the name of their source
 * @param to bindings by what they lead to
 * @param policies by kind and name
 */
record VhostContent(
        VirtualHost host,
        TreePMap<String, Exchange> exchanges,
        TreePMap<String, Queue> queues,
        PMap<String, PSet<Binding>> from,
        PMap<Target, PSet<Binding>> to,
        TreePMap<ScopedName, Policy> policies) {

    /** What a binding leads to. */
    record Target(Binding.Kind kind, String name) {}

    static VhostContent of(VirtualHost host) {
        TreePMap<String, Exchange> exchanges = TreePMap.empty();
        for (Exchange exchange : Predeclared.exchanges(host.name())) {
            exchanges = exchanges.plus(exchange.name(), exchange);
        }
        return new VhostContent(
                host, exchanges, TreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty(), TreePMap.empty());
    }

    VhostContent with(VirtualHost newHost) {
        return new VhostContent(newHost, exchanges, queues, from, to, policies);
    }

    VhostContent plus(Exchange exchange) {
        if (exchanges.containsKey(exchange.name())) {
            throw new IllegalStateException("exchange exists: " + exchange.name());
        }
        return withExchanges(exchanges.plus(exchange.name(), exchange));
    }

    VhostContent minusExchange(String name) {
        if (!exchanges.containsKey(name)) {
            throw new IllegalStateException("unknown exchange: " + name);
        }
        return withExchanges(exchanges.minus(name));
    }

    VhostContent plus(Queue queue) {
        if (queues.containsKey(queue.name())) {
            throw new IllegalStateException("queue exists: " + queue.name());
        }
        return withQueues(queues.plus(queue.name(), queue));
    }

    VhostContent minus(Queue queue) {
        return withQueues(queues.minus(queue.name()));
    }

    VhostContent plus(Binding binding) {
        Target target = new Target(binding.kind(), binding.destination());
        PMap<String, PSet<Binding>> newFrom = from.plus(
                binding.source(), from.getOrDefault(binding.source(), none()).plus(binding));
        PMap<Target, PSet<Binding>> newTo =
                to.plus(target, to.getOrDefault(target, none()).plus(binding));
        return new VhostContent(host, exchanges, queues, newFrom, newTo, policies);
    }

    VhostContent minus(Binding binding) {
        Target target = new Target(binding.kind(), binding.destination());
        return new VhostContent(
                host, exchanges, queues, minus(from, binding.source(), binding), minus(to, target, binding), policies);
    }

    private static <K> PMap<K, PSet<Binding>> minus(PMap<K, PSet<Binding>> all, K key, Binding binding) {
        PSet<Binding> bindings = all.get(key);
        if (bindings == null) {
            return all;
        }
        PSet<Binding> rest = bindings.minus(binding);
        return rest.isEmpty() ? all.minus(key) : all.plus(key, rest);
    }

    VhostContent plus(Policy policy) {
        return withPolicies(policies.plus(policyKey(policy.name(), policy.operator()), policy));
    }

    VhostContent minusPolicy(String name, boolean operator) {
        return withPolicies(policies.minus(policyKey(name, operator)));
    }

    Collection<Binding> bindingsFrom(String exchange) {
        return view(from.get(exchange));
    }

    Collection<Binding> bindingsTo(Binding.Kind kind, String destination) {
        return view(to.get(new Target(kind, destination)));
    }

    private static Collection<Binding> view(@Nullable PSet<Binding> bindings) {
        return bindings == null ? List.of() : Collections.unmodifiableCollection(bindings);
    }

    private static PSet<Binding> none() {
        return HashTreePSet.empty();
    }

    private static ScopedName policyKey(String name, boolean operator) {
        return new ScopedName(operator ? "operator" : "", name);
    }

    private VhostContent withExchanges(TreePMap<String, Exchange> changed) {
        return new VhostContent(host, changed, queues, from, to, policies);
    }

    private VhostContent withQueues(TreePMap<String, Queue> changed) {
        return new VhostContent(host, exchanges, changed, from, to, policies);
    }

    private VhostContent withPolicies(TreePMap<ScopedName, Policy> changed) {
        return new VhostContent(host, exchanges, queues, from, to, changed);
    }
}

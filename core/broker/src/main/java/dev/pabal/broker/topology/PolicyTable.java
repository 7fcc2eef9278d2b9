package dev.pabal.broker.topology;

import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Policy;
import dev.pabal.catalog.Queue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The policies of one virtual host, ready to be looked up: of those that match, the one with the highest priority holds. Immutable. */
final class PolicyTable {
    static final PolicyTable EMPTY = new PolicyTable(List.of());

    private record Entry(Policy policy, Pattern pattern) {}

    private final List<Entry> entries = new ArrayList<>();

    PolicyTable(Collection<Policy> policies) {
        policies.stream()
                .sorted(Comparator.comparingInt(Policy::priority).reversed().thenComparing(Policy::name))
                .forEach(policy -> entries.add(new Entry(policy, Pattern.compile(policy.pattern()))));
    }

    /** The policy that holds for a queue, null for none. */
    @Nullable
    Policy of(Queue queue, boolean operator) {
        String own =
                switch (queue.type()) {
                    case CLASSIC -> "classic_queues";
                    case QUORUM -> "quorum_queues";
                    case STREAM -> "streams";
                };
        return find(queue.name(), operator, List.of("all", "queues", own));
    }

    /** The policy that holds for an exchange, null for none. */
    @Nullable
    Policy of(Exchange exchange) {
        return find(exchange.name(), false, List.of("all", "exchanges"));
    }

    private @Nullable Policy find(String name, boolean operator, List<String> applyTo) {
        for (Entry entry : entries) {
            if (entry.policy.operator() == operator
                    && applyTo.contains(entry.policy.applyTo())
                    && entry.pattern.matcher(name).find()) {
                return entry.policy;
            }
        }
        return null;
    }
}

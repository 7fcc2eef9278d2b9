package dev.pabal.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way of one message through a table. Exchanges that hold the message back are visited last, so that what others show is shown before
 * {@link RouteSink#delay}. Sets and queues are made only where more than one destination or exchange is met.
 */
final class Walk implements Consumer<BindingSpec> {
    private static final String DELAY = "x-delay";
    /** About seventy years: longer ones would not fit beside the time of day. */
    private static final long MAX_DELAY_MS = 1L << 41;

    private final Table table;
    private final Routed message;
    private final RandomGenerator random;
    private final RouteSink sink;
    private final Seen queues = new Seen();
    private final Seen topics = new Seen();
    private final Seen exchanges = new Seen();
    private @Nullable ArrayDeque<Node> pending;
    private @Nullable List<Node> delayed;
    private boolean delaying;
    private boolean matched;
    private boolean shown;

    Walk(Table table, Routed message, RandomGenerator random, RouteSink sink) {
        this.table = table;
        this.message = message;
        this.random = random;
        this.sink = sink;
    }

    /** @return whether any destination was shown */
    boolean from(Node first) {
        exchanges.add(first.spec().name());
        visit(first);
        visitPending();
        List<Node> late = delayed;
        if (late != null) {
            delaying = true;
            sink.delay(delayMs());
            late.forEach(this::visit);
            visitPending();
        }
        return shown;
    }

    private void visitPending() {
        ArrayDeque<Node> queue = pending;
        while (queue != null && !queue.isEmpty()) {
            visit(queue.remove());
        }
    }

    private void visit(Node node) {
        if (!delaying && node.isDelayed() && delayMs() > 0) {
            if (delayed == null) {
                delayed = new ArrayList<>(1);
            }
            delayed.add(node);
            return;
        }
        matched = false;
        node.bindings().match(message, random, this);
        for (String key : message.moreRoutingKeys()) {
            node.bindings().match(new OtherKey(message, key), random, this);
        }
        String alternate = node.spec().alternate();
        if (!matched && alternate != null) {
            follow(alternate);
        }
    }

    @Override
    public void accept(BindingSpec binding) {
        matched = true;
        switch (binding.kind()) {
            case QUEUE -> queue(binding.destination());
            case TOPIC -> {
                if (topics.add(binding.destination())) {
                    shown = true;
                    sink.topic(binding.destination());
                }
            }
            case EXCHANGE -> follow(binding.destination());
        }
    }

    private void queue(String name) {
        if (queues.add(name)) {
            shown = true;
            sink.queue(name);
        }
    }

    private void follow(String exchange) {
        if (exchange.isEmpty()) {
            queue(message.routingKey());
            message.moreRoutingKeys().forEach(this::queue);
            return;
        }
        Node node = exchanges.add(exchange) ? table.node(exchange) : null;
        if (node != null) {
            if (pending == null) {
                pending = new ArrayDeque<>();
            }
            pending.add(node);
        }
    }

    private long delayMs() {
        Object value = message.header(DELAY);
        boolean whole =
                value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long;
        return whole ? Math.min(MAX_DELAY_MS, ((Number) value).longValue()) : 0;
    }

    /** Names that were met; a set is made for the second one only. */
    private static final class Seen {
        private @Nullable String first;
        private @Nullable Set<String> more;

        boolean add(String name) {
            if (first == null) {
                first = name;
                return true;
            }
            if (first.equals(name)) {
                return false;
            }
            if (more == null) {
                more = new HashSet<>();
            }
            return more.add(name);
        }
    }
}

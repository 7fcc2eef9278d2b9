package dev.pabal.broker.queue;

import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Queue;
import dev.pabal.routing.RouteSink;
import dev.pabal.routing.RoutingTable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Routes dead letters by the routing tables and the catalog of the moment.
 *
 * @param catalog what exists now
 * @param tables the routing table of a virtual host, null where there is no such host
 * @param topics the partition of a topic that a routing key chooses, null where there is no such topic
 */
public record CatalogRoutes(
        Supplier<CatalogImage> catalog,
        Function<String, @Nullable RoutingTable> tables,
        BiFunction<String, String, @Nullable QueuePartition> topics) {

    /** The same, leading to running queues. */
    DeadLetterRoutes with(RunningQueues queues, Function<Queue, @Nullable QueuePartition> partitions) {
        return new Leading(this, queues, partitions);
    }

    private record Leading(
            CatalogRoutes routes, RunningQueues queues, Function<Queue, @Nullable QueuePartition> partitions)
            implements DeadLetterRoutes {
        @Override
        public Collection<Target> route(String vhost, Letter.Content message) {
            RoutingTable table = routes.tables().apply(vhost);
            if (table == null || !message.exchange().isEmpty() && table.exchange(message.exchange()) == null) {
                return List.of();
            }
            Finder found = new Finder(this, vhost, message.routingKey());
            if (message.exchange().isEmpty()) {
                message.routingKeys().forEach(found::queue);
            } else {
                table.route(message, ThreadLocalRandom.current(), found);
            }
            return found.targets.values();
        }

        @Override
        public boolean delays(String vhost, String exchange) {
            if (exchange.isEmpty() || routes.catalog().get().vhost(vhost) == null) {
                return false;
            }
            Exchange found = routes.catalog().get().exchange(vhost, exchange);
            return found != null && found.type().equals("x-delayed-message");
        }
    }

    /** Gathers targets, each once. */
    private static final class Finder implements RouteSink {
        private final Leading leading;
        private final String vhost;
        private final Map<QueuePartition, DeadLetterRoutes.Target> targets = new LinkedHashMap<>();
        private final String key;
        private long delayMs;

        Finder(Leading leading, String vhost, String key) {
            this.leading = leading;
            this.vhost = vhost;
            this.key = key;
        }

        @Override
        public void queue(String name) {
            QueueRuntime running = leading.queues().findRunning(vhost, name);
            if (running != null) {
                add(running, (QueuePartition) running.partition());
                return;
            }
            Queue stream = leading.routes().catalog().get().queue(vhost, name);
            if (stream != null && stream.view() == Queue.View.NONE) {
                add(null, leading.partitions().apply(stream));
            }
        }

        @Override
        public void topic(String name) {
            add(null, leading.routes().topics().apply(name, key));
        }

        @Override
        public void delay(long newDelayMs) {
            delayMs = newDelayMs;
        }

        private void add(@Nullable QueueRuntime queue, @Nullable QueuePartition partition) {
            if (partition != null) {
                targets.putIfAbsent(partition, new DeadLetterRoutes.Target(queue, partition, delayMs));
            }
        }
    }
}

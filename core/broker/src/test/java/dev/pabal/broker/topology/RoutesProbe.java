package dev.pabal.broker.topology;

import dev.pabal.routing.RouteSink;
import dev.pabal.routing.Routed;
import dev.pabal.routing.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Where a message without headers goes. */
final class RoutesProbe {
    private RoutesProbe() {}

    static List<String> route(Topology topology, String exchange, String routingKey) {
        RoutingTable table = Objects.requireNonNull(topology.routes(FakeCatalog.VHOST));
        List<String> found = new ArrayList<>();
        table.route(new Message(exchange, routingKey), RandomGenerator.getDefault(), new RouteSink() {
            @Override
            public void queue(String name) {
                found.add("queue " + name);
            }

            @Override
            public void topic(String name) {
                found.add("topic " + name);
            }
        });
        return found;
    }

    private record Message(String exchange, String routingKey) implements Routed {
        @Override
        public Object header(String name) {
            return null;
        }

        @Override
        public boolean hasHeader(String name) {
            return false;
        }

        @Override
        public String property(String name) {
            return null;
        }
    }
}

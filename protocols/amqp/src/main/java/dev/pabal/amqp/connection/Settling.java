package dev.pabal.amqp.connection;

import dev.pabal.amqp.channel.Origin;
import java.util.ArrayList;
import java.util.List;

/** Of whose deliveries the client has settled some in what is being read: each queue hears of all of them at once. On the event loop. */
final class Settling {
    private final List<Origin> origins = new ArrayList<>();

    void add(Origin origin) {
        origins.add(origin);
    }

    void handOver() {
        if (origins.isEmpty()) {
            return;
        }
        List<Origin> full = List.copyOf(origins);
        origins.clear();
        full.forEach(Origin::collect);
    }
}

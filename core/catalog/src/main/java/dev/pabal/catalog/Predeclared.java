package dev.pabal.catalog;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The exchanges that every virtual host has from its first moment, as RabbitMQ's have. They are shown, and never stored. */
final class Predeclared {
    private Predeclared() {}

    /** The predeclared exchanges of a virtual host; the same ones at every call. */
    static List<Exchange> exchanges(String vhost) {
        return List.of(
                exchange(vhost, "", "direct", false),
                exchange(vhost, "amq.direct", "direct", false),
                exchange(vhost, "amq.fanout", "fanout", false),
                exchange(vhost, "amq.headers", "headers", false),
                exchange(vhost, "amq.match", "headers", false),
                exchange(vhost, "amq.rabbitmq.trace", "topic", true),
                exchange(vhost, "amq.topic", "topic", false));
    }

    private static Exchange exchange(String vhost, String name, String type, boolean internal) {
        // Ids made of the names, so that they are the same after each start without being stored.
        byte[] identity = ("exchange\0" + vhost + "\0" + name).getBytes(StandardCharsets.UTF_8);
        return new Exchange(UUID.nameUUIDFromBytes(identity), vhost, name, type, true, false, internal, Map.of());
    }
}

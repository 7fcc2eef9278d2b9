package dev.pabal.admin;

import dev.pabal.broker.topology.UserLimits;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.Policy;
import dev.pabal.catalog.TopicPermission;
import dev.pabal.catalog.User;
import dev.pabal.catalog.VirtualHost;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the catalog holds, with the field names that RabbitMQ's API and its definitions have. */
final class Shapes {
    private static final String UNRESERVED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

    private Shapes() {}

    static Map<String, Object> exchange(Exchange e) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", e.name());
        map.put("vhost", e.vhost());
        map.put("type", e.type());
        map.put("durable", e.durable());
        map.put("auto_delete", e.autoDelete());
        map.put("internal", e.internal());
        map.put("arguments", Json.shown(e.arguments()));
        return map;
    }

    static Map<String, Object> binding(Binding b) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("source", b.source());
        map.put("vhost", b.vhost());
        map.put("destination", b.destination());
        map.put("destination_type", b.kind().name().toLowerCase(Locale.ROOT));
        map.put("routing_key", b.routingKey());
        map.put("arguments", Json.shown(b.arguments()));
        map.put("properties_key", propertiesKey(b));
        return map;
    }

    /**
     * What tells a binding from others between the same two: {@code ~} for one without key and arguments, otherwise the key, encoded, and
     * behind a tilde a short form of the arguments, where there are any.
     */
    static String propertiesKey(Binding b) {
        if (b.arguments().isEmpty()) {
            return b.routingKey().isEmpty() ? "~" : quoted(b.routingKey());
        }
        byte[] text = new TreeMap<>(Json.shown(b.arguments())).toString().getBytes(StandardCharsets.UTF_8);
        long hash = 0xcbf29ce484222325L;
        for (byte each : text) {
            hash = (hash ^ each & 0xff) * 0x100000001b3L;
        }
        byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(hash).array();
        return quoted(b.routingKey()) + "~"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Percent-encoded, so that it can stand in a path. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (each > 0 && UNRESERVED.indexOf(each) >= 0) {
                quoted.append((char) each);
            } else {
                quoted.append('%').append(String.format("%02X", each & 0xff));
            }
        }
        return quoted.toString();
    }

    static Map<String, Object> vhost(VirtualHost v, String node, boolean traced) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", v.name());
        map.put("description", v.description());
        map.put("tags", v.tags());
        map.put("default_queue_type", v.defaultQueueType().word());
        map.put("metadata", metadata(v));
        map.put("tracing", traced);
        map.put("cluster_state", Map.of(node, "running"));
        return map;
    }

    static Map<String, Object> metadata(VirtualHost v) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("description", v.description());
        map.put("tags", v.tags());
        map.put("default_queue_type", v.defaultQueueType().word());
        return map;
    }

    static Map<String, Object> user(CatalogImage image, User u) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", u.name());
        map.put("password_hash", u.passwordHash());
        map.put("hashing_algorithm", u.hashing());
        map.put("tags", u.tags());
        map.put("limits", Json.shown(UserLimits.of(image, u.name())));
        return map;
    }

    static Map<String, Object> permission(Permission p) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("user", p.user());
        map.put("vhost", p.vhost());
        map.put("configure", p.configure());
        map.put("write", p.write());
        map.put("read", p.read());
        return map;
    }

    static Map<String, Object> topicPermission(TopicPermission p) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("user", p.user());
        map.put("vhost", p.vhost());
        map.put("exchange", p.exchange());
        map.put("write", p.write());
        map.put("read", p.read());
        return map;
    }

    static Map<String, Object> policy(Policy p) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("vhost", p.vhost());
        map.put("name", p.name());
        map.put("pattern", p.pattern());
        map.put("apply-to", p.applyTo());
        map.put("definition", Json.shown(p.definition()));
        map.put("priority", p.priority());
        return map;
    }

    /** A count and how fast it grows: {@code name} and {@code name_details}. */
    static void count(Map<String, Object> map, String name, long value, double rate) {
        map.put(name, value);
        map.put(name + "_details", Map.of("rate", Math.round(rate * 100) / 100.0));
    }
}

package dev.pabal.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A route from an exchange. Two bindings are the same where all their fields are.
 *
 * @param vhost its virtual host
 * @param source name of the exchange it leads from
 * @param kind what it leads to
 * @param destination name of what it leads to: a queue or an exchange of the same virtual host, or a topic
 * @param routingKey compared or matched as the exchange's type says
 * @param arguments as declared; values as in {@link Arguments}
 */
public record Binding(
        String vhost, String source, Kind kind, String destination, String routingKey, Map<String, Object> arguments) {
    public Binding {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }

    /** What a binding leads to. Their order is stored: new ones go to the end. */
    public enum Kind {
        QUEUE,
        EXCHANGE,
        TOPIC
    }
}

package dev.pabal.routing;

import java.util.Map;

/**
 * A binding as far as routing looks at it.
 *
 * @param source name of an exchange of the table
 * @param kind what it leads to
 * @param destination name of that
 * @param routingKey compared or matched as the type of the exchange says
 * @param arguments as declared
 */
public record BindingSpec(
        String source, Kind kind, String destination, String routingKey, Map<String, Object> arguments) {
    /** What a binding leads to. */
    public enum Kind {
        QUEUE,
        EXCHANGE,
        TOPIC
    }
}

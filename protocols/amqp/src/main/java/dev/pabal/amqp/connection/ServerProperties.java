package dev.pabal.amqp.connection;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the broker says of itself in {@code connection.start}. Clients decide by product and version which semantics to expect (kombu, amqp-client's
 * tests), so these name the ones that are implemented; who really answers is in platform and information.
 */
final class ServerProperties {
    /** The release of RabbitMQ whose semantics hold here. */
    static final String VERSION = "4.2.0";

    private ServerProperties() {}

    static Map<String, Object> of(String clusterName) {
        Map<String, Object> capabilities = new LinkedHashMap<>();
        for (String capability : new String[] {
            "publisher_confirms",
            "exchange_exchange_bindings",
            "basic.nack",
            "consumer_cancel_notify",
            "connection.blocked",
            "consumer_priorities",
            "authentication_failure_close",
            "per_consumer_qos",
            "direct_reply_to"
        }) {
            capabilities.put(capability, true);
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("capabilities", capabilities);
        properties.put("cluster_name", clusterName);
        properties.put("copyright", "The Pabal authors");
        properties.put("information", "Pabal, one broker for every protocol; Apache License 2.0");
        properties.put("platform", "Pabal on Java " + Runtime.version().feature());
        properties.put("product", "RabbitMQ");
        properties.put("version", VERSION);
        return properties;
    }
}

package dev.pabal.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message made of maps. */
record TestMessage(String exchange, String routingKey, Map<String, Object> headers, Map<String, String> properties)
        implements Routed {
    static TestMessage of(String exchange, String routingKey) {
        return new TestMessage(exchange, routingKey, Map.of(), Map.of());
    }

    static TestMessage of(String exchange, String routingKey, Map<String, Object> headers) {
        return new TestMessage(exchange, routingKey, headers, Map.of());
    }

    @Override
    public @Nullable Object header(String name) {
        return headers.get(name);
    }

    @Override
    public boolean hasHeader(String name) {
        return headers.containsKey(name);
    }

    @Override
    public @Nullable String property(String name) {
        return properties.get(name);
    }
}

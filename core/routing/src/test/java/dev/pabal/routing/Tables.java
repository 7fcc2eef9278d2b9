package dev.pabal.routing;

import java.util.Map;

/** Short ways to say what a table holds. */
final class Tables {
    private Tables() {}

    static ExchangeSpec exchange(String name, String type) {
        return new ExchangeSpec(name, type, false, null, Map.of());
    }

    static ExchangeSpec exchange(String name, String type, Map<String, Object> arguments) {
        return new ExchangeSpec(name, type, false, null, arguments);
    }

    static ExchangeSpec withAlternate(String name, String type, String alternate) {
        return new ExchangeSpec(name, type, false, alternate, Map.of());
    }

    static BindingSpec toQueue(String source, String queue, String key) {
        return new BindingSpec(source, BindingSpec.Kind.QUEUE, queue, key, Map.of());
    }

    static BindingSpec toQueue(String source, String queue, Map<String, Object> arguments) {
        return new BindingSpec(source, BindingSpec.Kind.QUEUE, queue, "", arguments);
    }

    static BindingSpec toExchange(String source, String exchange, String key) {
        return new BindingSpec(source, BindingSpec.Kind.EXCHANGE, exchange, key, Map.of());
    }
}

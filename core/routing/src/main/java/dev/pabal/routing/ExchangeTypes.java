package dev.pabal.routing;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;

/** The types of exchanges: which there are, what they ask of arguments, and how they lay out their bindings. */
public final class ExchangeTypes {
    /** Holds messages back by their {@code x-delay} header and then routes as the type in its argument {@code x-delayed-type}. */
    static final String DELAYED = "x-delayed-message";

    private static final String DELAYED_TYPE = "x-delayed-type";
    private static final String CONSISTENT_HASH = "x-consistent-hash";
    private static final String HASH_HEADER = "hash-header";
    private static final String HASH_PROPERTY = "hash-property";
    /** As RabbitMQ names them in the argument, and in {@link Routed#property}. */
    private static final Map<String, String> HASH_PROPERTIES =
            Map.of("message_id", "message-id", "correlation_id", "correlation-id", "timestamp", "timestamp");

    private static final List<String> ALL = List.of(
            "direct",
            "fanout",
            "headers",
            "topic",
            CONSISTENT_HASH,
            DELAYED,
            "x-local-random",
            "x-modulus-hash",
            "x-random");
    private static final Set<String> MATCHES = Set.of("all", "any", "all-with-x", "any-with-x");

    private ExchangeTypes() {}

    /** All types, in the order of their names but for extensions, which come last. */
    public static List<String> all() {
        return ALL;
    }

    public static boolean isKnown(String type) {
        return ALL.contains(type);
    }

    /** What is wrong with the arguments of an exchange of a known type, for people; null where nothing is. */
    public static @Nullable String faultOfExchange(String type, Map<String, Object> arguments) {
        if (type.equals(DELAYED)) {
            boolean fits =
                    arguments.get(DELAYED_TYPE) instanceof String inner && isKnown(inner) && !inner.equals(DELAYED);
            return fits ? null : "Invalid argument, 'x-delayed-type' must be an existing exchange type";
        }
        if (type.equals(CONSISTENT_HASH)) {
            Object property = arguments.get(HASH_PROPERTY);
            if (property != null && arguments.get(HASH_HEADER) != null) {
                return "hash-header and hash-property are mutually exclusive";
            }
            if (property != null && !(property instanceof String name && HASH_PROPERTIES.containsKey(name))) {
                return "Unsupported property: " + property;
            }
        }
        return null;
    }

    /** What is wrong with a binding that leads from such an exchange, for people; null where nothing is. */
    public static @Nullable String faultOfBinding(
            ExchangeSpec source, String routingKey, Map<String, Object> arguments) {
        String type = routingType(source);
        if (type.equals(CONSISTENT_HASH) && !isWeight(routingKey)) {
            return "The binding key must be an integer: " + routingKey;
        }
        Object match = arguments.get("x-match");
        if (!type.equals("headers") || match == null || match instanceof String word && MATCHES.contains(word)) {
            return null;
        }
        return match instanceof String
                ? "Invalid x-match field value <<\"" + match + "\">>; expected all, any, all-with-x, or any-with-x"
                : "Invalid x-match field type (value " + match + "); expected longstr";
    }

    /** Whether a binding key is a weight: 1 to 999999. */
    static boolean isWeight(String key) {
        if (key.isEmpty() || key.length() > 6 || key.charAt(0) == '0') {
            return false;
        }
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) < '0' || key.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** The type that decides where messages go. */
    private static String routingType(ExchangeSpec exchange) {
        return exchange.type().equals(DELAYED) && exchange.arguments().get(DELAYED_TYPE) instanceof String inner
                ? inner
                : exchange.type();
    }

    /** No bindings yet, for an exchange of that kind. */
    static Bindings noBindings(ExchangeSpec exchange) {
        String type = routingType(exchange);
        return switch (type) {
            case "direct" -> new DirectBindings(HashTreePMap.empty());
            case "fanout" -> new FanoutBindings(Destinations.NONE);
            case "topic" -> new TopicBindings(TrieNode.EMPTY);
            case "headers" -> HeadersBindings.EMPTY;
            case CONSISTENT_HASH -> choice(consistentHash(exchange.arguments()));
            case "x-random", "x-local-random" ->
                choice((candidates, message, random) -> random.nextInt(candidates.size()));
            case "x-modulus-hash" ->
                choice((candidates, message, random) ->
                        (int) Long.remainderUnsigned(KeyHash.of(message.routingKey()), candidates.size()));
            default -> throw new IllegalArgumentException("unknown type of exchange: " + type);
        };
    }

    private static Bindings choice(ChoiceBindings.Chooser chooser) {
        return new ChoiceBindings(chooser, Destinations.NONE);
    }

    private static ChoiceBindings.Chooser consistentHash(Map<String, Object> arguments) {
        String header = arguments.get(HASH_HEADER) instanceof String name ? name : null;
        String property = arguments.get(HASH_PROPERTY) instanceof String name ? HASH_PROPERTIES.get(name) : null;
        return (candidates, message, random) -> {
            String key = message.routingKey();
            if (header != null) {
                Object value = message.header(header);
                key = value == null ? "" : String.valueOf(HeadersBindings.comparable(value));
            } else if (property != null) {
                String value = message.property(property);
                key = value == null ? "" : value;
            }
            return candidates.rendezvous(KeyHash.of(key));
        };
    }
}

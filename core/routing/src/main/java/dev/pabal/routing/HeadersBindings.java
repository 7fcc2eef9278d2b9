package dev.pabal.routing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * A binding's arguments are compared with the message's headers, as RabbitMQ does it ({@code rabbit_exchange_type_headers}): {@code x-match} is
 * {@code all} (also where it is missing), {@code any}, {@code all-with-x} or {@code any-with-x}; without {@code -with-x} arguments that begin
 * with {@code x-} do not count; an argument without a value asks for the header's presence only; numbers are compared as numbers, whatever
 * their width.
 *
 * <p>Bindings are found by one of their arguments ({@code any}: by each), so a message costs a look-up for each header name that bindings ask
 * for, and a comparison only with bindings of which one argument matches already.
 *
 * @param byValue by name, then by comparable value
 * @param byPresence by name
 * @param always those that ask for nothing
 */
record HeadersBindings(
        PMap<String, PMap<Object, Destinations>> byValue, PMap<String, Destinations> byPresence, Destinations always)
        implements Bindings {

    static final HeadersBindings EMPTY =
            new HeadersBindings(HashTreePMap.empty(), HashTreePMap.empty(), Destinations.NONE);

    @Override
    public Bindings plus(BindingSpec binding) {
        return change(binding, destinations -> destinations.plus(binding));
    }

    @Override
    public Bindings minus(BindingSpec binding) {
        return change(binding, destinations -> destinations.minus(binding));
    }

    private HeadersBindings change(BindingSpec binding, UnaryOperator<Destinations> change) {
        Mode mode = Mode.of(binding);
        if (!mode.all()) {
            HeadersBindings changed = this;
            for (Map.Entry<String, Object> each : binding.arguments().entrySet()) {
                if (mode.counts(each.getKey())) {
                    changed = changed.change(each, change);
                }
            }
            return changed;
        }
        Map.Entry<String, Object> anchor = anchor(binding, mode);
        return anchor == null ? new HeadersBindings(byValue, byPresence, change.apply(always)) : change(anchor, change);
    }

    /** The argument by which an {@code all} binding is found: one with a value where there is one. */
    private static Map.@Nullable Entry<String, Object> anchor(BindingSpec binding, Mode mode) {
        Map.Entry<String, Object> anchor = null;
        for (Map.Entry<String, Object> each : binding.arguments().entrySet()) {
            if (mode.counts(each.getKey()) && (anchor == null || anchor.getValue() == null)) {
                anchor = each;
            }
        }
        return anchor;
    }

    private HeadersBindings change(Map.Entry<String, Object> argument, UnaryOperator<Destinations> change) {
        String name = argument.getKey();
        Object wanted = argument.getValue();
        if (wanted == null) {
            return new HeadersBindings(byValue, change(byPresence, name, change), always);
        }
        PMap<Object, Destinations> values =
                change(byValue.getOrDefault(name, HashTreePMap.empty()), comparable(wanted), change);
        return new HeadersBindings(
                values.isEmpty() ? byValue.minus(name) : byValue.plus(name, values), byPresence, always);
    }

    private static <K> PMap<K, Destinations> change(
            PMap<K, Destinations> all, K key, UnaryOperator<Destinations> change) {
        Destinations changed = change.apply(all.getOrDefault(key, Destinations.NONE));
        return changed.isEmpty() ? all.minus(key) : all.plus(key, changed);
    }

    @Override
    public void match(Routed message, RandomGenerator random, Consumer<BindingSpec> visitor) {
        always.forEach(visitor);
        Consumer<BindingSpec> verified = binding -> {
            if (!Mode.of(binding).all() || matchesAll(binding, message)) {
                visitor.accept(binding);
            }
        };
        byValue.forEach((name, values) -> {
            Object header = message.header(name);
            Destinations found = header == null ? null : values.get(comparable(header));
            if (found != null) {
                found.forEach(verified);
            }
        });
        byPresence.forEach((name, found) -> {
            if (message.hasHeader(name)) {
                found.forEach(verified);
            }
        });
    }

    private static boolean matchesAll(BindingSpec binding, Routed message) {
        Mode mode = Mode.of(binding);
        for (Map.Entry<String, Object> each : binding.arguments().entrySet()) {
            if (mode.counts(each.getKey()) && !matches(each.getKey(), each.getValue(), message)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String name, @Nullable Object wanted, Routed message) {
        if (wanted == null) {
            return message.hasHeader(name);
        }
        Object header = message.header(name);
        return header != null && comparable(header).equals(comparable(wanted));
    }

    /** A form in which equal values are equal whatever type they came in. */
    static Object comparable(Object value) {
        if (value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        if (value instanceof Float || value instanceof Double) {
            double number = ((Number) value).doubleValue();
            boolean whole = number == Math.rint(number) && Math.abs(number) < 1L << 53;
            return whole ? (Object) (long) number : (Object) number;
        }
        if (value instanceof Instant time) {
            return time.getEpochSecond();
        }
        return value instanceof ByteBuffer bytes
                ? StandardCharsets.UTF_8.decode(bytes.duplicate()).toString()
                : value;
    }

    @Override
    public boolean isKeyed() {
        return false;
    }

    /** What {@code x-match} asks for. */
    private record Mode(boolean all, boolean withX) {
        private static final String KEY = "x-match";

        static Mode of(BindingSpec binding) {
            Object word = binding.arguments().get(KEY);
            return new Mode(
                    !("any".equals(word) || "any-with-x".equals(word)),
                    "all-with-x".equals(word) || "any-with-x".equals(word));
        }

        boolean counts(String name) {
            return !name.equals(KEY) && (withX || !name.startsWith("x-"));
        }
    }
}

package dev.pabal.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An exchange as far as routing looks at it.
 *
 * @param name unique in the table
 * @param type {@code direct}, {@code fanout}, {@code topic}, {@code headers}, {@code x-consistent-hash}, {@code x-delayed-message},
 *     {@code x-random}, {@code x-local-random}, {@code x-modulus-hash}
 * @param internal whether clients may not publish to it; does not matter for routing between exchanges
 * @param alternate name of the exchange that gets what routes nowhere, from argument or policy; null for none
 * @param arguments as declared
 */
public record ExchangeSpec(
        String name, String type, boolean internal, @Nullable String alternate, Map<String, Object> arguments) {}

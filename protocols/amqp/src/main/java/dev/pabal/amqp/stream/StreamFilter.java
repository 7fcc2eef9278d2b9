package dev.pabal.amqp.stream;

import dev.pabal.message.AmqpProperties;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which messages of a stream a consumer wants: {@code x-stream-filter} (one value or several) against the header
 * {@code x-stream-filter-value} of each message. Exact, where RabbitMQ's may let others through.
 *
 * @param values empty = every message is wanted
 * @param unfiltered messages without the header are wanted as well ({@code x-stream-match-unfiltered})
 */
record StreamFilter(Set<String> values, boolean unfiltered) {
    private static final byte[] HEADER = "x-stream-filter-value".getBytes(StandardCharsets.US_ASCII);

    static StreamFilter of(Map<String, Object> arguments) {
        Set<String> values = new HashSet<>();
        Object filter = arguments.get("x-stream-filter");
        if (filter instanceof List<?> list) {
            list.forEach(value -> values.add(String.valueOf(value)));
        } else if (filter != null) {
            values.add(filter.toString());
        }
        return new StreamFilter(values, Boolean.TRUE.equals(arguments.get("x-stream-match-unfiltered")));
    }

    boolean isOff() {
        return values.isEmpty();
    }

    boolean wants(AmqpProperties properties) {
        if (values.isEmpty()) {
            return true;
        }
        Object value = properties.header(HEADER);
        return value == null ? unfiltered : values.contains(value.toString());
    }
}

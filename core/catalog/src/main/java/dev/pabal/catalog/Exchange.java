package dev.pabal.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * An exchange as the catalog knows it.
 *
 * @param id never used again
 * @param vhost its virtual host
 * @param name unique within the virtual host; empty for the default exchange, which is never stored: every image has it
 * @param type {@code direct}, {@code fanout}, {@code topic}, {@code headers}, or one of the extensions ({@code x-...})
 * @param durable whether it survives a restart; one that does not is in the image only, never in the catalog's log
 * @param autoDelete goes with the last binding that has it as its source
 * @param internal refuses clients' publishes; fed by bindings only
 * @param arguments as declared; values as in {@link Arguments}
 */
public record Exchange(
        UUID id,
        String vhost,
        String name,
        String type,
        boolean durable,
        boolean autoDelete,
        boolean internal,
        Map<String, Object> arguments) {
    public Exchange {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }
}

package dev.pabal.broker.topology;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What a client says of the queue that it wants.
 *
 * @param vhost where
 * @param name as given; empty = the broker chooses one
 * @param durable survives a restart
 * @param exclusive belongs to the connection and goes with it
 * @param autoDelete goes with its last consumer
 * @param arguments as given
 * @param connection who asks
 */
record QueueDeclaration(
        String vhost,
        String name,
        boolean durable,
        boolean exclusive,
        boolean autoDelete,
        Map<String, Object> arguments,
        UUID connection) {
    QueueDeclaration {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }

    /** The same with one argument more. */
    QueueDeclaration with(String argument, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(arguments);
        more.put(argument, value);
        return new QueueDeclaration(vhost, name, durable, exclusive, autoDelete, more, connection);
    }

    /** An exclusive queue goes with its connection at the latest, so it is never stored. */
    boolean stored() {
        return durable && !exclusive;
    }
}

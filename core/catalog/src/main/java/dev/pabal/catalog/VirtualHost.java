package dev.pabal.catalog;

import java.util.List;

/**
 * A name space of exchanges, queues, bindings, permissions and policies (RabbitMQ's virtual host).
 *
 * @param name unique; {@link #DEFAULT} is made with the store
 * @param description for people
 * @param tags for people
 */
public record VirtualHost(String name, String description, List<String> tags) {
    /** The virtual host whose queues carry Kafka and SQS names. */
    public static final String DEFAULT = "/";

    public VirtualHost {
        tags = List.copyOf(tags);
    }
}

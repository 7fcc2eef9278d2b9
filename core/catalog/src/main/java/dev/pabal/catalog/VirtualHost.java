package dev.pabal.catalog;

import java.util.List;

/**
 * A name space of exchanges, queues, bindings, permissions and policies (RabbitMQ's virtual host).
 *
 * @param name unique; {@link #DEFAULT} is made with the store
 * @param description for people
 * @param tags for people
 * @param defaultQueueType of queues that are declared without a type and can be of this one
 */
public record VirtualHost(String name, String description, List<String> tags, Queue.Type defaultQueueType) {
    /** The virtual host whose queues carry Kafka and SQS names. */
    public static final String DEFAULT = "/";

    public VirtualHost {
        tags = List.copyOf(tags);
    }

    /** Whose queues are classic ones where nothing else is said. */
    public VirtualHost(String name, String description, List<String> tags) {
        this(name, description, tags, Queue.Type.CLASSIC);
    }
}

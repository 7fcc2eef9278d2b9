package dev.pabal.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** One thing that happened to the catalog: the only way an image changes, and what the catalog's log holds. */
public sealed interface CatalogChange {
    /** The store came to be: the first change of every catalog, and never again. */
    record StoreCreated(StoreIdentity identity) implements CatalogChange {}

    /** A topic came to be. */
    record TopicCreated(Topic topic) implements CatalogChange {}

    /** A topic went, with all its data. */
    record TopicDeleted(UUID topicId) implements CatalogChange {}

    /** A topic grew to {@code partitions} partitions in all. */
    record PartitionsAdded(UUID topicId, int partitions) implements CatalogChange {}

    /** A topic's own configs are now exactly these. */
    record TopicConfigsSet(UUID topicId, Map<String, String> configs) implements CatalogChange {
        public TopicConfigsSet {
            configs = Map.copyOf(configs);
        }
    }

    /** The dynamic configs of the broker ({@code name} empty: the default of all brokers) are now exactly these. */
    record BrokerConfigsSet(String name, Map<String, String> configs) implements CatalogChange {
        public BrokerConfigsSet {
            configs = Map.copyOf(configs);
        }
    }

    /** The configs of a consumer group are now exactly these. */
    record GroupConfigsSet(String group, Map<String, String> configs) implements CatalogChange {
        public GroupConfigsSet {
            configs = Map.copyOf(configs);
        }
    }

    /** Producer ids below {@code next} may have been handed out. */
    record ProducerIdsReserved(long next) implements CatalogChange {}

    /** A virtual host came to be, or its description and tags are now these. */
    record VirtualHostSet(VirtualHost vhost) implements CatalogChange {}

    /** A virtual host went, with all that was in it: the changes that take those away come before this one. */
    record VirtualHostDeleted(String name) implements CatalogChange {}

    /** An exchange came to be. */
    record ExchangeCreated(Exchange exchange) implements CatalogChange {
        @Override
        public boolean stored() {
            return exchange.durable();
        }
    }

    /** An exchange went; the changes that take its bindings away come before this one. */
    record ExchangeDeleted(String vhost, String name, boolean stored) implements CatalogChange {}

    /** A queue came to be, and with it its topic where it has a name for one. */
    record QueueCreated(Queue queue) implements CatalogChange {
        @Override
        public boolean stored() {
            return queue.stored();
        }
    }

    /** A queue went, with its messages and its topic; the changes that take its bindings away come before this one. */
    record QueueDeleted(UUID queueId, boolean stored) implements CatalogChange {}

    /** The arguments of a queue are now exactly these. */
    record QueueArgumentsSet(UUID queueId, Map<String, Object> arguments, boolean stored) implements CatalogChange {
        public QueueArgumentsSet {
            arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
        }
    }

    /** A binding came to be; one that exists already changes nothing. */
    record BindingCreated(Binding binding, boolean stored) implements CatalogChange {}

    /** A binding went; one that does not exist changes nothing. */
    record BindingDeleted(Binding binding, boolean stored) implements CatalogChange {}

    /** A user came to be or changed. */
    record UserSet(User user) implements CatalogChange {}

    /** A user went, with its permissions. */
    record UserDeleted(String name) implements CatalogChange {}

    /** A user's permissions in a virtual host are now these. */
    record PermissionSet(Permission permission) implements CatalogChange {}

    /** A user has no permission in a virtual host any more. */
    record PermissionDeleted(String user, String vhost) implements CatalogChange {}

    /** A user's permissions on a topic exchange are now these. */
    record TopicPermissionSet(TopicPermission permission) implements CatalogChange {}

    /** A user has no permissions of its own on a topic exchange any more ({@code exchange} empty: on none of the virtual host). */
    record TopicPermissionDeleted(String user, String vhost, String exchange) implements CatalogChange {}

    /** A policy came to be or changed. */
    record PolicySet(Policy policy) implements CatalogChange {}

    /** A policy went. */
    record PolicyDeleted(String vhost, String name, boolean operator) implements CatalogChange {}

    /** A parameter came to be or changed. */
    record ParameterSet(Parameter parameter) implements CatalogChange {}

    /** A parameter went. */
    record ParameterDeleted(String component, String vhost, String name) implements CatalogChange {}

    /** Whether the catalog's log holds the change; what does not outlive the process is in the image only. */
    default boolean stored() {
        return true;
    }
}

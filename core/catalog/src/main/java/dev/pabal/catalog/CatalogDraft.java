package dev.pabal.catalog;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;
import org.pcollections.TreePMap;

/**
 * An image on the way to the next. A change, and {@link #image()}, cost next to the same however much exists. For one thread only.
 */
public final class CatalogDraft {
    private long version;
    private @Nullable StoreIdentity identity;
    private PMap<String, Topic> topicsByName;
    private PMap<UUID, Topic> topicsById;
    private PMap<String, Map<String, String>> brokers;
    private PMap<String, Map<String, String>> groups;
    private TreePMap<String, VhostContent> contents;
    private PMap<UUID, Queue> queuesById;
    private Accounts accounts;
    private TreePMap<String, TreePMap<ScopedName, Parameter>> parameters;
    private long nextProducerId;
    private @Nullable PersistentImage image;

    CatalogDraft(PersistentImage from) {
        version = from.version();
        identity = from.identity();
        topicsByName = from.topicsByName();
        topicsById = from.topicsById();
        brokers = from.brokers();
        groups = from.groups();
        contents = from.contents();
        queuesById = from.queuesById();
        accounts = from.accounts();
        parameters = from.parametersByComponent();
        nextProducerId = from.nextProducerId();
        image = from;
    }

    public @Nullable Topic topic(String name) {
        return topicsByName.get(name);
    }

    public @Nullable Topic topic(UUID id) {
        return topicsById.get(id);
    }

    public Collection<Topic> topics() {
        return topicsByName.values();
    }

    public @Nullable StoreIdentity identity() {
        return identity;
    }

    /** As {@link CatalogImage#brokerConfigs}. */
    public Map<String, String> brokerConfigs(String name) {
        return brokers.getOrDefault(name, Map.of());
    }

    /** As {@link CatalogImage#groupConfigs}. */
    public Map<String, String> groupConfigs(String group) {
        return groups.getOrDefault(group, Map.of());
    }

    public long nextProducerId() {
        return nextProducerId;
    }

    /** The image as it is now; later changes of the draft do not touch it. The same object until the next change. */
    public CatalogImage image() {
        PersistentImage now = image;
        if (now == null) {
            now = new PersistentImage(
                    version,
                    identity,
                    topicsByName,
                    topicsById,
                    brokers,
                    groups,
                    contents,
                    queuesById,
                    accounts,
                    parameters,
                    nextProducerId);
            image = now;
        }
        return now;
    }

    /**
     * Makes the change.
     *
     * @throws IllegalStateException where it contradicts what exists (a name taken, an id unknown); nothing was changed then
     */
    public void apply(CatalogChange change) {
        if (!(applyTopics(change) || applyNames(change) || applyAccounts(change))) {
            throw new IllegalStateException("unknown change: " + change);
        }
        version++;
        image = null;
    }

    /** Topics, configs and the store itself. */
    private boolean applyTopics(CatalogChange change) {
        if (change instanceof CatalogChange.TopicCreated c) {
            create(c.topic());
        } else if (change instanceof CatalogChange.TopicDeleted c) {
            remove(known(c.topicId()));
        } else if (change instanceof CatalogChange.PartitionsAdded c) {
            put(known(c.topicId()).withPartitions(c.partitions()));
        } else if (change instanceof CatalogChange.TopicConfigsSet c) {
            put(known(c.topicId()).withConfigs(c.configs()));
        } else if (change instanceof CatalogChange.BrokerConfigsSet c) {
            brokers = with(brokers, c.name(), c.configs());
        } else if (change instanceof CatalogChange.GroupConfigsSet c) {
            groups = with(groups, c.group(), c.configs());
        } else if (change instanceof CatalogChange.ProducerIdsReserved c) {
            nextProducerId = Math.max(nextProducerId, c.next());
        } else if (change instanceof CatalogChange.StoreCreated c) {
            if (identity != null) {
                throw new IllegalStateException("the store was created before, as " + identity.clusterId());
            }
            identity = c.identity();
        } else {
            return false;
        }
        return true;
    }

    /** Virtual hosts and what has a name in them. */
    private boolean applyNames(CatalogChange change) {
        if (change instanceof CatalogChange.VirtualHostSet c) {
            VhostContent content = contents.get(c.vhost().name());
            put(content == null ? VhostContent.of(c.vhost()) : content.with(c.vhost()));
        } else if (change instanceof CatalogChange.VirtualHostDeleted c) {
            delete(content(c.name()));
        } else if (change instanceof CatalogChange.ExchangeCreated c) {
            put(content(c.exchange().vhost()).plus(c.exchange()));
        } else if (change instanceof CatalogChange.ExchangeDeleted c) {
            put(content(c.vhost()).minusExchange(c.name()));
        } else if (change instanceof CatalogChange.QueueCreated c) {
            create(c.queue());
        } else if (change instanceof CatalogChange.QueueArgumentsSet c) {
            change(c.queueId(), c.arguments());
        } else if (change instanceof CatalogChange.QueueDeleted c) {
            delete(c.queueId());
        } else if (change instanceof CatalogChange.BindingCreated c) {
            put(content(c.binding().vhost()).plus(c.binding()));
        } else if (change instanceof CatalogChange.BindingDeleted c) {
            put(content(c.binding().vhost()).minus(c.binding()));
        } else if (change instanceof CatalogChange.PolicySet c) {
            put(content(c.policy().vhost()).plus(c.policy()));
        } else if (change instanceof CatalogChange.PolicyDeleted c) {
            put(content(c.vhost()).minusPolicy(c.name(), c.operator()));
        } else {
            return false;
        }
        return true;
    }

    /** Users, what they may do, and parameters. */
    private boolean applyAccounts(CatalogChange change) {
        if (change instanceof CatalogChange.UserSet c) {
            accounts = accounts.plus(c.user());
        } else if (change instanceof CatalogChange.UserDeleted c) {
            accounts = accounts.minusUser(c.name());
        } else if (change instanceof CatalogChange.PermissionSet c) {
            accounts = accounts.plus(c.permission());
        } else if (change instanceof CatalogChange.PermissionDeleted c) {
            accounts = accounts.minusPermission(c.user(), c.vhost());
        } else if (change instanceof CatalogChange.TopicPermissionSet c) {
            accounts = accounts.plus(c.permission());
        } else if (change instanceof CatalogChange.TopicPermissionDeleted c) {
            accounts = accounts.minusTopicPermission(c.user(), c.vhost(), c.exchange());
        } else if (change instanceof CatalogChange.ParameterSet c) {
            set(c.parameter());
        } else if (change instanceof CatalogChange.ParameterDeleted c) {
            deleteParameter(c.component(), c.vhost(), c.name());
        } else {
            return false;
        }
        return true;
    }

    private void create(Topic topic) {
        if (topicsByName.containsKey(topic.name()) || topicsById.containsKey(topic.id())) {
            throw new IllegalStateException("topic exists: " + topic.name());
        }
        put(topic);
    }

    private void put(Topic topic) {
        topicsByName = topicsByName.plus(topic.name(), topic);
        topicsById = topicsById.plus(topic.id(), topic);
    }

    private void remove(Topic topic) {
        topicsByName = topicsByName.minus(topic.name());
        topicsById = topicsById.minus(topic.id());
    }

    private Topic known(UUID id) {
        Topic topic = topicsById.get(id);
        if (topic == null) {
            throw new IllegalStateException("unknown topic id: " + id);
        }
        return topic;
    }

    private VhostContent content(String vhost) {
        VhostContent content = contents.get(vhost);
        if (content == null) {
            throw new IllegalStateException("unknown virtual host: " + vhost);
        }
        return content;
    }

    private void put(VhostContent content) {
        contents = contents.plus(content.host().name(), content);
    }

    private void delete(VhostContent content) {
        if (!content.queues().isEmpty()) {
            throw new IllegalStateException("virtual host " + content.host().name() + " still has queues: "
                    + content.queues().size());
        }
        contents = contents.minus(content.host().name());
    }

    private void create(Queue queue) {
        if (queuesById.containsKey(queue.id())) {
            throw new IllegalStateException("queue exists: " + queue.id());
        }
        VhostContent with = content(queue.vhost()).plus(queue);
        Topic topic = QueueTopics.of(queue);
        // A stream may be declared over a topic that was there before: then both have one id, and the topic stays as it
        // is.
        if (topic != null && !topicsById.containsKey(topic.id())) {
            create(topic);
        }
        put(with);
        queuesById = queuesById.plus(queue.id(), queue);
    }

    private void change(UUID queueId, Map<String, Object> arguments) {
        Queue queue = known(queuesById, queueId).with(arguments);
        put(content(queue.vhost()).minus(queue).plus(queue));
        queuesById = queuesById.plus(queueId, queue);
    }

    private static Queue known(PMap<UUID, Queue> queues, UUID queueId) {
        Queue queue = queues.get(queueId);
        if (queue == null) {
            throw new IllegalStateException("unknown queue id: " + queueId);
        }
        return queue;
    }

    private void delete(UUID queueId) {
        Queue queue = known(queuesById, queueId);
        put(content(queue.vhost()).minus(queue));
        queuesById = queuesById.minus(queueId);
        Topic topic = topicsById.get(queueId);
        if (topic != null) {
            remove(topic);
        }
    }

    private void set(Parameter parameter) {
        TreePMap<ScopedName, Parameter> own = parameters.getOrDefault(parameter.component(), TreePMap.empty());
        parameters = parameters.plus(
                parameter.component(), own.plus(new ScopedName(parameter.vhost(), parameter.name()), parameter));
    }

    private void deleteParameter(String component, String vhost, String name) {
        TreePMap<ScopedName, Parameter> rest =
                parameters.getOrDefault(component, TreePMap.empty()).minus(new ScopedName(vhost, name));
        parameters = rest.isEmpty() ? parameters.minus(component) : parameters.plus(component, rest);
    }

    private static PMap<String, Map<String, String>> with(
            PMap<String, Map<String, String>> all, String name, Map<String, String> configs) {
        return configs.isEmpty() ? all.minus(name) : all.plus(name, configs);
    }
}

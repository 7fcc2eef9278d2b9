package dev.pabal.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An image on the way to the next: each change costs the same, however much exists. For one thread only. */
public final class CatalogDraft {
    private long version;
    private @Nullable StoreIdentity identity;
    private final Map<String, Topic> byName;
    private final Map<UUID, Topic> byId;
    private final Map<String, Map<String, String>> brokers;
    private final Map<String, Map<String, String>> groups;
    private long nextProducerId;

    CatalogDraft(PersistentImage from) {
        version = from.version();
        identity = from.identity();
        byName = new HashMap<>(from.byName());
        byId = new HashMap<>(from.byId());
        brokers = new HashMap<>(from.brokers());
        groups = new HashMap<>(from.groups());
        nextProducerId = from.nextProducerId();
    }

    public @Nullable Topic topic(String name) {
        return byName.get(name);
    }

    public @Nullable Topic topic(UUID id) {
        return byId.get(id);
    }

    public Collection<Topic> topics() {
        return byName.values();
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

    /** The image as it is now; later changes of the draft do not touch it. */
    public CatalogImage image() {
        return new PersistentImage(
                version,
                identity,
                new HashMap<>(byName),
                new HashMap<>(byId),
                new HashMap<>(brokers),
                new HashMap<>(groups),
                nextProducerId);
    }

    /**
     * Makes the change.
     *
     * @throws IllegalStateException where it contradicts what exists (a name taken, an id unknown); nothing was changed then
     */
    public void apply(CatalogChange change) {
        if (change instanceof CatalogChange.TopicCreated c) {
            create(c.topic());
        } else if (change instanceof CatalogChange.TopicDeleted c) {
            byName.remove(known(c.topicId()).name());
            byId.remove(c.topicId());
        } else if (change instanceof CatalogChange.PartitionsAdded c) {
            put(known(c.topicId()).withPartitions(c.partitions()));
        } else if (change instanceof CatalogChange.TopicConfigsSet c) {
            put(known(c.topicId()).withConfigs(c.configs()));
        } else if (change instanceof CatalogChange.BrokerConfigsSet c) {
            set(brokers, c.name(), c.configs());
        } else if (change instanceof CatalogChange.GroupConfigsSet c) {
            set(groups, c.group(), c.configs());
        } else if (change instanceof CatalogChange.ProducerIdsReserved c) {
            nextProducerId = Math.max(nextProducerId, c.next());
        } else if (change instanceof CatalogChange.StoreCreated c) {
            if (identity != null) {
                throw new IllegalStateException("the store was created before, as " + identity.clusterId());
            }
            identity = c.identity();
        }
        version++;
    }

    private void create(Topic topic) {
        if (byName.containsKey(topic.name()) || byId.containsKey(topic.id())) {
            throw new IllegalStateException("topic exists: " + topic.name());
        }
        put(topic);
    }

    private void put(Topic topic) {
        byName.put(topic.name(), topic);
        byId.put(topic.id(), topic);
    }

    private Topic known(UUID id) {
        Topic topic = byId.get(id);
        if (topic == null) {
            throw new IllegalStateException("unknown topic id: " + id);
        }
        return topic;
    }

    private static void set(Map<String, Map<String, String>> all, String name, Map<String, String> configs) {
        if (configs.isEmpty()) {
            all.remove(name);
        } else {
            all.put(name, configs);
        }
    }
}

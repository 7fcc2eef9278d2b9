package dev.pabal.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The image as plain maps, copied where a change touches them. */
record PersistentImage(
        long version,
        Map<String, Topic> byName,
        Map<UUID, Topic> byId,
        Map<String, Map<String, String>> brokers,
        Map<String, Map<String, String>> groups,
        long nextProducerId)
        implements CatalogImage {

    static final PersistentImage EMPTY = new PersistentImage(0, Map.of(), Map.of(), Map.of(), Map.of(), 0);

    @Override
    public @Nullable Topic topic(String name) {
        return byName.get(name);
    }

    @Override
    public @Nullable Topic topic(UUID id) {
        return byId.get(id);
    }

    @Override
    public Collection<Topic> topics() {
        return byName.values();
    }

    @Override
    public Map<String, String> brokerConfigs(String name) {
        return brokers.getOrDefault(name, Map.of());
    }

    @Override
    public Map<String, String> groupConfigs(String group) {
        return groups.getOrDefault(group, Map.of());
    }

    @Override
    public Collection<String> groupsWithConfigs() {
        return groups.keySet();
    }

    @Override
    public CatalogImage apply(CatalogChange change) {
        if (change instanceof CatalogChange.TopicCreated c) {
            if (byName.containsKey(c.topic().name())
                    || byId.containsKey(c.topic().id())) {
                throw new IllegalStateException("topic exists: " + c.topic().name());
            }
            return withTopic(c.topic());
        } else if (change instanceof CatalogChange.TopicDeleted c) {
            return withoutTopic(known(c.topicId()));
        } else if (change instanceof CatalogChange.PartitionsAdded c) {
            return withTopic(known(c.topicId()).withPartitions(c.partitions()));
        } else if (change instanceof CatalogChange.TopicConfigsSet c) {
            return withTopic(known(c.topicId()).withConfigs(c.configs()));
        } else if (change instanceof CatalogChange.BrokerConfigsSet c) {
            return new PersistentImage(
                    version + 1, byName, byId, with(brokers, c.name(), c.configs()), groups, nextProducerId);
        } else if (change instanceof CatalogChange.GroupConfigsSet c) {
            return new PersistentImage(
                    version + 1, byName, byId, brokers, with(groups, c.group(), c.configs()), nextProducerId);
        } else if (change instanceof CatalogChange.ProducerIdsReserved c) {
            return new PersistentImage(version + 1, byName, byId, brokers, groups, Math.max(nextProducerId, c.next()));
        }
        throw new IllegalStateException("unknown change: " + change);
    }

    private Topic known(UUID id) {
        Topic topic = byId.get(id);
        if (topic == null) {
            throw new IllegalStateException("unknown topic id: " + id);
        }
        return topic;
    }

    private PersistentImage withTopic(Topic topic) {
        Map<String, Topic> names = new HashMap<>(byName);
        Map<UUID, Topic> ids = new HashMap<>(byId);
        names.put(topic.name(), topic);
        ids.put(topic.id(), topic);
        return new PersistentImage(version + 1, names, ids, brokers, groups, nextProducerId);
    }

    private PersistentImage withoutTopic(Topic topic) {
        Map<String, Topic> names = new HashMap<>(byName);
        Map<UUID, Topic> ids = new HashMap<>(byId);
        names.remove(topic.name());
        ids.remove(topic.id());
        return new PersistentImage(version + 1, names, ids, brokers, groups, nextProducerId);
    }

    private static Map<String, Map<String, String>> with(
            Map<String, Map<String, String>> all, String name, Map<String, String> configs) {
        Map<String, Map<String, String>> copy = new HashMap<>(all);
        if (configs.isEmpty()) {
            copy.remove(name);
        } else {
            copy.put(name, configs);
        }
        return copy;
    }
}

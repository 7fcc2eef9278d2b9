package dev.pabal.broker;

import dev.pabal.broker.topology.Edits;
import dev.pabal.broker.topology.TopicSpace;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogDraft;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** Decides on changes to topics and configs: what Kafka's controller would refuse is refused here, in its words. */
final class TopicChanges implements Broker.TopicAdmin, TopicSpace {
    /** Most partitions that one call may add ({@code ReplicationControlManager.MAX_PARTITIONS_PER_BATCH}). */
    static final int MAX_PARTITIONS_PER_CALL = 10_000;

    private final CatalogWriter writer;
    private final ConfigRegistry configs;
    private final int shardCount;
    /** Names that hold a '.' or '_', by the form in which they collide. Touched on the catalog's thread only. */
    private final Map<String, String> collisionForms = new HashMap<>();
    /** Spreads topics over shards. Touched on the catalog's thread only. */
    private int nextShard;

    TopicChanges(CatalogWriter writer, ConfigRegistry configs, CatalogImage image, int shardCount) {
        this.writer = writer;
        this.configs = configs;
        this.shardCount = shardCount;
        image.topics().forEach(topic -> remember(topic.name()));
        this.nextShard = image.topics().size() % shardCount;
    }

    @Override
    public CompletableFuture<Topic> create(
            String name, int partitions, Map<String, String> topicConfigs, boolean validateOnly) {
        return writer.submit(
                draft -> planCreate(draft, name, partitions, topicConfigs, false, validateOnly), validateOnly);
    }

    @Override
    public CompletableFuture<Topic> ensureInternal(String name, int partitions, Map<String, String> topicConfigs) {
        return writer.submit(
                draft -> {
                    Topic existing = draft.topic(name);
                    return existing != null
                            ? new CatalogWriter.Plan<>(List.of(), existing)
                            : planCreate(draft, name, partitions, topicConfigs, true, false);
                },
                false);
    }

    private CatalogWriter.Plan<Topic> planCreate(
            CatalogDraft draft,
            String name,
            int partitions,
            Map<String, String> topicConfigs,
            boolean internal,
            boolean validateOnly) {
        TopicNames.check(name);
        if (!internal && TopicNames.isReserved(name)) {
            throw new BrokerException(
                    Refusal.INVALID_REQUEST,
                    "Creation of internal topic " + name + " is prohibited: the broker makes it where it needs it.");
        }
        if (draft.topic(name) != null) {
            throw new BrokerException(Refusal.TOPIC_EXISTS, "Topic '" + name + "' already exists.");
        }
        String other = TopicNames.mayCollide(name) ? collisionForms.get(TopicNames.collisionForm(name)) : null;
        // A creation that the log refused was taken back, and left its name here.
        if (other != null && draft.topic(other) != null) {
            throw new BrokerException(
                    Refusal.INVALID_NAME, "Topic '" + name + "' collides with existing topic: " + other);
        }
        int count = partitions == -1 ? configs.brokerInt("num.partitions") : partitions;
        if (count < 1) {
            throw new BrokerException(
                    Refusal.INVALID_PARTITIONS, "Number of partitions was set to an invalid non-positive value.");
        }
        checkPartitionsPerCall(count);
        configs.checkTopic(topicConfigs);
        Topic topic = new Topic(UUID.randomUUID(), name, count, nextShard, topicConfigs, internal);
        if (!validateOnly) {
            nextShard = (nextShard + count) % shardCount;
            remember(name);
        }
        return new CatalogWriter.Plan<>(List.of(new CatalogChange.TopicCreated(topic)), topic);
    }

    @Override
    @SuppressWarnings("NullAway") // The result of a plan without a result.
    public CompletableFuture<Void> delete(UUID topicId) {
        return writer.submit(
                draft -> {
                    Topic topic = known(draft, topicId);
                    released(topic.name());
                    Edits edits = new Edits(draft.image());
                    edits.removeTopic(topic);
                    return new CatalogWriter.Plan<>(edits.changes(), null);
                },
                false);
    }

    @Override
    public CompletableFuture<Topic> grow(UUID topicId, int partitions, boolean validateOnly) {
        return writer.submit(
                draft -> {
                    Topic topic = known(draft, topicId);
                    if (partitions == topic.partitions()) {
                        throw new BrokerException(
                                Refusal.INVALID_PARTITIONS, "Topic already has " + partitions + " partition(s).");
                    }
                    if (partitions < topic.partitions()) {
                        throw new BrokerException(
                                Refusal.INVALID_PARTITIONS,
                                "The topic " + topic.name() + " currently has " + topic.partitions() + " partition(s); "
                                        + partitions + " would not be an increase.");
                    }
                    checkPartitionsPerCall(partitions - topic.partitions());
                    if (draft.image().queue(topicId) != null) {
                        throw new BrokerException(
                                Refusal.INVALID_PARTITIONS,
                                "The topic " + topic.name() + " is a queue, which has one partition.");
                    }
                    return new CatalogWriter.Plan<>(
                            List.of(new CatalogChange.PartitionsAdded(topicId, partitions)),
                            topic.withPartitions(partitions));
                },
                validateOnly);
    }

    @Override
    public CompletableFuture<Topic> alterConfigs(
            UUID topicId, UnaryOperator<Map<String, String>> change, boolean validateOnly) {
        return writer.submit(
                draft -> {
                    Topic topic = known(draft, topicId);
                    Map<String, String> after = change.apply(topic.configs());
                    configs.checkTopic(after);
                    checkNotCompacted(draft, topic, after);
                    return new CatalogWriter.Plan<>(
                            List.of(new CatalogChange.TopicConfigsSet(topicId, after)), topic.withConfigs(after));
                },
                validateOnly);
    }

    @Override
    public CompletableFuture<Void> alterBrokerConfigs(
            String name, UnaryOperator<Map<String, String>> change, boolean validateOnly) {
        return writer.submit(
                draft -> {
                    Map<String, String> after = change.apply(draft.brokerConfigs(name));
                    configs.checkBroker(after);
                    return nothing(new CatalogChange.BrokerConfigsSet(name, after));
                },
                validateOnly);
    }

    @Override
    public CompletableFuture<Void> alterGroupConfigs(
            String group, UnaryOperator<Map<String, String>> change, boolean validateOnly) {
        return writer.submit(
                draft -> {
                    if (group.isEmpty()) {
                        throw new BrokerException(Refusal.INVALID_REQUEST, "Default group resources are not allowed.");
                    }
                    Map<String, String> after = change.apply(draft.groupConfigs(group));
                    configs.checkGroup(after);
                    return nothing(new CatalogChange.GroupConfigsSet(group, after));
                },
                validateOnly);
    }

    private static void checkNotCompacted(CatalogDraft draft, Topic topic, Map<String, String> after) {
        if (after.getOrDefault("cleanup.policy", "").contains("compact")
                && draft.image().queue(topic.id()) != null) {
            throw new BrokerException(
                    Refusal.INVALID_CONFIG, "The topic " + topic.name() + " is a queue, which cannot be compacted.");
        }
    }

    @Override
    public boolean free(CatalogImage image, String name) {
        if (!TopicNames.isLegal(name) || TopicNames.isReserved(name) || image.topic(name) != null) {
            return false;
        }
        String other = TopicNames.mayCollide(name) ? collisionForms.get(TopicNames.collisionForm(name)) : null;
        return other == null || image.topic(other) == null;
    }

    @Override
    public void taken(String name) {
        remember(name);
    }

    @Override
    public void released(String name) {
        collisionForms.remove(TopicNames.collisionForm(name), name);
    }

    @Override
    public int nextShard() {
        int shard = nextShard;
        nextShard = (nextShard + 1) % shardCount;
        return shard;
    }

    private void remember(String name) {
        if (TopicNames.mayCollide(name)) {
            collisionForms.put(TopicNames.collisionForm(name), name);
        }
    }

    private static void checkPartitionsPerCall(int count) {
        if (count > MAX_PARTITIONS_PER_CALL) {
            throw new BrokerException(
                    Refusal.POLICY,
                    "Excessively large number of partitions per request: at most " + MAX_PARTITIONS_PER_CALL
                            + " can be added at once.");
        }
    }

    private static Topic known(CatalogDraft draft, UUID topicId) {
        Topic topic = draft.topic(topicId);
        if (topic == null) {
            throw new BrokerException(Refusal.UNKNOWN_TOPIC, "This server does not host this topic ID.");
        }
        return topic;
    }

    @SuppressWarnings("NullAway") // The result of a plan without a result.
    private static CatalogWriter.Plan<Void> nothing(CatalogChange change) {
        return new CatalogWriter.Plan<>(List.of(change), null);
    }
}

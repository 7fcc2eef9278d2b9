package dev.pabal.kafka.group;

import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.KafkaIds;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;

/**
 * The catalog's topics as Kafka's metadata image. Any number of changes of the catalog becomes one delta, which costs one walk over the
 * topics and memory only for those that differ. Not safe for use by several threads at once.
 */
final class CatalogMetadata {
    private final List<Integer> replicas;
    private CatalogImage catalog = CatalogImage.empty();
    private MetadataImage image = MetadataImage.EMPTY;

    CatalogMetadata(int nodeId) {
        this.replicas = List.of(nodeId);
    }

    /** Moves on to {@code newer}; tells {@code receiver} of the delta and the new image where topics have changed. */
    void advance(CatalogImage newer, long nowMs, BiConsumer<MetadataDelta, MetadataImage> receiver) {
        if (newer == catalog) {
            return;
        }
        MetadataDelta delta = new MetadataDelta.Builder().setImage(image).build();
        boolean changed = removeGone(newer, delta) | addNew(newer, delta);
        catalog = newer;
        if (changed) {
            image = delta.apply(new MetadataProvenance(newer.version(), 0, nowMs, true));
            receiver.accept(delta, image);
        }
    }

    MetadataImage image() {
        return image;
    }

    private boolean removeGone(CatalogImage newer, MetadataDelta delta) {
        boolean changed = false;
        for (Topic topic : catalog.topics()) {
            if (newer.topic(topic.id()) == null) {
                delta.replay(new RemoveTopicRecord().setTopicId(KafkaIds.kafkaId(topic.id())));
                changed = true;
            }
        }
        return changed;
    }

    private boolean addNew(CatalogImage newer, MetadataDelta delta) {
        boolean changed = false;
        for (Topic topic : newer.topics()) {
            Topic older = catalog.topic(topic.id());
            if (older == null) {
                delta.replay(new TopicRecord().setName(topic.name()).setTopicId(KafkaIds.kafkaId(topic.id())));
            }
            int known = older == null ? 0 : older.partitions();
            for (int partition = known; partition < topic.partitions(); partition++) {
                delta.replay(partitionRecord(topic, partition));
                changed = true;
            }
        }
        return changed;
    }

    private PartitionRecord partitionRecord(Topic topic, int partition) {
        return new PartitionRecord()
                .setTopicId(KafkaIds.kafkaId(topic.id()))
                .setPartitionId(partition)
                .setReplicas(replicas)
                .setIsr(replicas)
                .setLeader(replicas.get(0))
                .setLeaderEpoch(0)
                .setPartitionEpoch(0);
    }
}

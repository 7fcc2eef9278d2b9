package dev.pabal.kafka.group;

import dev.pabal.kafka.KafkaRequest;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** Removes stored offsets of partitions that exist; those of a deleted topic went with it (KIP-496). */
final class OffsetDeleteCall implements CoordinatorCall {
    private final TopicNames topics;

    OffsetDeleteCall(TopicNames topics) {
        this.topics = topics;
    }

    @Override
    public CompletableFuture<? extends ApiMessage> serve(KafkaRequest request, GroupCoordinator coordinator) {
        OffsetDeleteRequestData data = (OffsetDeleteRequestData) request.body();
        OffsetDeleteResponse.Builder answer = new OffsetDeleteResponse.Builder();
        OffsetDeleteRequestTopicCollection known = new OffsetDeleteRequestTopicCollection();
        for (OffsetDeleteRequestTopic topic : data.topics()) {
            OffsetDeleteRequestTopic kept = new OffsetDeleteRequestTopic().setName(topic.name());
            int count = topics.partitions(topic.name());
            for (OffsetDeleteRequestPartition partition : topic.partitions()) {
                if (partition.partitionIndex() >= 0 && partition.partitionIndex() < count) {
                    kept.partitions().add(partition);
                } else {
                    answer.addPartition(topic.name(), partition.partitionIndex(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
                }
            }
            if (!kept.partitions().isEmpty()) {
                known.add(kept);
            }
        }
        if (known.isEmpty()) {
            return CompletableFuture.completedFuture(answer.build().data());
        }
        OffsetDeleteRequestData valid =
                new OffsetDeleteRequestData().setGroupId(data.groupId()).setTopics(known);
        return coordinator
                .deleteOffsets(request.context(), valid, BufferSupplier.NO_CACHING)
                .thenApply(deleted -> answer.merge(deleted).build().data());
    }
}

package dev.pabal.kafka.group;

import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * Stores offsets for the partitions that exist and answers for those that do not. Up to version 9 topics are named; from version 10 on they
 * are addressed by id alone (KIP-848), and an unknown id is {@code UNKNOWN_TOPIC_ID} where an unknown name is
 * {@code UNKNOWN_TOPIC_OR_PARTITION}.
 */
final class OffsetCommitCall implements CoordinatorCall {
    private final TopicNames topics;

    OffsetCommitCall(TopicNames topics) {
        this.topics = topics;
    }

    @Override
    public CompletableFuture<? extends ApiMessage> serve(KafkaRequest request, GroupCoordinator coordinator) {
        OffsetCommitRequestData data = (OffsetCommitRequestData) request.body();
        boolean byId = OffsetCommitResponse.useTopicIds(request.version());
        OffsetCommitResponse.Builder answer = OffsetCommitResponse.newBuilder(byId);
        List<OffsetCommitRequestTopic> known = new ArrayList<>(data.topics().size());
        for (OffsetCommitRequestTopic topic : data.topics()) {
            if (byId) {
                topic.setName(topics.name(topic.topicId()));
            }
            keepKnown(topic, byId, known, answer);
        }
        if (known.isEmpty()) {
            return CompletableFuture.completedFuture(answer.build().data());
        }
        OffsetCommitRequestData valid = new OffsetCommitRequestData()
                .setGroupId(data.groupId())
                .setMemberId(data.memberId())
                .setGenerationIdOrMemberEpoch(data.generationIdOrMemberEpoch())
                .setRetentionTimeMs(data.retentionTimeMs())
                .setGroupInstanceId(data.groupInstanceId())
                .setTopics(known);
        return coordinator
                .commitOffsets(request.context(), valid, BufferSupplier.NO_CACHING)
                .thenApply(stored -> merged(answer, stored));
    }

    private void keepKnown(
            OffsetCommitRequestTopic topic,
            boolean byId,
            List<OffsetCommitRequestTopic> known,
            OffsetCommitResponse.Builder answer) {
        int count = topics.partitions(topic.name());
        if (count == 0) {
            answer.addPartitions(
                    topic.topicId(),
                    topic.name(),
                    topic.partitions(),
                    OffsetCommitRequestPartition::partitionIndex,
                    byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
            return;
        }
        OffsetCommitRequestTopic kept =
                new OffsetCommitRequestTopic().setTopicId(topic.topicId()).setName(topic.name());
        for (OffsetCommitRequestPartition partition : topic.partitions()) {
            if (partition.partitionIndex() >= 0 && partition.partitionIndex() < count) {
                kept.partitions().add(partition);
            } else {
                answer.addPartition(
                        topic.topicId(), topic.name(), partition.partitionIndex(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        }
        if (!kept.partitions().isEmpty()) {
            known.add(kept);
        }
    }

    private static OffsetCommitResponseData merged(
            OffsetCommitResponse.Builder answer, OffsetCommitResponseData stored) {
        return answer.merge(stored).build().data();
    }
}

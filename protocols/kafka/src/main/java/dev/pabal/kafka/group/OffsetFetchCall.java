package dev.pabal.kafka.group;

import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * Reads stored offsets: of one group up to version 7, of several from version 8 on, by topic id from version 10 on. No topics at all (null)
 * means every partition that has an offset.
 */
final class OffsetFetchCall implements CoordinatorCall {
    private final TopicNames topics;

    OffsetFetchCall(TopicNames topics) {
        this.topics = topics;
    }

    @Override
    public CompletableFuture<? extends ApiMessage> serve(KafkaRequest request, GroupCoordinator coordinator) {
        OffsetFetchRequestData data = (OffsetFetchRequestData) request.body();
        List<OffsetFetchRequestGroup> groups =
                request.version() < OffsetFetchRequest.BATCH_MIN_VERSION ? List.of(onlyGroup(data)) : data.groups();
        List<CompletableFuture<OffsetFetchResponseGroup>> answers = new ArrayList<>(groups.size());
        for (OffsetFetchRequestGroup group : groups) {
            answers.add(fetch(request, coordinator, group, data.requireStable()));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    List<OffsetFetchResponseGroup> done =
                            answers.stream().map(CompletableFuture::join).toList();
                    return new OffsetFetchResponse.Builder(done)
                            .build(request.version())
                            .data();
                });
    }

    /** The single group of an old request, in the form of the newer ones. */
    private static OffsetFetchRequestGroup onlyGroup(OffsetFetchRequestData data) {
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup().setGroupId(data.groupId());
        if (data.topics() == null) {
            return group.setTopics(null);
        }
        List<OffsetFetchRequestTopics> named = new ArrayList<>(data.topics().size());
        for (OffsetFetchRequestData.OffsetFetchRequestTopic topic : data.topics()) {
            named.add(
                    new OffsetFetchRequestTopics().setName(topic.name()).setPartitionIndexes(topic.partitionIndexes()));
        }
        return group.setTopics(named);
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetch(
            KafkaRequest request, GroupCoordinator coordinator, OffsetFetchRequestGroup group, boolean requireStable) {
        boolean byId = OffsetFetchRequest.useTopicIds(request.version());
        List<OffsetFetchResponseTopics> unknown = new ArrayList<>();
        OffsetFetchRequestGroup valid = byId && group.topics() != null ? withNames(group, unknown) : group;
        return coordinator
                .fetchOffsets(request.context(), valid, requireStable)
                .thenApply(answer -> byId ? complete(answer, unknown) : answer)
                .exceptionally(
                        failure -> OffsetFetchResponse.groupError(group, KafkaErrors.of(failure), request.version()));
    }

    /** The same request with a name to each id; topics whose id nobody knows are answered into {@code unknown}. */
    private OffsetFetchRequestGroup withNames(OffsetFetchRequestGroup group, List<OffsetFetchResponseTopics> unknown) {
        List<OffsetFetchRequestTopics> named = new ArrayList<>(group.topics().size());
        for (OffsetFetchRequestTopics topic : group.topics()) {
            String name = topics.name(topic.topicId());
            if (name.isEmpty()) {
                unknown.add(unknownTopic(topic));
            } else {
                named.add(topic.setName(name));
            }
        }
        return new OffsetFetchRequestGroup()
                .setGroupId(group.groupId())
                .setMemberId(group.memberId())
                .setMemberEpoch(group.memberEpoch())
                .setTopics(named);
    }

    private static OffsetFetchResponseTopics unknownTopic(OffsetFetchRequestTopics topic) {
        OffsetFetchResponseTopics answer =
                new OffsetFetchResponseTopics().setTopicId(topic.topicId()).setName(topic.name());
        for (int partition : topic.partitionIndexes()) {
            answer.partitions()
                    .add(new OffsetFetchResponsePartitions()
                            .setPartitionIndex(partition)
                            .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                            .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code()));
        }
        return answer;
    }

    /** Gives each topic its id, leaving out those that have none any more: the newer versions cannot name them. */
    private OffsetFetchResponseGroup complete(
            OffsetFetchResponseGroup answer, List<OffsetFetchResponseTopics> unknown) {
        if (answer.errorCode() != Errors.NONE.code()) {
            return answer;
        }
        List<OffsetFetchResponseTopics> all = new ArrayList<>(answer.topics().size() + unknown.size());
        for (OffsetFetchResponseTopics topic : answer.topics()) {
            if (topic.topicId().equals(Uuid.ZERO_UUID)) {
                topic.setTopicId(topics.id(topic.name()));
            }
            if (!topic.topicId().equals(Uuid.ZERO_UUID)) {
                all.add(topic);
            }
        }
        all.addAll(unknown);
        return answer.setTopics(all);
    }
}

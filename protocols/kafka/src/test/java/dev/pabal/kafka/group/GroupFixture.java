package dev.pabal.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.KafkaIds;
import dev.pabal.log.LogStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** A broker with groups over a store, and the requests that most tests make of it. */
final class GroupFixture implements AutoCloseable {
    final FakeBroker broker;
    final GroupApis groups;
    final Caller caller;

    private GroupFixture(LogStore store, CatalogImage catalog, Map<String, String> configs) {
        this(new FakeBroker(store, catalog, withoutDelay(configs)));
    }

    private GroupFixture(FakeBroker broker) {
        this.broker = broker;
        groups = new GroupApis(broker);
        caller = new Caller(groups.handlers());
        groups.start();
    }

    private static Map<String, String> withoutDelay(Map<String, String> configs) {
        Map<String, String> all = new HashMap<>(Map.of("group.initial.rebalance.delay.ms", "0"));
        all.putAll(configs);
        return all;
    }

    static GroupFixture over(FakeBroker broker) {
        return new GroupFixture(broker);
    }

    static GroupFixture over(LogStore store) {
        return over(store, Map.of());
    }

    static GroupFixture over(LogStore store, Map<String, String> configs) {
        return new GroupFixture(store, CatalogImage.empty(), configs);
    }

    /** The same broker started anew: over the store as given, with the catalog and configs of before. */
    GroupFixture restarted(LogStore store) {
        close();
        return new GroupFixture(store, broker.catalog(), Map.of());
    }

    Topic topic(String name, int partitions) {
        return broker.create(name, partitions, Map.of(), false).join();
    }

    @Override
    public void close() {
        groups.close();
    }

    static JoinGroupRequestData joinRequest(String group, String member) {
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[] {0, 0, 0, 0, 0, 0}));
        return new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setProtocolType("consumer")
                .setProtocols(protocols)
                .setSessionTimeoutMs(120_000)
                .setRebalanceTimeoutMs(120_000);
    }

    /** Joins a classic group as its only member, leads it and takes the given assignment. */
    JoinGroupResponseData joinAlone(String group, byte[] assignment) {
        JoinGroupResponseData named =
                caller.call(ApiKeys.JOIN_GROUP, joinRequest(group, ""), JoinGroupResponseData.class);
        assertThat(Errors.forCode(named.errorCode())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        JoinGroupResponseData joined =
                caller.call(ApiKeys.JOIN_GROUP, joinRequest(group, named.memberId()), JoinGroupResponseData.class);
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
        assertThat(joined.leader()).isEqualTo(joined.memberId());
        SyncGroupResponseData synced = caller.call(
                ApiKeys.SYNC_GROUP,
                new SyncGroupRequestData()
                        .setGroupId(group)
                        .setMemberId(joined.memberId())
                        .setGenerationId(joined.generationId())
                        .setProtocolType("consumer")
                        .setProtocolName("range")
                        .setAssignments(List.of(new SyncGroupRequestAssignment()
                                .setMemberId(joined.memberId())
                                .setAssignment(assignment))),
                SyncGroupResponseData.class);
        assertThat(Errors.forCode(synced.errorCode())).isEqualTo(Errors.NONE);
        assertThat(synced.assignment()).isEqualTo(assignment);
        return joined;
    }

    /** A commit of one offset by nobody in particular, as an administrator makes it. */
    static OffsetCommitRequestData commitRequest(String group, Topic topic, int partition, long offset) {
        return new OffsetCommitRequestData()
                .setGroupId(group)
                .setGenerationIdOrMemberEpoch(-1)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(topic.name())
                        .setTopicId(KafkaIds.kafkaId(topic.id()))
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("note")))));
    }

    Errors commit(String group, Topic topic, int partition, long offset) {
        OffsetCommitResponseData response = caller.call(
                ApiKeys.OFFSET_COMMIT, commitRequest(group, topic, partition, offset), OffsetCommitResponseData.class);
        return Errors.forCode(response.topics().get(0).partitions().get(0).errorCode());
    }

    /** The stored offset, -1 where there is none. */
    long offset(String group, Topic topic, int partition) {
        OffsetFetchResponseData response = caller.call(
                ApiKeys.OFFSET_FETCH,
                new OffsetFetchRequestData()
                        .setGroups(List.of(new OffsetFetchRequestGroup()
                                .setGroupId(group)
                                .setTopics(List.of(new OffsetFetchRequestTopics()
                                        .setTopicId(KafkaIds.kafkaId(topic.id()))
                                        .setPartitionIndexes(List.of(partition)))))),
                OffsetFetchResponseData.class);
        var found = response.groups().get(0);
        assertThat(Errors.forCode(found.errorCode())).isEqualTo(Errors.NONE);
        return found.topics().get(0).partitions().get(0).committedOffset();
    }
}

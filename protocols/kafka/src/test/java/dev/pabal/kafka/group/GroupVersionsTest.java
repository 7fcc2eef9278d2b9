package dev.pabal.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.catalog.Topic;
import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.KafkaIds;
import dev.pabal.log.memory.MemoryLogStore;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every handler in every version that it says it serves, each with what that version does differently. */
class GroupVersionsTest {
    private GroupFixture broker;
    private Topic orders;

    @BeforeEach
    void start() {
        broker = GroupFixture.over(new MemoryLogStore());
        orders = broker.topic("orders", 2);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static Stream<Integer> versions(ApiKeys api) {
        return IntStream.rangeClosed(api.oldestVersion(), api.latestVersion(false))
                .boxed();
    }

    static Stream<Integer> findCoordinator() {
        return versions(ApiKeys.FIND_COORDINATOR);
    }

    static Stream<Integer> joins() {
        return versions(ApiKeys.JOIN_GROUP);
    }

    static Stream<Integer> commits() {
        return versions(ApiKeys.OFFSET_COMMIT);
    }

    static Stream<Integer> fetches() {
        return versions(ApiKeys.OFFSET_FETCH);
    }

    static Stream<Integer> describes() {
        return versions(ApiKeys.DESCRIBE_GROUPS);
    }

    static Stream<Integer> lists() {
        return versions(ApiKeys.LIST_GROUPS);
    }

    static Stream<Integer> deletes() {
        return versions(ApiKeys.DELETE_GROUPS);
    }

    static Stream<Integer> consumerHeartbeats() {
        return versions(ApiKeys.CONSUMER_GROUP_HEARTBEAT);
    }

    @Test
    void servesGroupsOfBothProtocolsAndNothingThatIsNotThereYet() {
        assertThat(broker.groups.handlers())
                .extracting(ApiHandler::apiKey)
                .containsExactlyInAnyOrder(
                        ApiKeys.FIND_COORDINATOR,
                        ApiKeys.JOIN_GROUP,
                        ApiKeys.SYNC_GROUP,
                        ApiKeys.HEARTBEAT,
                        ApiKeys.LEAVE_GROUP,
                        ApiKeys.OFFSET_COMMIT,
                        ApiKeys.OFFSET_FETCH,
                        ApiKeys.OFFSET_DELETE,
                        ApiKeys.LIST_GROUPS,
                        ApiKeys.DESCRIBE_GROUPS,
                        ApiKeys.DELETE_GROUPS,
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        ApiKeys.CONSUMER_GROUP_DESCRIBE);
    }

    @ParameterizedTest
    @MethodSource
    void findCoordinator(int version) {
        FindCoordinatorRequestData request = version < 4
                ? new FindCoordinatorRequestData().setKey("g")
                : new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g", "h"));
        FindCoordinatorResponseData found =
                broker.caller.call(ApiKeys.FIND_COORDINATOR, version, request, FindCoordinatorResponseData.class);
        if (version < 4) {
            assertThat(Errors.forCode(found.errorCode())).isEqualTo(Errors.NONE);
            assertThat(found.host() + ":" + found.port() + "/" + found.nodeId()).isEqualTo("broker.example:9092/1");
        } else {
            assertThat(found.coordinators()).hasSize(2).allSatisfy(coordinator -> {
                assertThat(Errors.forCode(coordinator.errorCode())).isEqualTo(Errors.NONE);
                assertThat(coordinator.host()).isEqualTo("broker.example");
            });
        }
        if (version >= 1) {
            FindCoordinatorResponseData refused = broker.caller.call(
                    ApiKeys.FIND_COORDINATOR,
                    version,
                    request.duplicate().setKeyType((byte) 1),
                    FindCoordinatorResponseData.class);
            short code = version < 4
                    ? refused.errorCode()
                    : refused.coordinators().get(0).errorCode();
            String words = version < 4
                    ? refused.errorMessage()
                    : refused.coordinators().get(0).errorMessage();
            assertThat(Errors.forCode(code)).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(words).contains("transactions");
        }
    }

    /** One whole life of a member, with each API in the version of the same age as the join's. */
    @ParameterizedTest
    @MethodSource("joins")
    void aClassicMember(int version) {
        JoinGroupResponseData joined = join(version);
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
        assertThat(joined.protocolName()).isEqualTo("range");

        int sync = Math.min(version, ApiKeys.SYNC_GROUP.latestVersion());
        SyncGroupRequestData request = new SyncGroupRequestData()
                .setGroupId("g")
                .setMemberId(joined.memberId())
                .setGenerationId(joined.generationId())
                .setAssignments(List.of(new SyncGroupRequestData.SyncGroupRequestAssignment()
                        .setMemberId(joined.memberId())
                        .setAssignment(new byte[] {7})));
        if (sync >= 5) {
            SyncGroupResponseData refused =
                    broker.caller.call(ApiKeys.SYNC_GROUP, sync, request, SyncGroupResponseData.class);
            assertThat(Errors.forCode(refused.errorCode())).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
            request.setProtocolType("consumer").setProtocolName("range");
        }
        SyncGroupResponseData synced =
                broker.caller.call(ApiKeys.SYNC_GROUP, sync, request, SyncGroupResponseData.class);
        assertThat(Errors.forCode(synced.errorCode())).isEqualTo(Errors.NONE);
        assertThat(synced.assignment()).containsExactly(7);

        HeartbeatRequestData beat = new HeartbeatRequestData()
                .setGroupId("g")
                .setMemberId(joined.memberId())
                .setGenerationId(joined.generationId());
        assertThat(beat(version, beat)).isEqualTo(Errors.NONE);
        assertThat(beat(version, beat.duplicate().setGenerationId(99))).isEqualTo(Errors.ILLEGAL_GENERATION);
        leave(version, joined.memberId());
        assertThat(beat(version, beat)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    private JoinGroupResponseData join(int version) {
        JoinGroupResponseData joined = broker.caller.call(
                ApiKeys.JOIN_GROUP, version, GroupFixture.joinRequest("g", ""), JoinGroupResponseData.class);
        if (version < 4) {
            return joined;
        }
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        return broker.caller.call(
                ApiKeys.JOIN_GROUP,
                version,
                GroupFixture.joinRequest("g", joined.memberId()),
                JoinGroupResponseData.class);
    }

    private Errors beat(int version, HeartbeatRequestData request) {
        int heartbeat = Math.min(version, ApiKeys.HEARTBEAT.latestVersion());
        return Errors.forCode(broker.caller
                .call(ApiKeys.HEARTBEAT, heartbeat, request, HeartbeatResponseData.class)
                .errorCode());
    }

    private void leave(int version, String member) {
        int leave = Math.min(version, ApiKeys.LEAVE_GROUP.latestVersion());
        LeaveGroupRequestData known = leaveRequest(leave, member);
        LeaveGroupResponseData left =
                broker.caller.call(ApiKeys.LEAVE_GROUP, leave, known, LeaveGroupResponseData.class);
        assertThat(Errors.forCode(left.errorCode())).isEqualTo(Errors.NONE);
        LeaveGroupResponseData stranger = broker.caller.call(
                ApiKeys.LEAVE_GROUP, leave, leaveRequest(leave, "stranger"), LeaveGroupResponseData.class);
        short code =
                leave < 3 ? stranger.errorCode() : stranger.members().get(0).errorCode();
        assertThat(Errors.forCode(code)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    private static LeaveGroupRequestData leaveRequest(int version, String member) {
        LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId("g");
        return version < 3
                ? request.setMemberId(member)
                : request.setMembers(List.of(new MemberIdentity().setMemberId(member)));
    }

    @ParameterizedTest
    @MethodSource("commits")
    void offsetCommit(int version) {
        assertThat(commit(version, orders, 1)).isEqualTo(Errors.NONE);
        assertThat(broker.offset("g", orders, 1)).isEqualTo(11);
        assertThat(commit(version, orders, 2)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        Topic nowhere = new Topic(UUID.randomUUID(), "nowhere", 1, 0, Map.of(), false);
        assertThat(commit(version, nowhere, 0))
                .isEqualTo(version < 10 ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.UNKNOWN_TOPIC_ID);
    }

    private Errors commit(int version, Topic topic, int partition) {
        OffsetCommitResponseData response = broker.caller.call(
                ApiKeys.OFFSET_COMMIT,
                version,
                GroupFixture.commitRequest("g", topic, partition, 11),
                OffsetCommitResponseData.class);
        return Errors.forCode(response.topics().get(0).partitions().get(0).errorCode());
    }

    @ParameterizedTest
    @MethodSource("fetches")
    void offsetFetch(int version) {
        broker.commit("g", orders, 0, 5);
        assertThat(fetchOne(version, orders, 0)).isEqualTo("5/NONE");
        assertThat(fetchOne(version, orders, 1)).isEqualTo("-1/NONE");
        Topic nowhere = new Topic(UUID.randomUUID(), "nowhere", 1, 0, Map.of(), false);
        assertThat(fetchOne(version, nowhere, 0)).isEqualTo(version < 10 ? "-1/NONE" : "-1/UNKNOWN_TOPIC_ID");
        if (version >= 2) {
            OffsetFetchRequestData all = version < 8
                    ? new OffsetFetchRequestData().setGroupId("g").setTopics(null)
                    : new OffsetFetchRequestData()
                            .setGroups(List.of(new OffsetFetchRequestGroup()
                                    .setGroupId("g")
                                    .setTopics(null)));
            assertThat(fetch(version, all)).isEqualTo("5/NONE");
        }
    }

    private String fetchOne(int version, Topic topic, int partition) {
        OffsetFetchRequestData request = new OffsetFetchRequestData();
        if (version < 8) {
            request.setGroupId("g")
                    .setTopics(List.of(new OffsetFetchRequestTopic()
                            .setName(topic.name())
                            .setPartitionIndexes(List.of(partition))));
        } else {
            request.setGroups(List.of(new OffsetFetchRequestGroup()
                    .setGroupId("g")
                    .setTopics(List.of(new OffsetFetchRequestTopics()
                            .setName(topic.name())
                            .setTopicId(KafkaIds.kafkaId(topic.id()))
                            .setPartitionIndexes(List.of(partition))))));
        }
        return fetch(version, request.setRequireStable(version >= 7));
    }

    private String fetch(int version, OffsetFetchRequestData request) {
        OffsetFetchResponseData response =
                broker.caller.call(ApiKeys.OFFSET_FETCH, version, request, OffsetFetchResponseData.class);
        if (version < 8) {
            var partition = response.topics().get(0).partitions().get(0);
            return partition.committedOffset() + "/" + Errors.forCode(partition.errorCode());
        }
        var partition = response.groups().get(0).topics().get(0).partitions().get(0);
        return partition.committedOffset() + "/" + Errors.forCode(partition.errorCode());
    }

    @Test
    void offsetFetchOfSeveralGroupsAtOnce() {
        broker.commit("a", orders, 0, 1);
        broker.commit("b", orders, 0, 2);
        OffsetFetchResponseData response = broker.caller.call(
                ApiKeys.OFFSET_FETCH,
                new OffsetFetchRequestData()
                        .setGroups(List.of(
                                new OffsetFetchRequestGroup().setGroupId("b").setTopics(null),
                                new OffsetFetchRequestGroup()
                                        .setGroupId("nobody")
                                        .setTopics(null),
                                new OffsetFetchRequestGroup().setGroupId("a").setTopics(null))),
                OffsetFetchResponseData.class);
        assertThat(response.groups())
                .extracting(group -> group.groupId() + group.topics().size())
                .containsExactly("b1", "nobody0", "a1");
    }

    @Test
    void offsetDelete() {
        broker.commit("g", orders, 0, 5);
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName("orders")
                .setPartitions(List.of(
                        new OffsetDeleteRequestPartition().setPartitionIndex(0),
                        new OffsetDeleteRequestPartition().setPartitionIndex(9))));
        OffsetDeleteResponseData response = broker.caller.call(
                ApiKeys.OFFSET_DELETE,
                new OffsetDeleteRequestData().setGroupId("g").setTopics(topics),
                OffsetDeleteResponseData.class);
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        var partitions = response.topics().find("orders").partitions();
        assertThat(Errors.forCode(partitions.find(0).errorCode())).isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(partitions.find(9).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.offset("g", orders, 0)).isEqualTo(-1);
    }

    @ParameterizedTest
    @MethodSource("describes")
    void describeGroups(int version) {
        broker.joinAlone("g", new byte[] {1});
        DescribeGroupsResponseData response = broker.caller.call(
                ApiKeys.DESCRIBE_GROUPS,
                version,
                new DescribeGroupsRequestData()
                        .setGroups(List.of("g", "nobody"))
                        .setIncludeAuthorizedOperations(version >= 3),
                DescribeGroupsResponseData.class);
        var known = response.groups().stream()
                .filter(group -> group.groupId().equals("g"))
                .findFirst()
                .orElseThrow();
        assertThat(known.groupState()).isEqualTo("Stable");
        assertThat(known.members()).hasSize(1);
        if (version >= 3) {
            assertThat(known.authorizedOperations()).isEqualTo(0b110101001000);
        }
        var unknown = response.groups().stream()
                .filter(group -> group.groupId().equals("nobody"))
                .findFirst()
                .orElseThrow();
        assertThat(unknown.groupState()).isEqualTo("Dead");
        assertThat(Errors.forCode(unknown.errorCode()))
                .isEqualTo(version < 6 ? Errors.NONE : Errors.GROUP_ID_NOT_FOUND);
    }

    @ParameterizedTest
    @MethodSource("lists")
    void listGroups(int version) {
        broker.joinAlone("g", new byte[] {1});
        broker.commit("simple", orders, 0, 1);
        assertThat(list(version, new ListGroupsRequestData())).containsExactlyInAnyOrder("g", "simple");
        if (version >= 4) {
            assertThat(list(version, new ListGroupsRequestData().setStatesFilter(List.of("Empty"))))
                    .containsExactly("simple");
        }
        if (version >= 5) {
            assertThat(list(version, new ListGroupsRequestData().setTypesFilter(List.of("consumer"))))
                    .isEmpty();
        }
    }

    private List<String> list(int version, ListGroupsRequestData request) {
        return broker.caller.call(ApiKeys.LIST_GROUPS, version, request, ListGroupsResponseData.class).groups().stream()
                .map(ListGroupsResponseData.ListedGroup::groupId)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("deletes")
    void deleteGroups(int version) {
        broker.joinAlone("busy", new byte[] {1});
        broker.commit("idle", orders, 0, 1);
        DeleteGroupsResponseData response = broker.caller.call(
                ApiKeys.DELETE_GROUPS,
                version,
                new DeleteGroupsRequestData().setGroupsNames(List.of("busy", "idle", "idle", "nobody")),
                DeleteGroupsResponseData.class);
        assertThat(response.results())
                .extracting(result -> result.groupId() + " " + Errors.forCode(result.errorCode()))
                .containsExactlyInAnyOrder("busy NON_EMPTY_GROUP", "idle NONE", "nobody GROUP_ID_NOT_FOUND");
        assertThat(broker.offset("idle", orders, 0)).isEqualTo(-1);
    }

    @ParameterizedTest
    @MethodSource("consumerHeartbeats")
    void consumerGroupHeartbeatAndDescribe(int version) {
        // Version 0 lets the coordinator name the member; from version 1 on the client does (KIP-1082).
        ConsumerGroupHeartbeatRequestData request = new ConsumerGroupHeartbeatRequestData()
                .setGroupId("new")
                .setMemberId(version == 0 ? "" : Uuid.randomUuid().toString())
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(30_000)
                .setSubscribedTopicNames(List.of("orders"))
                .setTopicPartitions(List.of());
        ConsumerGroupHeartbeatResponseData joined = broker.caller.call(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT, version, request, ConsumerGroupHeartbeatResponseData.class);
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
        assertThat(joined.memberId()).isNotEmpty();
        ConsumerGroupHeartbeatResponseData refused = broker.caller.call(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                version,
                request.duplicate().setMemberEpoch(5).setMemberId("stranger"),
                ConsumerGroupHeartbeatResponseData.class);
        assertThat(Errors.forCode(refused.errorCode())).isIn(Errors.UNKNOWN_MEMBER_ID, Errors.INVALID_REQUEST);

        ConsumerGroupDescribeResponseData described = broker.caller.call(
                ApiKeys.CONSUMER_GROUP_DESCRIBE,
                version,
                new ConsumerGroupDescribeRequestData()
                        .setGroupIds(List.of("new", "nobody"))
                        .setIncludeAuthorizedOperations(true),
                ConsumerGroupDescribeResponseData.class);
        var known = described.groups().stream()
                .filter(group -> group.groupId().equals("new"))
                .findFirst()
                .orElseThrow();
        assertThat(known.members()).hasSize(1);
        assertThat(known.authorizedOperations()).isEqualTo(0b110101001000);
        var unknown = described.groups().stream()
                .filter(group -> group.groupId().equals("nobody"))
                .findFirst()
                .orElseThrow();
        assertThat(Errors.forCode(unknown.errorCode())).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }
}

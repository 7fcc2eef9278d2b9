package dev.pabal.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.catalog.Topic;
import dev.pabal.log.LogException;
import dev.pabal.log.LogState;
import dev.pabal.log.memory.MemoryLogStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Groups live, remember and come back: the coordinator on the broker's logs, seen through the handlers. */
class GroupLifeTest {
    private final MemoryLogStore store = new MemoryLogStore();

    @Test
    void aClassicGroupJoinsSyncsBeatsAndRemembersItsOffsets() {
        try (GroupFixture broker = GroupFixture.over(store)) {
            Topic orders = broker.topic("orders", 4);
            JoinGroupResponseData member = broker.joinAlone("billing", new byte[] {1, 2, 3});
            HeartbeatResponseData beat = broker.caller.call(
                    ApiKeys.HEARTBEAT,
                    new HeartbeatRequestData()
                            .setGroupId("billing")
                            .setMemberId(member.memberId())
                            .setGenerationId(member.generationId()),
                    HeartbeatResponseData.class);
            assertThat(Errors.forCode(beat.errorCode())).isEqualTo(Errors.NONE);

            ApiMessage commit = GroupFixture.commitRequest("billing", orders, 3, 42)
                    .setMemberId(member.memberId())
                    .setGenerationIdOrMemberEpoch(member.generationId());
            broker.caller.call(
                    ApiKeys.OFFSET_COMMIT, commit, org.apache.kafka.common.message.OffsetCommitResponseData.class);
            assertThat(broker.offset("billing", orders, 3)).isEqualTo(42);
            assertThat(broker.offset("billing", orders, 0)).isEqualTo(-1);
        }
    }

    @Test
    void groupsAndOffsetsComeBackAfterAStopAndAfterACrash() {
        GroupFixture broker = GroupFixture.over(store);
        Topic orders = broker.topic("orders", 4);
        broker.joinAlone("billing", new byte[] {1});
        assertThat(broker.commit("audit", orders, 1, 7)).isEqualTo(Errors.NONE);

        MemoryLogStore crashed = store.reopened();
        try (GroupFixture again = broker.restarted(crashed)) {
            assertThat(again.offset("audit", orders, 1)).isEqualTo(7);
            await().untilAsserted(() -> assertThat(listed(again)).containsExactlyInAnyOrder("billing", "audit"));
            assertThat(again.commit("audit", orders, 1, 8)).isEqualTo(Errors.NONE);
            crashed.close();
            try (GroupFixture third = again.restarted(crashed.reopened())) {
                assertThat(third.offset("audit", orders, 1)).isEqualTo(8);
            }
        }
    }

    @Test
    void aCommitIsAnsweredOnlyWhenItIsDurable() {
        MemoryLogStore manual = new MemoryLogStore(id -> LogState.NONE, MemoryLogStore.DurabilityMode.MANUAL);
        try (GroupFixture broker = GroupFixture.over(manual)) {
            Topic orders = broker.topic("orders", 1);
            CompletableFuture<ApiMessage> answer = broker.caller.send(
                    ApiKeys.OFFSET_COMMIT,
                    ApiKeys.OFFSET_COMMIT.latestVersion(),
                    GroupFixture.commitRequest("audit", orders, 0, 5));
            await().until(() -> manual.stats().appends() > 0);
            assertThat(answer).isNotDone();
            assertThat(broker.offset("audit", orders, 0))
                    .as("what is not durable is not seen")
                    .isEqualTo(-1);
            manual.makeDurable();
            await().until(answer::isDone);
            assertThat(broker.offset("audit", orders, 0)).isEqualTo(5);
        }
    }

    @Test
    void theNewProtocolAssignsOnTheServerByNameAndByPattern() {
        try (GroupFixture broker = GroupFixture.over(store)) {
            broker.topic("orders", 3);
            String member = Uuid.randomUuid().toString();
            ConsumerGroupHeartbeatResponseData joined = broker.caller.call(
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                    heartbeat("new", member, 0).setSubscribedTopicNames(List.of("orders")),
                    ConsumerGroupHeartbeatResponseData.class);
            assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
            awaitAssignment(broker, "new", member, joined, 3);

            String other = Uuid.randomUuid().toString();
            ConsumerGroupHeartbeatResponseData matched = broker.caller.call(
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                    heartbeat("by-pattern", other, 0).setSubscribedTopicRegex("ord.*"),
                    ConsumerGroupHeartbeatResponseData.class);
            assertThat(Errors.forCode(matched.errorCode())).isEqualTo(Errors.NONE);
            awaitAssignment(broker, "by-pattern", other, matched, 3);
        }
    }

    @Test
    void aTopicThatGrowsIsAssignedAnew() {
        try (GroupFixture broker = GroupFixture.over(store)) {
            Topic orders = broker.topic("orders", 1);
            String member = Uuid.randomUuid().toString();
            ConsumerGroupHeartbeatResponseData joined = broker.caller.call(
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                    heartbeat("new", member, 0).setSubscribedTopicNames(List.of("orders")),
                    ConsumerGroupHeartbeatResponseData.class);
            awaitAssignment(broker, "new", member, joined, 1);
            broker.broker.grow(orders.id(), 5, false);
            awaitAssignment(broker, "new", member, joined, 5);
        }
    }

    @Test
    void offsetsOfADeletedTopicGoWithIt() {
        try (GroupFixture broker = GroupFixture.over(store)) {
            Topic orders = broker.topic("orders", 1);
            Topic kept = broker.topic("kept", 1);
            broker.commit("audit", orders, 0, 5);
            broker.commit("audit", kept, 0, 6);
            broker.broker.delete(orders.id());
            Topic reborn = broker.topic("orders", 1);
            await().untilAsserted(
                            () -> assertThat(broker.offset("audit", reborn, 0)).isEqualTo(-1));
            assertThat(broker.offset("audit", kept, 0)).isEqualTo(6);
        }
    }

    @Test
    void configsOfASingleGroupHold() {
        try (GroupFixture broker = GroupFixture.over(store)) {
            broker.topic("orders", 1);
            broker.broker.setGroupConfigs("slow", Map.of("consumer.heartbeat.interval.ms", "7000"), false);
            await().untilAsserted(() -> {
                ConsumerGroupHeartbeatResponseData joined = broker.caller.call(
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        heartbeat("slow", Uuid.randomUuid().toString(), 0).setSubscribedTopicNames(List.of("orders")),
                        ConsumerGroupHeartbeatResponseData.class);
                assertThat(joined.heartbeatIntervalMs()).isEqualTo(7000);
            });
        }
    }

    @Test
    void nothingIsMadeBeforeAGroupNeedsItAndAFailedStartIsTriedAgain() {
        try (GroupFixture broker = GroupFixture.over(store)) {
            assertThat(listed(broker)).isEmpty();
            assertThat(broker.broker.catalog().topics()).isEmpty();
            broker.broker.topicsRefused = new IllegalStateException("planted");
            assertThat(findCoordinator(broker).errorCode()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
            broker.broker.topicsRefused = null;
            FindCoordinatorResponseData.Coordinator found = findCoordinator(broker);
            assertThat(found.errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(found.host()).isEqualTo("broker.example");
            assertThat(found.port()).isEqualTo(9092);
            assertThat(found.nodeId()).isEqualTo(1);
            assertThat(broker.broker.catalog().topic("__consumer_offsets").internal())
                    .isTrue();
        }
    }

    @Test
    void offsetsOfAnEmptyGroupExpire() {
        Map<String, String> minutes =
                Map.of("offsets.retention.minutes", "10", "offsets.retention.check.interval.ms", "50");
        try (GroupFixture broker = GroupFixture.over(store, minutes)) {
            Topic orders = broker.topic("orders", 1);
            broker.commit("audit", orders, 0, 5);
            broker.broker.aheadMs = Duration.ofMinutes(9).toMillis();
            broker.commit("fresh", orders, 0, 6);
            assertThat(broker.offset("audit", orders, 0)).isEqualTo(5);
            broker.broker.aheadMs = Duration.ofMinutes(11).toMillis();
            await().untilAsserted(
                            () -> assertThat(broker.offset("audit", orders, 0)).isEqualTo(-1));
            assertThat(listed(broker)).containsExactly("fresh");
        }
    }

    @Test
    void aFullDiskRefusesCommitsUntilThereIsSpaceAgain() {
        try (GroupFixture broker = GroupFixture.over(store)) {
            Topic orders = broker.topic("orders", 1);
            broker.commit("audit", orders, 0, 5);
            store.refuseAppends(LogException.Reason.DISK_FULL);
            Errors refused = broker.commit("audit", orders, 0, 6);
            assertThat(refused.exception())
                    .as("a code that clients retry, not %s", refused)
                    .isInstanceOf(RetriableException.class);
            assertThat(broker.offset("audit", orders, 0)).isEqualTo(5);
            store.refuseAppends(null);
            assertThat(broker.commit("audit", orders, 0, 7)).isEqualTo(Errors.NONE);
            assertThat(broker.offset("audit", orders, 0)).isEqualTo(7);
        }
    }

    @Test
    void requestsThatWaitWhenTheBrokerStopsAreAnswered() {
        GroupFixture broker = GroupFixture.over(store);
        broker.joinAlone("billing", new byte[] {1});
        CompletableFuture<ApiMessage> second =
                broker.caller.send(ApiKeys.JOIN_GROUP, (short) 3, GroupFixture.joinRequest("billing", ""));
        broker.close();
        assertThat(second).succeedsWithin(Duration.ofSeconds(30));
        assertThat(findCoordinator(broker).errorCode()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
    }

    private static FindCoordinatorResponseData.Coordinator findCoordinator(GroupFixture broker) {
        return broker.caller
                .call(
                        ApiKeys.FIND_COORDINATOR,
                        new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g")),
                        FindCoordinatorResponseData.class)
                .coordinators()
                .get(0);
    }

    private static List<String> listed(GroupFixture broker) {
        return broker
                .caller
                .call(ApiKeys.LIST_GROUPS, new ListGroupsRequestData(), ListGroupsResponseData.class)
                .groups()
                .stream()
                .map(ListGroupsResponseData.ListedGroup::groupId)
                .toList();
    }

    private static ConsumerGroupHeartbeatRequestData heartbeat(String group, String member, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setMemberEpoch(epoch)
                .setRebalanceTimeoutMs(30_000)
                .setTopicPartitions(epoch == 0 ? List.of() : null);
    }

    /** Beats until the group's target for the member covers so many partitions, as a client does at its interval. */
    private static void awaitAssignment(
            GroupFixture broker,
            String group,
            String member,
            ConsumerGroupHeartbeatResponseData joined,
            int partitions) {
        int[] epoch = {joined.memberEpoch()};
        await().untilAsserted(() -> {
            ConsumerGroupHeartbeatResponseData beat = broker.caller.call(
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                    heartbeat(group, member, Math.max(epoch[0], 1)),
                    ConsumerGroupHeartbeatResponseData.class);
            if (beat.errorCode() == Errors.NONE.code()) {
                epoch[0] = beat.memberEpoch();
            }
            ConsumerGroupDescribeResponseData.DescribedGroup described = broker.caller
                    .call(
                            ApiKeys.CONSUMER_GROUP_DESCRIBE,
                            new ConsumerGroupDescribeRequestData().setGroupIds(List.of(group)),
                            ConsumerGroupDescribeResponseData.class)
                    .groups()
                    .get(0);
            int assigned = described.members().get(0).targetAssignment().topicPartitions().stream()
                    .mapToInt(topic -> topic.partitions().size())
                    .sum();
            assertThat(assigned).isEqualTo(partitions);
        });
    }
}

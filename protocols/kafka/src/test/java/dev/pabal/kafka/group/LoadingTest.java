package dev.pabal.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.broker.Partition;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Topic;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import dev.pabal.log.memory.MemoryLogStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Loading what is stored: much of it, none of it, and when the log will not be read. */
class LoadingTest {
    private static final String OFFSETS = "__consumer_offsets";

    private final MemoryLogStore store = new MemoryLogStore();

    @Test
    void aPartitionThatCannotBeReadFailsItsGroupsOnlyAndComesBackByItself() {
        GroupFixture broker = GroupFixture.over(store, Map.of("offsets.topic.num.partitions", "2"));
        Topic orders = broker.topic("orders", 1);
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            groups.add("group-" + i);
            broker.commit("group-" + i, orders, 0, i);
        }
        broker.close();
        AtomicBoolean broken = new AtomicBoolean(true);
        FakeBroker next =
                new FakeBroker(store, broker.broker.catalog(), Map.of("group.initial.rebalance.delay.ms", "0"));
        next.replace(OFFSETS, 0, unreadable(next.catalog().topic(OFFSETS), broken));
        try (GroupApis apis = new GroupApis(next, 100)) {
            apis.start();
            Caller caller = new Caller(apis.handlers());
            await().untilAsserted(() -> assertThat(groups.stream()
                            .map(group -> fetchError(caller, group))
                            .distinct())
                    .containsExactlyInAnyOrder(Errors.NONE, Errors.NOT_COORDINATOR));
            broken.set(false);
            await().untilAsserted(() -> assertThat(groups.stream()
                            .map(group -> fetchError(caller, group))
                            .distinct())
                    .containsExactly(Errors.NONE));
        }
    }

    private Partition unreadable(Topic topic, AtomicBoolean broken) {
        return new FakePartition(topic, store.open(new LogId(topic.id(), 0), LogConfig.DEFAULT)) {
            @Override
            public CompletableFuture<LogRead> read(long offset, long upTo, int maxBytes) {
                return broken.get()
                        ? CompletableFuture.failedFuture(new LogException(LogException.Reason.CORRUPT, "planted"))
                        : super.read(offset, upTo, maxBytes);
            }
        };
    }

    private static Errors fetchError(Caller caller, String group) {
        OffsetFetchResponseData response = caller.call(
                ApiKeys.OFFSET_FETCH,
                new OffsetFetchRequestData()
                        .setGroups(List.of(
                                new OffsetFetchRequestGroup().setGroupId(group).setTopics(null))),
                OffsetFetchResponseData.class);
        return Errors.forCode(response.groups().get(0).errorCode());
    }

    /** Compaction leaves a gap at the end, trimming leaves nothing: the coordinator must go on writing behind both. */
    @Test
    void offsetsGoOnBehindAGapAndBehindATrimmedLog() {
        GroupFixture broker = GroupFixture.over(store, Map.of("offsets.topic.num.partitions", "1"));
        Topic orders = broker.topic("orders", 1);
        broker.commit("kept", orders, 0, 1);
        long keptEnd = broker.broker.partition(OFFSETS, 0).log().appendedEnd();
        broker.commit("removed", orders, 0, 2);
        broker.close();
        FakeBroker gapped = new FakeBroker(store, broker.broker.catalog(), Map.of());
        Topic offsets = gapped.catalog().topic(OFFSETS);
        gapped.replace(
                OFFSETS, 0, new FakePartition(offsets, store.open(new LogId(offsets.id(), 0), LogConfig.DEFAULT)) {
                    @Override
                    public CompletableFuture<LogRead> read(long offset, long upTo, int maxBytes) {
                        return offset >= keptEnd
                                ? CompletableFuture.completedFuture(LogRead.EMPTY)
                                : super.read(offset, Math.min(upTo, keptEnd), maxBytes);
                    }
                });
        try (GroupFixture again = GroupFixture.over(gapped)) {
            assertThat(again.offset("kept", orders, 0)).isEqualTo(1);
            assertThat(again.offset("removed", orders, 0)).isEqualTo(-1);
            assertThat(again.commit("later", orders, 0, 3)).isEqualTo(Errors.NONE);
            Partition partition = again.broker.partition(OFFSETS, 0);
            partition.deleteRecords(partition.log().durableEnd()).join();
            try (GroupFixture trimmed = again.restarted(store)) {
                assertThat(trimmed.offset("later", orders, 0)).isEqualTo(-1);
                assertThat(trimmed.commit("last", orders, 0, 4)).isEqualTo(Errors.NONE);
                assertThat(trimmed.offset("last", orders, 0)).isEqualTo(4);
            }
        }
    }

    @Test
    void aThousandGroupsComeBackQuickly() throws Exception {
        GroupFixture broker = GroupFixture.over(store);
        Topic orders = broker.topic("orders", 10);
        List<CompletableFuture<ApiMessage>> answers = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            answers.add(broker.caller.send(
                    ApiKeys.OFFSET_COMMIT,
                    ApiKeys.OFFSET_COMMIT.latestVersion(),
                    GroupFixture.commitRequest("group-" + i % 1000, orders, i / 1000, i)));
        }
        for (CompletableFuture<ApiMessage> answer : answers) {
            OffsetCommitResponseData response = (OffsetCommitResponseData) answer.get(60, TimeUnit.SECONDS);
            assertThat(response.topics().get(0).partitions().get(0).errorCode()).isEqualTo(Errors.NONE.code());
        }
        long startNs = System.nanoTime();
        try (GroupFixture again = broker.restarted(store)) {
            assertThat(again.offset("group-999", orders, 9)).isEqualTo(9_999);
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            assertThat(tookMs).as("ms to stop, load 1,000 groups and answer").isLessThan(30_000);
            assertThat(again.offset("group-0", orders, 0)).isZero();
        }
    }

    @Test
    void anyNumberOfChangesIsOneStepForTheCoordinator() {
        CatalogMetadata metadata = new CatalogMetadata(1);
        FakeBroker broker = new FakeBroker(store, CatalogImage.empty(), Map.of());
        List<Topic> topics = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            topics.add(broker.create("topic-" + i, 2, Map.of(), false).join());
        }
        List<Integer> changes = new ArrayList<>();
        metadata.advance(
                broker.catalog(),
                0,
                (delta, image) ->
                        changes.add(delta.topicsDelta().changedTopics().size()));
        broker.delete(topics.get(0).id());
        broker.grow(topics.get(1).id(), 3, false);
        broker.create("topic-0", 1, Map.of(), false);
        metadata.advance(broker.catalog(), 0, (delta, image) -> {
            changes.add(delta.topicsDelta().changedTopics().size());
            changes.add(delta.topicsDelta().deletedTopicIds().size());
            assertThat(image.topics().getTopic("topic-0").partitions()).hasSize(1);
            assertThat(image.topics().getTopic("topic-1").partitions()).hasSize(3);
        });
        metadata.advance(broker.catalog(), 0, (delta, image) -> changes.add(-1));
        assertThat(changes).containsExactly(1_000, 2, 1);
    }
}

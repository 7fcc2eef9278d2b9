package dev.pabal.conformance;

import static dev.pabal.conformance.Clients.PATIENCE;
import static dev.pabal.conformance.Clients.numbered;
import static dev.pabal.conformance.Clients.poll;
import static dev.pabal.conformance.Clients.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumer groups of kafka-clients 4.4, by the classic protocol and by the one of KIP-848. */
@ExtendWith(BrokerUnderTest.Started.class)
class GroupTest {
    private final BrokerUnderTest broker;

    GroupTest(BrokerUnderTest broker) {
        this.broker = broker;
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void goesOnWhereTheGroupStopped(String protocol) {
        String topic = Clients.topic(broker, "resume", 1);
        String group = BrokerUnderTest.unique("resume");
        Clients.produce(broker, topic, 0, numbered("a", 10));
        try (KafkaConsumer<byte[], byte[]> consumer = member(protocol, group)) {
            consumer.subscribe(List.of(topic));
            assertThat(values(poll(consumer, 10))).containsExactly(numbered("a", 10));
            consumer.commitSync();
            TopicPartition partition = new TopicPartition(topic, 0);
            assertThat(consumer.committed(Set.of(partition)).get(partition).offset())
                    .isEqualTo(10);
        }
        Clients.produce(broker, topic, 0, numbered("b", 5));
        try (KafkaConsumer<byte[], byte[]> consumer = member(protocol, group)) {
            consumer.subscribe(List.of(topic));
            assertThat(values(poll(consumer, 5))).containsExactly(numbered("b", 5));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void sharesPartitionsAndTakesThemBackFromAMemberThatLeaves(String protocol) {
        String topic = Clients.topic(broker, "share", 6);
        String group = BrokerUnderTest.unique("share");
        try (KafkaConsumer<byte[], byte[]> first = member(protocol, group)) {
            first.subscribe(List.of(topic));
            pollUntilOwned(6, first);
            try (KafkaConsumer<byte[], byte[]> second = member(protocol, group)) {
                second.subscribe(List.of(topic));
                await().atMost(PATIENCE).until(() -> {
                    first.poll(Duration.ofMillis(50));
                    second.poll(Duration.ofMillis(50));
                    return first.assignment().size() == 3 && second.assignment().size() == 3;
                });
                Set<TopicPartition> all = new HashSet<>(first.assignment());
                all.addAll(second.assignment());
                assertThat(all).hasSize(6);
            }
            pollUntilOwned(6, first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void givesAStaticMemberItsPartitionsBackWithoutDisturbingTheOther(String protocol) {
        String topic = Clients.topic(broker, "static", 4);
        String group = BrokerUnderTest.unique("static");
        RebalanceCounter disturbed = new RebalanceCounter();
        try (KafkaConsumer<byte[], byte[]> stays = member(protocol, group, "group.instance.id", "stays")) {
            stays.subscribe(List.of(topic), disturbed);
            KafkaConsumer<byte[], byte[]> comesBack = member(protocol, group, "group.instance.id", "comes-back");
            comesBack.subscribe(List.of(topic));
            pollUntilShared(2, stays, comesBack);
            Set<TopicPartition> owned = Set.copyOf(comesBack.assignment());
            int before = disturbed.count();
            comesBack.close(org.apache.kafka.clients.consumer.CloseOptions.groupMembershipOperation(
                    org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation.DEFAULT));
            try (KafkaConsumer<byte[], byte[]> again = member(protocol, group, "group.instance.id", "comes-back")) {
                again.subscribe(List.of(topic));
                pollUntilShared(2, stays, again);
                assertThat(again.assignment()).isEqualTo(owned);
                assertThat(disturbed.count()).isEqualTo(before);
            }
        }
    }

    @Test
    void subscribesToAPatternOnTheClient() {
        String prefix = BrokerUnderTest.unique("pattern");
        String first = Clients.topic(broker, prefix, 1);
        try (KafkaConsumer<byte[], byte[]> consumer =
                member("classic", BrokerUnderTest.unique("pattern"), "metadata.max.age.ms", 500)) {
            consumer.subscribe(Pattern.compile(prefix + ".*"));
            Clients.produce(broker, first, 0, "one");
            assertThat(values(poll(consumer, 1))).containsExactly("one");
            String second = Clients.topic(broker, prefix, 1);
            Clients.produce(broker, second, 0, "two");
            // Nothing was committed: the rebalance may bring "one" again.
            List<String> seen = new ArrayList<>();
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> seen.add(Clients.text(record.value())));
                return seen.contains("two");
            });
        }
    }

    @Test
    void subscribesToAPatternOnTheBroker() {
        String prefix = BrokerUnderTest.unique("re2j");
        String topic = Clients.topic(broker, prefix, 2);
        try (KafkaConsumer<byte[], byte[]> consumer =
                member("consumer", BrokerUnderTest.unique("re2j"), "metadata.max.age.ms", 500)) {
            consumer.subscribe(new SubscriptionPattern(prefix + ".*"));
            pollUntilOwned(2, consumer);
            Clients.produce(broker, topic, 1, "matched");
            assertThat(values(poll(consumer, 1))).containsExactly("matched");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void takesUpNewPartitionsOfATopic(String protocol) {
        String topic = Clients.topic(broker, "grows", 1);
        try (KafkaConsumer<byte[], byte[]> consumer =
                        member(protocol, BrokerUnderTest.unique("grows"), "metadata.max.age.ms", 500);
                org.apache.kafka.clients.admin.Admin admin = Clients.admin(broker)) {
            consumer.subscribe(List.of(topic));
            pollUntilOwned(1, consumer);
            Clients.await(
                    admin.createPartitions(Map.of(topic, org.apache.kafka.clients.admin.NewPartitions.increaseTo(3)))
                            .all());
            pollUntilOwned(3, consumer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.kafka.clients.consumer.RangeAssignor",
                "org.apache.kafka.clients.consumer.RoundRobinAssignor",
                "org.apache.kafka.clients.consumer.StickyAssignor",
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"
            })
    void worksWithEveryAssignorOfTheClient(String assignor) {
        String topic = Clients.topic(broker, "assignor", 4);
        String group = BrokerUnderTest.unique("assignor");
        try (KafkaConsumer<byte[], byte[]> first = member("classic", group, "partition.assignment.strategy", assignor);
                KafkaConsumer<byte[], byte[]> second =
                        member("classic", group, "partition.assignment.strategy", assignor)) {
            first.subscribe(List.of(topic));
            second.subscribe(List.of(topic));
            pollUntilShared(2, first, second);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "range"})
    void worksWithEveryAssignorOfTheBroker(String assignor) {
        String topic = Clients.topic(broker, "remote", 4);
        String group = BrokerUnderTest.unique("remote");
        try (KafkaConsumer<byte[], byte[]> first = member("consumer", group, "group.remote.assignor", assignor);
                KafkaConsumer<byte[], byte[]> second = member("consumer", group, "group.remote.assignor", assignor)) {
            first.subscribe(List.of(topic));
            second.subscribe(List.of(topic));
            pollUntilShared(2, first, second);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void commitsByItself(String protocol) {
        String topic = Clients.topic(broker, "auto-commit", 1);
        String group = BrokerUnderTest.unique("auto-commit");
        Clients.produce(broker, topic, 0, numbered("a", 10));
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                member(protocol, group, "enable.auto.commit", true, "auto.commit.interval.ms", 100)) {
            consumer.subscribe(List.of(topic));
            List<ConsumerRecord<byte[], byte[]>> got = new ArrayList<>(poll(consumer, 10));
            assertThat(got).hasSize(10);
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(50));
                OffsetAndMetadata committed =
                        consumer.committed(Set.of(partition)).get(partition);
                return committed != null && committed.offset() == 10;
            });
        }
    }

    @Test
    void movesAGroupFromTheClassicProtocolToTheNewOne() {
        String topic = Clients.topic(broker, "upgrade", 2);
        String group = BrokerUnderTest.unique("upgrade");
        Clients.produce(broker, topic, 0, numbered("a", 10));
        try (KafkaConsumer<byte[], byte[]> consumer = member("classic", group)) {
            consumer.subscribe(List.of(topic));
            poll(consumer, 10);
            consumer.commitSync();
        }
        Clients.produce(broker, topic, 0, "b");
        try (KafkaConsumer<byte[], byte[]> consumer = member("consumer", group)) {
            consumer.subscribe(List.of(topic));
            assertThat(values(poll(consumer, 1))).containsExactly("b");
        }
    }

    private KafkaConsumer<byte[], byte[]> member(String protocol, String group, Object... more) {
        List<Object> config = new ArrayList<>(List.of("group.protocol", protocol, "group.id", group));
        config.addAll(List.of(more));
        if (!config.contains("enable.auto.commit")) {
            config.addAll(List.of("enable.auto.commit", false));
        }
        return Clients.consumer(broker, config.toArray());
    }

    private static void pollUntilOwned(int partitions, KafkaConsumer<byte[], byte[]> consumer) {
        await().atMost(PATIENCE).until(() -> {
            consumer.poll(Duration.ofMillis(50));
            return consumer.assignment().size() == partitions;
        });
    }

    private static void pollUntilShared(
            int each, KafkaConsumer<byte[], byte[]> first, KafkaConsumer<byte[], byte[]> second) {
        await().atMost(PATIENCE).until(() -> {
            first.poll(Duration.ofMillis(50));
            second.poll(Duration.ofMillis(50));
            return first.assignment().size() == each && second.assignment().size() == each;
        });
    }

    /** Counts how often partitions were taken away. */
    private static final class RebalanceCounter implements ConsumerRebalanceListener {
        private int revoked;

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            revoked++;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

        int count() {
            return revoked;
        }
    }
}

package dev.pabal.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.log.memory.MemoryLogStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own consumers and administration against the group coordinator, over sockets. */
class ConsumersTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Map<String, String> CONFIGS = Map.of(
            "group.initial.rebalance.delay.ms", "0",
            "group.consumer.min.heartbeat.interval.ms", "100",
            "group.consumer.heartbeat.interval.ms", "100");

    private final MemoryLogStore store = LiveBroker.store();
    private LiveBroker broker;

    @BeforeEach
    void start() {
        broker = new LiveBroker(store, CONFIGS);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void readsCommitsAndGoesOnWhereItWas(String protocol) {
        broker.topic("orders", 4);
        broker.produce("orders", 4, 100);
        try (KafkaConsumer<String, String> first = broker.consumer("billing", protocol, Map.of())) {
            first.subscribe(List.of("orders"));
            assertThat(values(first, 100)).hasSize(100);
            first.commitSync();
        }
        broker.produce("orders", 4, 8);
        try (KafkaConsumer<String, String> second = broker.consumer("billing", protocol, Map.of())) {
            second.subscribe(List.of("orders"));
            assertThat(values(second, 8))
                    .as("only what came after the commit")
                    .containsExactlyInAnyOrder("v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void threeMembersShareAndOneTakesOverFromThoseThatLeave(String protocol) {
        broker.topic("orders", 6);
        List<KafkaConsumer<String, String>> members = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                KafkaConsumer<String, String> member = broker.consumer("billing", protocol, Map.of());
                member.subscribe(List.of("orders"));
                members.add(member);
                pollUntilShared(members, 6);
            }
            assertThat(members)
                    .allSatisfy(member -> assertThat(member.assignment()).hasSize(2));
            members.remove(0).close();
            members.remove(0).close();
            pollUntilShared(members, 6);
            assertThat(members.get(0).assignment()).hasSize(6);
        } finally {
            members.forEach(KafkaConsumer::close);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aStaticMemberComesBackToItsPartitions(String protocol) {
        broker.topic("orders", 4);
        Map<String, String> one = Map.of("group.instance.id", "one");
        Map<String, String> two = Map.of("group.instance.id", "two");
        KafkaConsumer<String, String> first = broker.consumer("billing", protocol, one);
        try (KafkaConsumer<String, String> second = broker.consumer("billing", protocol, two)) {
            first.subscribe(List.of("orders"));
            second.subscribe(List.of("orders"));
            pollUntilShared(List.of(first, second), 4);
            Set<TopicPartition> before = Set.copyOf(first.assignment());
            Set<TopicPartition> kept = Set.copyOf(second.assignment());
            first.close();
            first = broker.consumer("billing", protocol, one);
            first.subscribe(List.of("orders"));
            pollUntilShared(List.of(first, second), 4);
            assertThat(first.assignment()).isEqualTo(before);
            assertThat(second.assignment()).isEqualTo(kept);
        } finally {
            first.close();
        }
    }

    /** The server looks at its patterns again at most every ten seconds, so what comes later is the client's part here. */
    @Test
    void aPatternFindsItsTopics() {
        broker.topic("orders-1", 1);
        broker.topic("other", 1);
        try (KafkaConsumer<String, String> onServer = broker.consumer("new", "consumer", Map.of());
                KafkaConsumer<String, String> onClient =
                        broker.consumer("old", "classic", Map.of("metadata.max.age.ms", "200"))) {
            onServer.subscribe(new SubscriptionPattern("orders-.*"));
            onClient.subscribe(Pattern.compile("orders-.*"));
            pollUntilShared(List.of(onServer), 1);
            pollUntilShared(List.of(onClient), 1);
            broker.topic("orders-2", 2);
            pollUntilShared(List.of(onClient), 3);
        }
    }

    @Test
    void offsetsSurviveARestartOfTheBroker() {
        broker.topic("orders", 2);
        broker.produce("orders", 2, 10);
        try (KafkaConsumer<String, String> first = broker.consumer("billing", "consumer", Map.of())) {
            first.subscribe(List.of("orders"));
            values(first, 10);
            first.commitSync();
        }
        broker.close();
        broker = new LiveBroker(store, CONFIGS);
        try (KafkaConsumer<String, String> again = broker.consumer("billing", "classic", Map.of())) {
            Set<TopicPartition> partitions = Set.of(new TopicPartition("orders", 0), new TopicPartition("orders", 1));
            assertThat(again.committed(partitions).values())
                    .extracting(OffsetAndMetadata::offset)
                    .containsExactly(5L, 5L);
        }
    }

    @Test
    void administrators() throws Exception {
        broker.topic("orders", 2);
        TopicPartition zero = new TopicPartition("orders", 0);
        TopicPartition one = new TopicPartition("orders", 1);
        try (Admin admin = broker.admin();
                KafkaConsumer<String, String> classic = broker.consumer("classic", "classic", Map.of());
                KafkaConsumer<String, String> modern = broker.consumer("modern", "consumer", Map.of())) {
            classic.subscribe(List.of("orders"));
            modern.subscribe(List.of("orders"));
            pollUntilShared(List.of(classic), 2);
            pollUntilShared(List.of(modern), 2);
            assertThat(admin.listGroups().all().get(60, TimeUnit.SECONDS))
                    .extracting(GroupListing::groupId)
                    .containsExactlyInAnyOrder("classic", "modern");
            Map<String, ConsumerGroupDescription> described = admin.describeConsumerGroups(List.of("classic", "modern"))
                    .all()
                    .get(60, TimeUnit.SECONDS);
            assertThat(described.values()).allSatisfy(group -> {
                assertThat(group.members()).hasSize(1);
                assertThat(group.members().iterator().next().assignment().topicPartitions())
                        .containsExactlyInAnyOrder(zero, one);
            });
            assertThatThrownBy(() ->
                            admin.deleteConsumerGroups(List.of("modern")).all().get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(GroupNotEmptyException.class);
        }
        try (Admin admin = broker.admin()) {
            admin.alterConsumerGroupOffsets(
                            "classic", Map.of(zero, new OffsetAndMetadata(3), one, new OffsetAndMetadata(4)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
            assertThat(offsets(admin, "classic")).containsEntry(zero, 3L).containsEntry(one, 4L);
            admin.deleteConsumerGroupOffsets("classic", Set.of(zero)).all().get(60, TimeUnit.SECONDS);
            assertThat(offsets(admin, "classic")).containsOnly(Map.entry(one, 4L));
            admin.deleteConsumerGroups(List.of("classic", "modern")).all().get(60, TimeUnit.SECONDS);
            assertThat(admin.listGroups().all().get(60, TimeUnit.SECONDS)).isEmpty();
            assertThatThrownBy(() -> admin.describeConsumerGroups(List.of("nobody"))
                            .all()
                            .get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(GroupIdNotFoundException.class);
        }
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, String group) throws Exception {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(60, TimeUnit.SECONDS)
                .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
        return offsets;
    }

    /** Polls until so many records have come. */
    private static List<String> values(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        while (values.size() < count && System.nanoTime() < deadlineNs) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                values.add(record.value());
            }
        }
        return values;
    }

    /** Polls the members in turn until together they have so many partitions, each once, and nearly the same number each. */
    private static void pollUntilShared(List<KafkaConsumer<String, String>> members, int partitions) {
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        int least = partitions / members.size();
        while (true) {
            Set<TopicPartition> all = new HashSet<>();
            int sum = 0;
            boolean fair = true;
            for (KafkaConsumer<String, String> member : members) {
                member.poll(Duration.ofMillis(20));
            }
            for (KafkaConsumer<String, String> member : members) {
                all.addAll(member.assignment());
                sum += member.assignment().size();
                fair &= member.assignment().size() >= least;
            }
            if (fair && all.size() == partitions && sum == partitions) {
                return;
            }
            assertThat(System.nanoTime())
                    .as("no assignment of %d partitions to %d members, but %s", partitions, members.size(), all)
                    .isLessThan(deadlineNs);
        }
    }
}

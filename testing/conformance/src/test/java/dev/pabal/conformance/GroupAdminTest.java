package dev.pabal.conformance;

import static dev.pabal.conformance.Clients.PATIENCE;
import static dev.pabal.conformance.Clients.await;
import static dev.pabal.conformance.Clients.numbered;
import static dev.pabal.conformance.Clients.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups and their offsets through Kafka's Admin. */
@ExtendWith(BrokerUnderTest.Started.class)
class GroupAdminTest {
    private final BrokerUnderTest broker;
    private final Admin admin;

    GroupAdminTest(BrokerUnderTest broker) {
        this.broker = broker;
        this.admin = Clients.admin(broker);
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void listsAndDescribesAGroupAtWorkAndDeletesItAfterwards(String protocol) {
        String topic = Clients.topic(broker, "at-work", 2);
        String group = BrokerUnderTest.unique("at-work");
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(broker, "group.protocol", protocol, "group.id", group, "client.id", "worker")) {
            consumer.subscribe(List.of(topic));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return consumer.assignment().size() == 2;
            });
            consumer.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0)));
            GroupType type = protocol.equals("classic") ? GroupType.CLASSIC : GroupType.CONSUMER;
            assertThat(await(admin.listGroups(new ListGroupsOptions().withTypes(Set.of(type)))
                            .all()))
                    .extracting(GroupListing::groupId)
                    .contains(group);
            await().atMost(PATIENCE).until(() -> describe(group).groupState() == GroupState.STABLE);
            ConsumerGroupDescription description = describe(group);
            assertThat(description.type()).isEqualTo(type);
            assertThat(description.members()).hasSize(1);
            var member = description.members().iterator().next();
            assertThat(member.clientId()).isEqualTo("worker");
            assertThat(member.assignment().topicPartitions()).hasSize(2);
            assertThat(refusal(admin.deleteConsumerGroups(List.of(group)).all()))
                    .isInstanceOf(GroupNotEmptyException.class);
        }
        await().atMost(PATIENCE).until(() -> describe(group).groupState() == GroupState.EMPTY);
        await(admin.deleteConsumerGroups(List.of(group)).all());
        assertThat(refusal(admin.describeConsumerGroups(List.of(group)).all()))
                .isInstanceOf(GroupIdNotFoundException.class);
    }

    @Test
    void altersListsAndDeletesOffsets() {
        String topic = Clients.topic(broker, "alter", 2);
        String group = BrokerUnderTest.unique("alter");
        Clients.produce(broker, topic, 0, numbered("v", 10));
        TopicPartition first = new TopicPartition(topic, 0);
        TopicPartition second = new TopicPartition(topic, 1);
        await(admin.alterConsumerGroupOffsets(
                        group, Map.of(first, new OffsetAndMetadata(4, "by hand"), second, new OffsetAndMetadata(0)))
                .all());
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(group);
        assertThat(offsets.get(first).offset()).isEqualTo(4);
        assertThat(offsets.get(first).metadata()).isEqualTo("by hand");
        assertThat(offsets).containsKey(second);
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker, "group.id", group)) {
            consumer.subscribe(List.of(topic));
            assertThat(Clients.poll(consumer, 6).get(0).offset()).isEqualTo(4);
        }
        await().atMost(PATIENCE).until(() -> describe(group).groupState() == GroupState.EMPTY);
        await(admin.deleteConsumerGroupOffsets(group, Set.of(second)).all());
        assertThat(offsets(group)).containsKey(first).doesNotContainKey(second);
    }

    @Test
    void listsOffsetsOfSeveralGroupsAtOnce() {
        String topic = Clients.topic(broker, "several", 1);
        TopicPartition partition = new TopicPartition(topic, 0);
        String one = BrokerUnderTest.unique("several");
        String two = BrokerUnderTest.unique("several");
        await(admin.alterConsumerGroupOffsets(one, Map.of(partition, new OffsetAndMetadata(0)))
                .all());
        await(admin.alterConsumerGroupOffsets(two, Map.of(partition, new OffsetAndMetadata(0)))
                .all());
        var spec =
                new org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition));
        var all = await(
                admin.listConsumerGroupOffsets(Map.of(one, spec, two, spec)).all());
        assertThat(all).containsOnlyKeys(one, two);
        await(admin.deleteConsumerGroups(List.of(one, two)).all());
    }

    @Test
    void removesAMemberByItsInstanceId() {
        String topic = Clients.topic(broker, "remove", 1);
        String group = BrokerUnderTest.unique("remove");
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(broker, "group.id", group, "group.instance.id", "one", "group.protocol", "classic")) {
            consumer.subscribe(List.of(topic));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return consumer.assignment().size() == 1;
            });
            await(admin.removeMembersFromConsumerGroup(
                            group, new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove("one"))))
                    .all());
            assertThat(describe(group).members()).isEmpty();
        }
    }

    private ConsumerGroupDescription describe(String group) {
        return await(admin.describeConsumerGroups(List.of(group)).all()).get(group);
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(String group) {
        return await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }
}

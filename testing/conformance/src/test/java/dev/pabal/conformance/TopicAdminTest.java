package dev.pabal.conformance;

import static dev.pabal.conformance.Clients.await;
import static dev.pabal.conformance.Clients.numbered;
import static dev.pabal.conformance.Clients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Topics, partitions and their records through Kafka's Admin. */
@ExtendWith(BrokerUnderTest.Started.class)
class TopicAdminTest {
    private final BrokerUnderTest broker;
    private final Admin admin;

    TopicAdminTest(BrokerUnderTest broker) {
        this.broker = broker;
        this.admin = Clients.admin(broker);
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void createsDescribesListsAndDeletes() {
        String name = BrokerUnderTest.unique("life");
        CreateTopicsResult created =
                admin.createTopics(List.of(new NewTopic(name, 3, (short) 1).configs(Map.of("retention.ms", "123456"))));
        await(created.all());
        Uuid id = await(created.topicId(name));
        assertThat(await(created.numPartitions(name))).isEqualTo(3);
        assertThat(await(created.config(name)).get("retention.ms").value()).isEqualTo("123456");

        TopicDescription byName =
                await(admin.describeTopics(List.of(name)).allTopicNames()).get(name);
        assertThat(byName.topicId()).isEqualTo(id);
        assertThat(byName.partitions()).hasSize(3);
        assertThat(byName.isInternal()).isFalse();
        TopicDescription byId = await(admin.describeTopics(TopicCollection.ofTopicIds(List.of(id)))
                        .allTopicIds())
                .get(id);
        assertThat(byId.name()).isEqualTo(name);
        assertThat(await(admin.listTopics().listings()))
                .extracting(TopicListing::name)
                .contains(name);

        await(admin.deleteTopics(List.of(name)).all());
        assertThat(await(admin.listTopics().names())).doesNotContain(name);
        assertThat(refusal(admin.describeTopics(List.of(name)).allTopicNames()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
        assertThat(refusal(admin.describeTopics(TopicCollection.ofTopicIds(List.of(id)))
                        .allTopicIds()))
                .isInstanceOf(UnknownTopicIdException.class);
    }

    @Test
    void deletesByIdAndGivesANewTopicANewId() {
        String name = BrokerUnderTest.unique("again");
        Uuid first = create(name);
        Clients.produce(broker, name, 0, "old");
        await(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(first))).all());
        Uuid second = create(name);
        assertThat(second).isNotEqualTo(first);
        assertThat(offset(name, OffsetSpec.latest())).isZero();
    }

    private Uuid create(String name) {
        CreateTopicsResult created = admin.createTopics(List.of(new NewTopic(name, 1, (short) 1)));
        await(created.all());
        return await(created.topicId(name));
    }

    @Test
    void refusesWhatCannotBe() {
        String name = BrokerUnderTest.unique("refused");
        create(name);
        assertThat(refused(new NewTopic(name, 1, (short) 1))).isInstanceOf(TopicExistsException.class);
        assertThat(refused(new NewTopic("a/b", 1, (short) 1))).isInstanceOf(InvalidTopicException.class);
        assertThat(refused(new NewTopic("..", 1, (short) 1))).isInstanceOf(InvalidTopicException.class);
        assertThat(refused(new NewTopic("x".repeat(250), 1, (short) 1))).isInstanceOf(InvalidTopicException.class);
        String other = BrokerUnderTest.unique("refused");
        assertThat(refused(new NewTopic(other, 0, (short) 1))).isInstanceOf(InvalidPartitionsException.class);
        assertThat(refused(new NewTopic(other, 1, (short) 3))).isInstanceOf(InvalidReplicationFactorException.class);
        assertThat(refused(new NewTopic(other, 1, (short) 1).configs(Map.of("no.such.key", "1"))))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThat(refused(new NewTopic(other, 1, (short) 1).configs(Map.of("retention.ms", "soon"))))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThat(refusal(admin.deleteTopics(List.of(other)).all()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }

    private Throwable refused(NewTopic topic) {
        return refusal(admin.createTopics(List.of(topic)).all());
    }

    @Test
    void triesACreationWithoutDoingIt() {
        String name = BrokerUnderTest.unique("tried");
        CreateTopicsResult tried = admin.createTopics(
                List.of(new NewTopic(name, Optional.of(2), Optional.empty())),
                new CreateTopicsOptions().validateOnly(true));
        await(tried.all());
        assertThat(await(admin.listTopics().names())).doesNotContain(name);
    }

    @Test
    void addsPartitions() {
        String name = Clients.topic(broker, "more", 2);
        await(admin.createPartitions(Map.of(name, NewPartitions.increaseTo(5))).all());
        assertThat(await(admin.describeTopics(List.of(name)).allTopicNames())
                        .get(name)
                        .partitions())
                .hasSize(5);
        assertThat(refusal(admin.createPartitions(Map.of(name, NewPartitions.increaseTo(3)))
                        .all()))
                .isInstanceOf(InvalidPartitionsException.class);
        Clients.produce(broker, name, 4, "in the new one");
    }

    @Test
    void deletesRecordsBelowAnOffset() {
        String name = Clients.topic(broker, "trim", 1);
        Clients.produce(broker, name, 0, numbered("v", 20));
        TopicPartition partition = new TopicPartition(name, 0);
        assertThat(await(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(7)))
                                .lowWatermarks()
                                .get(partition))
                        .lowWatermark())
                .isEqualTo(7);
        assertThat(offset(name, OffsetSpec.earliest())).isEqualTo(7);
        try (var consumer = Clients.consumer(broker)) {
            consumer.assign(Set.of(partition));
            assertThat(Clients.poll(consumer, 13).get(0).offset()).isEqualTo(7);
        }
        assertThat(refusal(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(500)))
                        .all()))
                .isInstanceOf(OffsetOutOfRangeException.class);
        await(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)))
                .all());
        assertThat(offset(name, OffsetSpec.earliest())).isEqualTo(20);
    }

    @Test
    void listsOffsetsByEverySpec() {
        String name = Clients.topic(broker, "offsets", 1, Map.of("retention.ms", "-1"));
        long base = 1_700_000_000_000L;
        long[] times = {base, base + 10, base + 50, base + 20, base + 30};
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker, "batch.size", 0)) {
            for (long time : times) {
                producer.send(new ProducerRecord<>(name, 0, time, null, Clients.bytes("x")));
            }
        }
        assertThat(offset(name, OffsetSpec.earliest())).isZero();
        assertThat(offset(name, OffsetSpec.latest())).isEqualTo(5);
        assertThat(offset(name, OffsetSpec.maxTimestamp())).isEqualTo(2);
        assertThat(offset(name, OffsetSpec.forTimestamp(base + 5))).isEqualTo(1);
        assertThat(offset(name, OffsetSpec.forTimestamp(base + 15))).isEqualTo(2);
        assertThat(offset(name, OffsetSpec.forTimestamp(base + 51))).isEqualTo(-1);
        assertThat(offset(name, OffsetSpec.earliestLocal())).isZero();
        assertThat(offset(name, OffsetSpec.latestTiered())).isEqualTo(-1);
    }

    private long offset(String topic, OffsetSpec spec) {
        TopicPartition partition = new TopicPartition(topic, 0);
        ListOffsetsResultInfo info =
                await(admin.listOffsets(Map.of(partition, spec)).all()).get(partition);
        return info.offset();
    }

    @Test
    void describesProducers() {
        String name = Clients.topic(broker, "producers", 1);
        TopicPartition partition = new TopicPartition(name, 0);
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker)) {
            await(producer.send(new ProducerRecord<>(name, Clients.bytes("x"))));
            var active = await(admin.describeProducers(Set.of(partition)).partitionResult(partition))
                    .activeProducers();
            assertThat(active).hasSize(1);
            assertThat(active.get(0).lastSequence()).isZero();
        }
    }

    @Test
    void tellsTheSizesOfLogDirectories() {
        String name = Clients.topic(broker, "dirs", 2);
        Clients.produce(broker, name, 0, numbered("v", 100));
        int id = await(admin.describeCluster().nodes()).iterator().next().id();
        var dirs = await(admin.describeLogDirs(Set.of(id)).allDescriptions()).get(id);
        assertThat(dirs).isNotEmpty();
        var replicas = dirs.values().iterator().next().replicaInfos();
        assertThat(replicas.get(new TopicPartition(name, 0)).size()).isPositive();
        assertThat(replicas).containsKey(new TopicPartition(name, 1));
    }

    @Test
    void createsAndDeletesManyTopicsAtOnce() {
        String prefix = BrokerUnderTest.unique("bulk");
        Collection<NewTopic> topics = IntStream.range(0, 200)
                .mapToObj(i -> new NewTopic(prefix + i, 2, (short) 1))
                .toList();
        await(admin.createTopics(topics).all());
        List<String> names = topics.stream().map(NewTopic::name).toList();
        assertThat(await(admin.listTopics().names())).containsAll(names);
        assertThat(await(admin.describeTopics(names).allTopicNames())).hasSize(200);
        await(admin.deleteTopics(names).all());
        assertThat(await(admin.listTopics().names())).doesNotContainAnyElementsOf(names);
    }
}

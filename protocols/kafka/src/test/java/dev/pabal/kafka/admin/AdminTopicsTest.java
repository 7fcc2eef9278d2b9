package dev.pabal.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.kafka.KafkaIds;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class AdminTopicsTest {
    private static CreatableTopic topic(String name, int partitions, int replicas) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) replicas);
    }

    private static Errors error(CreatableTopicResult result) {
        return Errors.forCode(result.errorCode());
    }

    @Test
    void aCreatedTopicIsToldWithIdPartitionsAndConfigs() {
        try (AdminFixture f = new AdminFixture(Map.of("num.partitions", "3"))) {
            CreatableTopic wanted = topic("t", -1, -1);
            wanted.configs()
                    .add(new CreatableTopicConfig().setName("retention.ms").setValue("5000"));
            CreatableTopicResult made = f.create(wanted);
            assertThat(error(made)).isEqualTo(Errors.NONE);
            assertThat(made.numPartitions()).isEqualTo(3);
            assertThat(made.replicationFactor()).isEqualTo((short) 1);
            UUID id = f.broker.catalog().topic("t").id();
            assertThat(made.topicId()).isEqualTo(KafkaIds.kafkaId(id));
            assertThat(made.configs()).anySatisfy(config -> {
                assertThat(config.name()).isEqualTo("retention.ms");
                assertThat(config.value()).isEqualTo("5000");
                assertThat(config.configSource()).isEqualTo((byte) 1);
            });
            assertThat(error(f.create(topic("t", 1, 1)))).isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
        }
    }

    @Test
    void eachBadWishHasItsOwnError() {
        try (AdminFixture f = new AdminFixture()) {
            assertThat(error(f.create(topic("a", 0, 1)))).isEqualTo(Errors.INVALID_PARTITIONS);
            assertThat(error(f.create(topic("a", 1, 3)))).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
            assertThat(error(f.create(topic("a", 1, 0)))).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
            assertThat(error(f.create(topic("a b", 1, 1)))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
            assertThat(error(f.create(topic("__consumer_offsets", 1, 1)))).isEqualTo(Errors.INVALID_REQUEST);
            CreatableTopic badConfig = topic("a", 1, 1);
            badConfig
                    .configs()
                    .add(new CreatableTopicConfig().setName("retention.ms").setValue("soon"));
            CreatableTopicResult refused = f.create(badConfig);
            assertThat(error(refused)).isEqualTo(Errors.INVALID_CONFIG);
            assertThat(refused.errorMessage()).contains("retention.ms").contains("LONG");
            assertThat(f.broker.catalog().topics()).isEmpty();
        }
    }

    @Test
    void assignmentsCanOnlyNameThisNode() {
        try (AdminFixture f = new AdminFixture()) {
            CreatableTopic here = topic("here", -1, -1);
            here.assignments()
                    .add(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(List.of(1)));
            here.assignments()
                    .add(new CreatableReplicaAssignment().setPartitionIndex(1).setBrokerIds(List.of(1)));
            assertThat(f.create(here).numPartitions()).isEqualTo(2);
            CreatableTopic there = topic("there", -1, -1);
            there.assignments()
                    .add(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(List.of(2)));
            assertThat(error(f.create(there))).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
            CreatableTopic gap = topic("gap", -1, -1);
            gap.assignments()
                    .add(new CreatableReplicaAssignment().setPartitionIndex(5).setBrokerIds(List.of(1)));
            assertThat(error(f.create(gap))).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
            CreatableTopic both = topic("both", 4, -1);
            both.assignments()
                    .add(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(List.of(1)));
            assertThat(error(f.create(both))).isEqualTo(Errors.INVALID_REQUEST);
        }
    }

    @Test
    void aNameTwiceInOneRequestIsCreatedNotAtAll() {
        try (AdminFixture f = new AdminFixture()) {
            CreateTopicsRequestData request = new CreateTopicsRequestData();
            request.topics().mustAdd(topic("twice", 1, 1));
            request.topics().mustAdd(topic("twice", 2, 1));
            request.topics().mustAdd(topic("once", 1, 1));
            CreateTopicsResponseData answer = f.call(ApiKeys.CREATE_TOPICS, request, CreateTopicsResponseData.class);
            assertThat(error(answer.topics().find("twice"))).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(error(answer.topics().find("once"))).isEqualTo(Errors.NONE);
            assertThat(f.broker.catalog().topic("twice")).isNull();
        }
    }

    @Test
    void deletesByNameAndById() {
        try (AdminFixture f = new AdminFixture()) {
            f.topic("a", 1);
            f.topic("b", 1);
            UUID b = f.broker.catalog().topic("b").id();
            Uuid id = KafkaIds.kafkaId(b);
            DeleteTopicsRequestData request = new DeleteTopicsRequestData()
                    .setTimeoutMs(30_000)
                    .setTopics(List.of(
                            new DeleteTopicState().setName("a"),
                            new DeleteTopicState().setName(null).setTopicId(id),
                            new DeleteTopicState().setName("none"),
                            new DeleteTopicState().setName(null).setTopicId(new Uuid(7, 7)),
                            new DeleteTopicState().setName(null)));
            DeleteTopicsResponseData answer = f.call(ApiKeys.DELETE_TOPICS, request, DeleteTopicsResponseData.class);
            assertThat(answer.responses().stream().map(r -> Errors.forCode(r.errorCode())))
                    .containsExactlyInAnyOrder(
                            Errors.NONE,
                            Errors.NONE,
                            Errors.UNKNOWN_TOPIC_OR_PARTITION,
                            Errors.UNKNOWN_TOPIC_ID,
                            Errors.INVALID_REQUEST);
            assertThat(f.broker.catalog().topics()).isEmpty();
        }
    }

    @Test
    void deletionCanBeSwitchedOff() {
        try (AdminFixture f = new AdminFixture(Map.of("delete.topic.enable", "false"))) {
            f.topic("a", 1);
            DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTopicNames(List.of("a"));
            short code = f.caller
                    .call(ApiKeys.DELETE_TOPICS, 5, request, DeleteTopicsResponseData.class)
                    .responses()
                    .find("a")
                    .errorCode();
            assertThat(Errors.forCode(code)).isEqualTo(Errors.TOPIC_DELETION_DISABLED);
        }
    }

    @Test
    void growsAndNeverShrinks() {
        try (AdminFixture f = new AdminFixture()) {
            f.topic("t", 2);
            assertThat(grow(f, "t", 5)).isEqualTo(Errors.NONE);
            assertThat(f.broker.catalog().topic("t").partitions()).isEqualTo(5);
            assertThat(f.broker.partition("t", 4)).isNotNull();
            assertThat(grow(f, "t", 5)).isEqualTo(Errors.INVALID_PARTITIONS);
            assertThat(grow(f, "t", 1)).isEqualTo(Errors.INVALID_PARTITIONS);
            assertThat(grow(f, "none", 3)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
    }

    private static Errors grow(AdminFixture f, String name, int count) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(30_000);
        request.topics()
                .add(new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null));
        return Errors.forCode(f.call(ApiKeys.CREATE_PARTITIONS, request, CreatePartitionsResponseData.class)
                .results()
                .get(0)
                .errorCode());
    }
}

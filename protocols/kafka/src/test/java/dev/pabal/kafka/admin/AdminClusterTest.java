package dev.pabal.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.broker.Partition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class AdminClusterTest {
    private static void produce(AdminFixture f, String topic, long producerId, int sequence) throws Exception {
        ByteBuffer batch = MemoryRecords.withIdempotentRecords(
                        Compression.NONE, producerId, (short) 0, sequence, new SimpleRecord("v".getBytes()))
                .buffer();
        f.broker.partition(topic, 0).produce(batch, null).get(60, TimeUnit.SECONDS);
    }

    @Test
    void everyVersionOfEveryApiIsAnswered() {
        try (AdminFixture f = new AdminFixture()) {
            AdminApis.handlers(f.broker, DataDirectory.IN_MEMORY).forEach(handler -> {
                ApiKeys api = handler.apiKey();
                for (int version = handler.minVersion(); version <= handler.maxVersion(); version++) {
                    ApiMessage answer = f.caller.call(api, version, api.messageType.newRequest(), ApiMessage.class);
                    assertThat(answer).as(api + " version " + version).isNotNull();
                }
            });
        }
    }

    @Test
    void recordsAreRemovedFromTheFront() throws Exception {
        try (AdminFixture f = new AdminFixture()) {
            f.topic("t", 1);
            f.topic("compacted", 1, "cleanup.policy", "compact");
            for (int i = 0; i < 5; i++) {
                produce(f, "t", 1, i);
            }
            assertThat(delete(f, "t", 0, 3).lowWatermark()).isEqualTo(3);
            assertThat(delete(f, "t", 0, 1).lowWatermark()).isEqualTo(3);
            assertThat(delete(f, "t", 0, -1).lowWatermark()).isEqualTo(5);
            assertThat(Errors.forCode(delete(f, "t", 0, 6).errorCode())).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
            assertThat(Errors.forCode(delete(f, "t", 0, -2).errorCode())).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
            assertThat(Errors.forCode(delete(f, "t", 1, 0).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(Errors.forCode(delete(f, "compacted", 0, 0).errorCode())).isEqualTo(Errors.POLICY_VIOLATION);
        }
    }

    private static DeleteRecordsPartitionResult delete(AdminFixture f, String topic, int partition, long offset) {
        DeleteRecordsRequestData request = new DeleteRecordsRequestData()
                .setTimeoutMs(30_000)
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName(topic)
                        .setPartitions(List.of(new DeleteRecordsPartition()
                                .setPartitionIndex(partition)
                                .setOffset(offset)))));
        return f.call(ApiKeys.DELETE_RECORDS, request, DeleteRecordsResponseData.class)
                .topics()
                .find(topic)
                .partitions()
                .find(partition);
    }

    @Test
    void theClusterIsThisNode() {
        try (AdminFixture f = new AdminFixture()) {
            DescribeClusterResponseData answer = f.call(
                    ApiKeys.DESCRIBE_CLUSTER,
                    new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true),
                    DescribeClusterResponseData.class);
            assertThat(answer.clusterId()).isEqualTo(f.broker.clusterId());
            assertThat(answer.brokers().find(1).host()).isEqualTo("broker.example");
            assertThat(answer.clusterAuthorizedOperations()).isPositive();
            assertThat(f.call(
                                    ApiKeys.DESCRIBE_CLUSTER,
                                    new DescribeClusterRequestData().setEndpointType((byte) 2),
                                    DescribeClusterResponseData.class)
                            .errorCode())
                    .isEqualTo(Errors.MISMATCHED_ENDPOINT_TYPE.code());
        }
    }

    @Test
    void sizesAndProducersAreTold() throws Exception {
        try (AdminFixture f = new AdminFixture()) {
            f.topic("t", 2);
            produce(f, "t", 42, 0);
            DescribeLogDirsResponseData dirs = f.call(
                    ApiKeys.DESCRIBE_LOG_DIRS,
                    new DescribeLogDirsRequestData().setTopics(null),
                    DescribeLogDirsResponseData.class);
            var partitions = dirs.results().get(0).topics().get(0).partitions();
            assertThat(partitions).hasSize(2);
            Partition first = f.broker.partition("t", 0);
            assertThat(partitions.get(0).partitionSize())
                    .isPositive()
                    .isEqualTo(first.log().sizeInBytes());
            DescribeProducersRequestData asked = new DescribeProducersRequestData();
            asked.topics()
                    .add(new DescribeProducersRequestData.TopicRequest()
                            .setName("t")
                            .setPartitionIndexes(List.of(0, 7)));
            DescribeProducersResponseData producers =
                    f.call(ApiKeys.DESCRIBE_PRODUCERS, asked, DescribeProducersResponseData.class);
            var answers = producers.topics().get(0).partitions();
            assertThat(answers.get(0).activeProducers().get(0).producerId()).isEqualTo(42);
            assertThat(Errors.forCode(answers.get(1).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
    }

    @Test
    void thereIsNothingToElectOrMove() {
        try (AdminFixture f = new AdminFixture()) {
            f.topic("t", 1);
            ElectLeadersRequestData elect = new ElectLeadersRequestData();
            elect.topicPartitions()
                    .add(new ElectLeadersRequestData.TopicPartitions()
                            .setTopic("t")
                            .setPartitions(List.of(0)));
            assertThat(f.call(ApiKeys.ELECT_LEADERS, elect, ElectLeadersResponseData.class)
                            .replicaElectionResults()
                            .get(0)
                            .partitionResult()
                            .get(0)
                            .errorCode())
                    .isEqualTo(Errors.ELECTION_NOT_NEEDED.code());
            assertThat(reassign(f, List.of(1))).isEqualTo(Errors.NONE);
            assertThat(reassign(f, List.of(1, 2))).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
            assertThat(reassign(f, null)).isEqualTo(Errors.NO_REASSIGNMENT_IN_PROGRESS);
        }
    }

    private static Errors reassign(AdminFixture f, List<Integer> replicas) {
        AlterPartitionReassignmentsRequestData request = new AlterPartitionReassignmentsRequestData()
                .setTopics(List.of(new ReassignableTopic()
                        .setName("t")
                        .setPartitions(List.of(
                                new ReassignablePartition().setPartitionIndex(0).setReplicas(replicas)))));
        return Errors.forCode(
                f.call(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, request, AlterPartitionReassignmentsResponseData.class)
                        .responses()
                        .get(0)
                        .partitions()
                        .get(0)
                        .errorCode());
    }

    @Test
    void levelsOfFeaturesAreFixed() {
        try (AdminFixture f = new AdminFixture()) {
            assertThat(update(f, 2, "group.version", 1)).isEqualTo(Errors.NONE);
            assertThat(update(f, 2, "group.version", 0)).isEqualTo(Errors.INVALID_UPDATE_VERSION);
            assertThat(update(f, 2, "no.such", 1)).isEqualTo(Errors.INVALID_UPDATE_VERSION);
        }
    }

    private static Errors update(AdminFixture f, int version, String feature, int level) {
        UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
        request.featureUpdates().add(new FeatureUpdateKey().setFeature(feature).setMaxVersionLevel((short) level));
        return Errors.forCode(f.caller
                .call(ApiKeys.UPDATE_FEATURES, version, request, UpdateFeaturesResponseData.class)
                .errorCode());
    }
}

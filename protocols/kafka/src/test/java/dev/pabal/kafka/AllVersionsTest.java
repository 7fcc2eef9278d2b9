package dev.pabal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every version of every API of this package, as bytes over a socket: what is advertised is served, in the form that the version has. */
class AllVersionsTest {
    private static final String TOPIC = "versions";
    private static final int RECORDS = 10;
    private static KafkaTestServer server;
    private static Uuid topicId;

    @BeforeAll
    static void start() throws Exception {
        server = KafkaTestServer.start();
        server.createTopic(TOPIC, 2);
        UUID id = server.broker().catalog().topic(TOPIC).id();
        topicId = KafkaIds.kafkaId(id);
        try (RawClient client = new RawClient(server.port())) {
            produce(client, 9, 0);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Arguments> versionsOf(ApiKeys api) {
        ApiHandler handler = server.protocol().handlers().stream()
                .filter(h -> h.apiKey() == api)
                .findFirst()
                .orElseThrow();
        return Stream.iterate((int) handler.minVersion(), v -> v + 1)
                .limit(handler.maxVersion() - handler.minVersion() + 1)
                .map(Arguments::of);
    }

    static Stream<Arguments> produceVersions() {
        return versionsOf(ApiKeys.PRODUCE);
    }

    static Stream<Arguments> fetchVersions() {
        return versionsOf(ApiKeys.FETCH);
    }

    static Stream<Arguments> listOffsetsVersions() {
        return versionsOf(ApiKeys.LIST_OFFSETS);
    }

    static Stream<Arguments> metadataVersions() {
        return versionsOf(ApiKeys.METADATA);
    }

    static Stream<Arguments> epochVersions() {
        return versionsOf(ApiKeys.OFFSET_FOR_LEADER_EPOCH);
    }

    static Stream<Arguments> producerIdVersions() {
        return versionsOf(ApiKeys.INIT_PRODUCER_ID);
    }

    static Stream<Arguments> apiVersionsVersions() {
        return versionsOf(ApiKeys.API_VERSIONS);
    }

    @ParameterizedTest
    @MethodSource("apiVersionsVersions")
    void apiVersions(int version) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            ApiVersionsResponseData response = client.call(ApiKeys.API_VERSIONS, version, versionsRequest());
            assertThat(response.errorCode()).isZero();
            assertThat(response.apiKeys()).hasSameSizeAs(server.protocol().handlers());
            for (ApiHandler handler : server.protocol().handlers()) {
                ApiVersion said = response.apiKeys().find(handler.apiKey().id);
                short min = handler.apiKey() == ApiKeys.PRODUCE ? 0 : handler.minVersion();
                assertThat(said.minVersion()).as("%s", handler.apiKey()).isEqualTo(min);
                assertThat(said.maxVersion()).as("%s", handler.apiKey()).isEqualTo(handler.maxVersion());
            }
            assertThat(response.finalizedFeatures().find("metadata.version") != null)
                    .isEqualTo(version >= 3);
        }
    }

    @Test
    void versionsFromTheFutureAreAnsweredInTheOldestForm() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            byte[] frame = RawClient.frame(ApiKeys.API_VERSIONS, (short) 3, 7, versionsRequest())
                    .array();
            frame[7] = 99;
            client.send(frame);
            ApiVersionsResponseData response =
                    (ApiVersionsResponseData) client.answer(ApiKeys.API_VERSIONS, (short) 0, 7);
            assertThat(response.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
            assertThat(response.apiKeys().find(ApiKeys.API_VERSIONS.id).maxVersion())
                    .isEqualTo((short) 5);
            ApiVersionsResponseData again = client.call(ApiKeys.API_VERSIONS, 5, versionsRequest());
            assertThat(again.errorCode()).isZero();
        }
    }

    @Test
    void aClientThatMeansAnotherClusterIsSentAway() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            ApiVersionsResponseData right = client.call(
                    ApiKeys.API_VERSIONS,
                    5,
                    versionsRequest()
                            .setClusterId(server.broker().clusterId())
                            .setNodeId(server.broker().nodeId()));
            assertThat(right.errorCode()).isZero();
            ApiVersionsResponseData other = client.call(
                    ApiKeys.API_VERSIONS,
                    5,
                    versionsRequest().setClusterId("other").setNodeId(1));
            assertThat(other.errorCode()).isEqualTo(Errors.REBOOTSTRAP_REQUIRED.code());
            ApiVersionsResponseData node = client.call(
                    ApiKeys.API_VERSIONS,
                    5,
                    versionsRequest().setClusterId(server.broker().clusterId()).setNodeId(77));
            assertThat(node.errorCode()).isEqualTo(Errors.REBOOTSTRAP_REQUIRED.code());
        }
    }

    private static ApiVersionsRequestData versionsRequest() {
        return new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1.0");
    }

    @ParameterizedTest
    @MethodSource("produceVersions")
    void produce(int version) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            ProduceResponseData response = produce(client, version, 1);
            var topic = response.responses().iterator().next();
            var partition = topic.partitionResponses().get(0);
            assertThat(partition.errorCode()).isZero();
            assertThat(partition.baseOffset()).isGreaterThanOrEqualTo(0);
            assertThat(partition.index()).isEqualTo(1);
            ProduceResponseData refused = produce(client, version, 7);
            assertThat(refused.responses()
                            .iterator()
                            .next()
                            .partitionResponses()
                            .get(0)
                            .errorCode())
                    .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
    }

    private static ProduceResponseData produce(RawClient client, int version, int partition) throws Exception {
        TopicProduceData topic = new TopicProduceData()
                .setPartitionData(List.of(
                        new PartitionProduceData().setIndex(partition).setRecords(Batches.batch(RECORDS, 100))));
        if (version >= 13) {
            topic.setTopicId(topicId);
        } else {
            topic.setName(TOPIC);
        }
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
        request.topicData().add(topic);
        return client.call(ApiKeys.PRODUCE, version, request);
    }

    @ParameterizedTest
    @MethodSource("fetchVersions")
    void fetch(int version) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            FetchRequestData request = fetchRequest(version, 0, -1);
            FetchResponseData response = client.call(ApiKeys.FETCH, version, request);
            assertThat(response.errorCode()).isZero();
            var partition = response.responses().get(0).partitions().get(0);
            assertThat(partition.errorCode()).isZero();
            assertThat(partition.highWatermark()).isEqualTo(RECORDS);
            assertThat(partition.lastStableOffset()).isEqualTo(RECORDS);
            assertThat(((MemoryRecords) partition.records()).records()).hasSize(RECORDS);
            FetchRequestData beyond = fetchRequest(version, 1_000, -1);
            FetchResponseData outOfRange = client.call(ApiKeys.FETCH, version, beyond);
            assertThat(outOfRange.responses().get(0).partitions().get(0).errorCode())
                    .isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
            if (version >= 9) {
                FetchResponseData future = client.call(ApiKeys.FETCH, version, fetchRequest(version, 0, 99));
                assertThat(future.responses().get(0).partitions().get(0).errorCode())
                        .isEqualTo(Errors.UNKNOWN_LEADER_EPOCH.code());
            }
        }
    }

    private static FetchRequestData fetchRequest(int version, long offset, int epoch) {
        FetchTopic topic = new FetchTopic()
                .setPartitions(List.of(new FetchPartition()
                        .setPartition(0)
                        .setFetchOffset(offset)
                        .setCurrentLeaderEpoch(epoch)
                        .setPartitionMaxBytes(1 << 20)));
        if (version >= 13) {
            topic.setTopicId(topicId);
        } else {
            topic.setTopic(TOPIC);
        }
        return new FetchRequestData()
                .setMaxWaitMs(100)
                .setMinBytes(1)
                .setMaxBytes(1 << 20)
                .setTopics(List.of(topic));
    }

    @ParameterizedTest
    @MethodSource("listOffsetsVersions")
    void listOffsets(int version) throws Exception {
        Map<Long, Integer> since =
                Map.of(-1L, 1, -2L, 1, -3L, 7, -4L, 8, -5L, 9, -6L, 11, -7L, 99, Long.MIN_VALUE, 99, 0L, 1);
        Map<Long, Long> expected = Map.of(-1L, (long) RECORDS, -2L, 0L, -4L, 0L, -5L, -1L, -6L, -1L, 0L, 0L);
        try (RawClient client = new RawClient(server.port())) {
            for (Map.Entry<Long, Integer> asked : since.entrySet()) {
                ListOffsetsRequestData request = new ListOffsetsRequestData()
                        .setReplicaId(-1)
                        .setTopics(List.of(new ListOffsetsTopic()
                                .setName(TOPIC)
                                .setPartitions(List.of(new ListOffsetsPartition()
                                        .setPartitionIndex(0)
                                        .setTimestamp(asked.getKey())))));
                ListOffsetsResponseData response = client.call(ApiKeys.LIST_OFFSETS, version, request);
                var partition = response.topics().get(0).partitions().get(0);
                Errors error = version >= asked.getValue() ? Errors.NONE : Errors.UNSUPPORTED_VERSION;
                assertThat(Errors.forCode(partition.errorCode()))
                        .as("timestamp %s", asked.getKey())
                        .isEqualTo(error);
                if (error == Errors.NONE && expected.containsKey(asked.getKey())) {
                    assertThat(partition.offset()).isEqualTo(expected.get(asked.getKey()));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("metadataVersions")
    void metadata(int version) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            MetadataRequestData byName =
                    new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(TOPIC)));
            MetadataResponseData response = client.call(ApiKeys.METADATA, version, byName);
            assertThat(response.brokers().iterator().next().port()).isEqualTo(server.port());
            var topic = response.topics().iterator().next();
            assertThat(topic.name()).isEqualTo(TOPIC);
            assertThat(topic.partitions()).hasSize(2);
            MetadataRequestData all = new MetadataRequestData().setTopics(version == 0 ? List.of() : null);
            MetadataResponseData everything = client.call(ApiKeys.METADATA, version, all);
            assertThat(everything.topics()).isNotEmpty();
            if (version >= 1) {
                MetadataResponseData nothing =
                        client.call(ApiKeys.METADATA, version, new MetadataRequestData().setTopics(List.of()));
                assertThat(nothing.topics()).isEmpty();
            }
            if (version >= 4) {
                MetadataResponseData unknown = client.call(
                        ApiKeys.METADATA,
                        version,
                        new MetadataRequestData()
                                .setAllowAutoTopicCreation(false)
                                .setTopics(List.of(
                                        new MetadataRequestTopic().setName("absent"),
                                        new MetadataRequestTopic().setName("not/legal"))));
                assertThat(unknown.topics().stream().map(t -> t.name() + t.errorCode()))
                        .containsExactly("absent3", "not/legal17");
            }
            if (version >= 12) {
                MetadataResponseData byId = client.call(
                        ApiKeys.METADATA,
                        version,
                        new MetadataRequestData()
                                .setTopics(List.of(
                                        new MetadataRequestTopic().setName(null).setTopicId(topicId),
                                        new MetadataRequestTopic().setName(null).setTopicId(Uuid.randomUuid()))));
                assertThat(byId.topics().stream().map(t -> t.errorCode()))
                        .containsExactly((short) 0, Errors.UNKNOWN_TOPIC_ID.code());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("epochVersions")
    void offsetForLeaderEpoch(int version) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
            request.topics()
                    .add(new OffsetForLeaderTopic()
                            .setTopic(TOPIC)
                            .setPartitions(List.of(
                                    new OffsetForLeaderPartition()
                                            .setPartition(0)
                                            .setLeaderEpoch(0),
                                    new OffsetForLeaderPartition()
                                            .setPartition(9)
                                            .setLeaderEpoch(0))));
            OffsetForLeaderEpochResponseData response = client.call(ApiKeys.OFFSET_FOR_LEADER_EPOCH, version, request);
            var partitions = response.topics().iterator().next().partitions();
            assertThat(partitions.get(0).errorCode()).isZero();
            assertThat(partitions.get(0).endOffset()).isEqualTo(RECORDS);
            assertThat(partitions.get(1).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
    }

    @ParameterizedTest
    @MethodSource("producerIdVersions")
    void initProducerId(int version) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            InitProducerIdResponseData first = client.call(
                    ApiKeys.INIT_PRODUCER_ID, version, new InitProducerIdRequestData().setTransactionalId(null));
            InitProducerIdResponseData second = client.call(
                    ApiKeys.INIT_PRODUCER_ID, version, new InitProducerIdRequestData().setTransactionalId(null));
            assertThat(first.errorCode()).isZero();
            assertThat(second.producerId()).isNotEqualTo(first.producerId());
            InitProducerIdResponseData refused = client.call(
                    ApiKeys.INIT_PRODUCER_ID, version, new InitProducerIdRequestData().setTransactionalId("t"));
            assertThat(refused.errorCode()).isEqualTo(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
        }
    }

    @Test
    void topicsAreDescribedPageByPage() throws Exception {
        server.createTopic("paged-a", 5);
        server.createTopic("paged-b", 3);
        try (RawClient client = new RawClient(server.port())) {
            DescribeTopicPartitionsRequestData request = new DescribeTopicPartitionsRequestData()
                    .setTopics(List.of(
                            new TopicRequest().setName("paged-b"),
                            new TopicRequest().setName("absent"),
                            new TopicRequest().setName("paged-a")))
                    .setResponsePartitionLimit(2);
            int partitions = 0;
            int pages = 0;
            DescribeTopicPartitionsResponseData page;
            do {
                page = client.call(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, 0, request);
                pages++;
                for (var topic : page.topics()) {
                    partitions += topic.partitions().size();
                }
                if (page.nextCursor() != null) {
                    request.setCursor(new DescribeTopicPartitionsRequestData.Cursor()
                            .setTopicName(page.nextCursor().topicName())
                            .setPartitionIndex(page.nextCursor().partitionIndex()));
                }
            } while (page.nextCursor() != null && pages < 20);
            assertThat(partitions).isEqualTo(8);
            assertThat(pages).isBetween(4, 5);
        }
    }
}

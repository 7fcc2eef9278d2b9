package dev.pabal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Incremental fetches (KIP-227) and waiting, over a socket. */
class FetchSessionsTest {
    private static final int PARTITIONS = 20;
    private static final short VERSION = 17;
    private KafkaTestServer server;
    private RawClient consumer;
    private RawClient producer;
    private Uuid topicId;

    @BeforeEach
    void start() throws Exception {
        KafkaLimits d = KafkaLimits.defaults();
        server = new KafkaTestServer(
                new KafkaLimits(
                        d.maxRequestBytes(),
                        d.requestMemoryBytes(),
                        d.maxInFlight(),
                        d.maxConnections(),
                        d.maxConnectionsPerAddress(),
                        d.idleTimeoutMs(),
                        d.slowRequestTimeoutMs(),
                        d.maxFetchBytes(),
                        2),
                Map.of());
        server.createTopic("sessions", PARTITIONS);
        UUID id = server.broker().catalog().topic("sessions").id();
        topicId = KafkaIds.kafkaId(id);
        consumer = new RawClient(server.port());
        producer = new RawClient(server.port());
    }

    @AfterEach
    void stop() throws Exception {
        consumer.close();
        producer.close();
        server.close();
    }

    @Test
    void anIncrementalFetchTellsOnlyWhatChanged() throws Exception {
        FetchResponseData full = fetch(0, 0, 0, all(0));
        assertThat(full.sessionId()).isPositive();
        assertThat(partitions(full)).hasSize(PARTITIONS);

        FetchResponseData nothing = fetch(full.sessionId(), 1, 50, List.of());
        assertThat(nothing.sessionId()).isEqualTo(full.sessionId());
        assertThat(partitions(nothing)).isEmpty();

        produce(7, 3, 100);
        FetchResponseData one = fetch(full.sessionId(), 2, 5_000, List.of());
        assertThat(partitions(one)).singleElement().satisfies(partition -> {
            assertThat(partition.partitionIndex()).isEqualTo(7);
            assertThat(partition.highWatermark()).isEqualTo(3);
            assertThat(((MemoryRecords) partition.records()).records()).hasSize(3);
        });

        FetchResponseData again = fetch(full.sessionId(), 3, 0, List.of());
        assertThat(partitions(again)).as("not read on, so told again").hasSize(1);

        FetchResponseData readOn = fetch(full.sessionId(), 4, 50, List.of(partition(7, 3)));
        assertThat(partitions(readOn)).isEmpty();
    }

    @Test
    void aWaitingFetchIsAnsweredByTheNextRecord() throws Exception {
        FetchResponseData full = fetch(0, 0, 0, all(0));
        int waiting = consumer.send(ApiKeys.FETCH, VERSION, request(full.sessionId(), 1, 120_000, List.of()));
        produce(11, 1, 10);
        FetchResponseData answer = (FetchResponseData) consumer.answer(ApiKeys.FETCH, VERSION, waiting);
        assertThat(partitions(answer)).extracting(PartitionData::partitionIndex).containsExactly(11);
    }

    @Test
    void aWaitingFetchWaitsForItsLeastBytes() throws Exception {
        FetchRequestData request = request(0, -1, 120_000, all(0)).setMinBytes(5_000);
        int waiting = consumer.send(ApiKeys.FETCH, VERSION, request);
        int records = 0;
        for (int i = 0; i < 6; i++) {
            produce(i % 3, 1, 1_000);
            records++;
        }
        FetchResponseData answer = (FetchResponseData) consumer.answer(ApiKeys.FETCH, VERSION, waiting);
        int bytes = partitions(answer).stream()
                .mapToInt(p -> p.records().sizeInBytes())
                .sum();
        assertThat(bytes).isGreaterThanOrEqualTo(5_000);
        assertThat(records).isEqualTo(6);
    }

    @Test
    void aRequestBehindAWaitingFetchEndsTheWait() throws Exception {
        int waiting = consumer.send(ApiKeys.FETCH, VERSION, request(0, -1, 120_000, all(0)));
        int next = consumer.send(ApiKeys.FETCH, VERSION, request(0, -1, 0, all(0)));
        assertThat(partitions((FetchResponseData) consumer.answer(ApiKeys.FETCH, VERSION, waiting)))
                .hasSize(PARTITIONS);
        consumer.answer(ApiKeys.FETCH, VERSION, next);
    }

    @Test
    void anAnswerKeepsItsBoundsButAlwaysBringsOneBatch() throws Exception {
        for (int i = 0; i < PARTITIONS; i++) {
            produce(i, 1, 10_000);
        }
        FetchResponseData small = fetch(request(0, -1, 0, all(0)).setMaxBytes(100));
        assertThat(withRecords(small)).isEqualTo(1);
        FetchResponseData some = fetch(request(0, -1, 0, all(0)).setMaxBytes(35_000));
        assertThat(withRecords(some)).isEqualTo(3);
        assertThat(partitions(some)).hasSize(PARTITIONS);
    }

    @Test
    void aSessionReadsEveryPartitionInTurn() throws Exception {
        for (int i = 0; i < PARTITIONS; i++) {
            produce(i, 1, 10_000);
        }
        FetchResponseData answer = fetch(request(0, 0, 0, all(0)).setMaxBytes(25_000));
        int session = answer.sessionId();
        List<Integer> seen = new ArrayList<>();
        for (int epoch = 1; epoch < 40 && seen.size() < PARTITIONS; epoch++) {
            List<FetchPartition> readOn = new ArrayList<>();
            for (PartitionData partition : partitions(answer)) {
                if (partition.records().sizeInBytes() > 0) {
                    seen.add(partition.partitionIndex());
                    readOn.add(partition(partition.partitionIndex(), 1));
                }
            }
            answer = fetch(request(session, epoch, 0, readOn).setMaxBytes(25_000));
        }
        assertThat(seen).hasSize(PARTITIONS).doesNotHaveDuplicates();
    }

    @Test
    void wrongSessionsAndEpochsAreRefused() throws Exception {
        FetchResponseData full = fetch(0, 0, 0, all(0));
        assertThat(fetch(12345, 1, 0, List.of()).errorCode()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(fetch(full.sessionId(), 9, 0, List.of()).errorCode())
                .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
        FetchResponseData closing = fetch(full.sessionId(), -1, 0, List.of());
        assertThat(closing.errorCode()).isZero();
        assertThat(closing.sessionId()).isZero();
        assertThat(fetch(full.sessionId(), 1, 0, List.of()).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
    }

    @Test
    void whenAllSlotsAreTakenAConsumerGoesWithoutASession() throws Exception {
        assertThat(fetch(0, 0, 0, all(0)).sessionId()).isPositive();
        assertThat(fetch(0, 0, 0, all(0)).sessionId()).isPositive();
        FetchResponseData third = fetch(0, 0, 0, all(0));
        assertThat(third.sessionId()).isZero();
        assertThat(partitions(third)).hasSize(PARTITIONS);
    }

    @Test
    void forgottenPartitionsAreToldNoMore() throws Exception {
        FetchResponseData full = fetch(0, 0, 0, all(0));
        FetchRequestData forget = request(full.sessionId(), 1, 0, List.of())
                .setForgottenTopicsData(
                        List.of(new ForgottenTopic().setTopicId(topicId).setPartitions(List.of(4, 5))));
        assertThat(partitions(fetch(forget))).isEmpty();
        produce(4, 1, 10);
        produce(6, 1, 10);
        assertThat(partitions(fetch(full.sessionId(), 2, 0, List.of())))
                .extracting(PartitionData::partitionIndex)
                .containsExactly(6);
    }

    @Test
    void aDeletedTopicIsToldToAWaitingConsumer() throws Exception {
        FetchResponseData full = fetch(0, 0, 0, all(0));
        int waiting = consumer.send(ApiKeys.FETCH, VERSION, request(full.sessionId(), 1, 120_000, List.of()));
        server.broker().topics().delete(KafkaIds.javaId(topicId)).join();
        FetchResponseData answer = (FetchResponseData) consumer.answer(ApiKeys.FETCH, VERSION, waiting);
        assertThat(partitions(answer)).isNotEmpty().allSatisfy(p -> assertThat(Errors.forCode(p.errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID));
    }

    private static int withRecords(FetchResponseData response) {
        return (int) partitions(response).stream()
                .filter(p -> p.records().sizeInBytes() > 0)
                .count();
    }

    private static List<PartitionData> partitions(FetchResponseData response) {
        List<PartitionData> all = new ArrayList<>();
        for (FetchableTopicResponse topic : response.responses()) {
            all.addAll(topic.partitions());
        }
        return all;
    }

    private static List<FetchPartition> all(long offset) {
        List<FetchPartition> all = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            all.add(partition(i, offset));
        }
        return all;
    }

    private static FetchPartition partition(int index, long offset) {
        return new FetchPartition().setPartition(index).setFetchOffset(offset).setPartitionMaxBytes(1 << 20);
    }

    private FetchRequestData request(int session, int epoch, int waitMs, List<FetchPartition> partitions) {
        return new FetchRequestData()
                .setSessionId(session)
                .setSessionEpoch(epoch)
                .setMaxWaitMs(waitMs)
                .setMinBytes(1)
                .setMaxBytes(50 << 20)
                .setTopics(
                        partitions.isEmpty()
                                ? List.of()
                                : List.of(new FetchTopic().setTopicId(topicId).setPartitions(partitions)));
    }

    private FetchResponseData fetch(int session, int epoch, int waitMs, List<FetchPartition> partitions)
            throws Exception {
        return fetch(request(session, epoch, waitMs, partitions));
    }

    private FetchResponseData fetch(FetchRequestData request) throws Exception {
        return consumer.call(ApiKeys.FETCH, VERSION, request);
    }

    private void produce(int partition, int records, int valueBytes) throws Exception {
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
        request.topicData()
                .add(new TopicProduceData()
                        .setTopicId(topicId)
                        .setPartitionData(List.of(new PartitionProduceData()
                                .setIndex(partition)
                                .setRecords(Batches.batch(records, valueBytes)))));
        ProduceResponseData response = producer.call(ApiKeys.PRODUCE, 13, request);
        assertThat(response.responses()
                        .iterator()
                        .next()
                        .partitionResponses()
                        .get(0)
                        .errorCode())
                .isZero();
    }
}

package dev.pabal.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.internals.Crc32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers may send: each gets Kafka's answer or a closed connection, and the broker serves the next one as before. */
class BadInputTest {
    private static final int LIMIT = 1 << 20;
    private KafkaTestServer server;

    @BeforeEach
    void start() {
        server = new KafkaTestServer(
                new KafkaLimits(LIMIT, 8L << 20, 4, 50, 40, 600_000, 60_000, 55 << 20, 100), Map.of());
        server.createTopic("t", 1);
    }

    @AfterEach
    void theBrokerLivesOn() throws Exception {
        // Connections of the test's that are closed but not yet seen to be so may still be as many as one address may
        // have.
        await("a new client is served")
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> topics() == 1);
        await("all request memory is given back")
                .until(() -> server.initializer().requestMemoryInUse() == 0);
        server.close();
    }

    private int topics() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            MetadataResponseData response =
                    client.call(ApiKeys.METADATA, 12, new MetadataRequestData().setTopics(null));
            return response.topics().size();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, LIMIT + 1, 0, 3})
    void aLengthOutOfBoundsClosesTheConnection(int length) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send(ByteBuffer.allocate(4).putInt(length).array());
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "AMQP\0\0\1\1", "\u0016\u0003\u0001\u0002\0\u0001"})
    void anotherProtocolClosesTheConnection(String text) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send(text.getBytes(StandardCharsets.ISO_8859_1));
            client.socket().shutdownOutput();
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @Test
    void unknownApisAndVersionsCloseTheConnection() throws Exception {
        for (short[] keyAndVersion :
                new short[][] {{999, 0}, {-1, 0}, {4, 0}, {53, 0}, {3, 99}, {0, 1}, {1, -1}, {22, 6}, {38, 3}}) {
            try (RawClient client = new RawClient(server.port())) {
                ByteBuffer frame = ByteBuffer.allocate(64);
                frame.putInt(60).putShort(keyAndVersion[0]).putShort(keyAndVersion[1]);
                client.send(frame.array());
                assertThat(client.closedByPeer())
                        .as("key %s version %s", keyAndVersion[0], keyAndVersion[1])
                        .isTrue();
            }
        }
    }

    @Test
    void randomBodiesNeverHarm() throws Exception {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        System.out.println("BadInputTest.randomBodiesNeverHarm seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            List<ApiHandler> handlers = server.protocol().handlers();
            ApiHandler handler = handlers.get(random.nextInt(handlers.size()));
            int version = handler.minVersion() + random.nextInt(handler.maxVersion() - handler.minVersion() + 1);
            byte[] body = new byte[random.nextInt(200)];
            random.nextBytes(body);
            ByteBuffer frame = ByteBuffer.allocate(14 + body.length);
            frame.putInt(10 + body.length)
                    .putShort(handler.apiKey().id)
                    .putShort((short) version)
                    .putInt(i)
                    .putShort((short) -1)
                    .put(body);
            try (RawClient client = new RawClient(server.port())) {
                client.send(frame.array());
            }
        }
    }

    @Test
    void aRequestThatTricklesInIsGivenUp() throws Exception {
        KafkaLimits hasty = new KafkaLimits(LIMIT, 8L << 20, 4, 50, 40, 600_000, 500, 55 << 20, 100);
        try (KafkaTestServer other = new KafkaTestServer(hasty, Map.of());
                RawClient client = new RawClient(other.port())) {
            client.send(ByteBuffer.allocate(5).putInt(LIMIT).put((byte) 0).array());
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @Test
    void memoryFollowsBytesReceivedAndNeverALengthField() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                RawClient client = new RawClient(server.port());
                clients.add(client);
                client.send(ByteBuffer.allocate(9_000).putInt(LIMIT).array());
            }
            // 30 MiB were announced, 270,000 bytes came.
            await().until(() -> server.initializer().requestMemoryInUse() > 0);
            assertThat(server.initializer().requestMemoryInUse()).isLessThanOrEqualTo(30 * 64 * 1024);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void whenTheMemoryIsUsedUpRequestsWaitAndAllAreServed() throws Exception {
        int size = 900_000;
        List<Thread> threads = new ArrayList<>();
        List<Errors> errors = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 20; i++) {
            Thread thread = new Thread(() -> {
                try (RawClient client = new RawClient(server.port())) {
                    for (int n = 0; n < 5; n++) {
                        errors.add(produce(client, Batches.batch(1, size)));
                    }
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join(120_000);
        }
        assertThat(errors).hasSize(100).containsOnly(Errors.NONE);
    }

    @Test
    void tooManyConnectionsAreRefusedAndOthersStay() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                RawClient client = new RawClient(server.port());
                clients.add(client);
                client.call(ApiKeys.METADATA, 12, new MetadataRequestData().setTopics(List.of()));
            }
            try (RawClient refused = new RawClient(server.port())) {
                assertThat(refused.closedByPeer()).isTrue();
            }
            clients.get(0).call(ApiKeys.METADATA, 12, new MetadataRequestData().setTopics(List.of()));
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            try (RawClient client = new RawClient(server.port())) {
                client.call(ApiKeys.METADATA, 12, new MetadataRequestData().setTopics(List.of()));
                return true;
            }
        });
    }

    @Test
    void batchesThatLieAreRefusedWithTheirReason() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            assertThat(produce(client, damaged(batch -> batch.put(70, (byte) (batch.get(70) ^ 1)))))
                    .as("one bit of the records")
                    .isEqualTo(Errors.CORRUPT_MESSAGE);
            assertThat(produce(client, damaged(batch -> resealed(batch.putInt(57, 99)))))
                    .as("count that is not last offset delta + 1")
                    .isIn(Errors.INVALID_RECORD, Errors.CORRUPT_MESSAGE);
            assertThat(produce(client, damaged(batch -> resealed(batch.putShort(21, (short) 7)))))
                    .as("a codec that is none")
                    .isIn(Errors.UNSUPPORTED_COMPRESSION_TYPE, Errors.CORRUPT_MESSAGE, Errors.INVALID_RECORD);
            assertThat(produce(client, damaged(batch -> resealed(batch.putShort(21, (short) 0x20)))))
                    .as("a control batch")
                    .isEqualTo(Errors.INVALID_RECORD);
            assertThat(produce(client, damaged(batch -> batch.put(16, (byte) 1))))
                    .as("an old magic")
                    .isIn(Errors.INVALID_RECORD, Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT, Errors.CORRUPT_MESSAGE);
            assertThat(produce(client, damaged(batch -> batch.putInt(8, 1_000_000))))
                    .as("a length beyond what is there")
                    .isIn(Errors.CORRUPT_MESSAGE, Errors.INVALID_RECORD);
            assertThat(produce(client, damaged(batch -> batch.putInt(8, -5))))
                    .as("a negative length")
                    .isIn(Errors.CORRUPT_MESSAGE, Errors.INVALID_RECORD);
            assertThat(produce(
                            client,
                            MemoryRecords.readableRecords(
                                    ByteBuffer.allocate(30).put(16, (byte) 2))))
                    .as("shorter than a header")
                    .isIn(Errors.CORRUPT_MESSAGE, Errors.INVALID_RECORD);
            assertThat(produce(client, MemoryRecords.readableRecords(ByteBuffer.allocate(0))))
                    .as("no batch")
                    .isEqualTo(Errors.INVALID_RECORD);
            assertThat(produce(client, Batches.batch(5, 100))).isEqualTo(Errors.NONE);
        }
    }

    @Test
    void zstdNeedsAVersionThatKnowsIt() throws Exception {
        MemoryRecords zstd = Batches.batch(Compression.zstd().build(), 5, 100);
        try (RawClient client = new RawClient(server.port())) {
            assertThat(produce(client, zstd, 6)).isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
            assertThat(produce(client, zstd, 7)).isEqualTo(Errors.NONE);
        }
    }

    @Test
    void acksZeroThatFailsClosesTheConnection() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send(
                    ApiKeys.PRODUCE,
                    9,
                    request(Batches.batch(1, 10), 9, "absent").setAcks((short) 0));
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @Test
    void acksThatAreNoneAreRefused() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            ProduceResponseData response = client.call(
                    ApiKeys.PRODUCE, 9, request(Batches.batch(1, 10), 9, "t").setAcks((short) 2));
            assertThat(error(response)).isEqualTo(Errors.INVALID_REQUIRED_ACKS);
        }
    }

    @Test
    void manyRequestsInOnePieceAreAllAnsweredInOrder() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            ByteBuffer all = ByteBuffer.allocate(400_000);
            for (int i = 1; i <= 300; i++) {
                all.put(
                        i % 3 == 0
                                ? RawClient.frame(ApiKeys.METADATA, (short) 12, i, new MetadataRequestData())
                                : RawClient.frame(
                                        ApiKeys.PRODUCE, (short) 9, i, request(Batches.batch(1, 500), 9, "t")));
            }
            client.send(Arrays.copyOf(all.array(), all.position()));
            for (int i = 1; i <= 300; i++) {
                if (i % 3 == 0) {
                    client.answer(ApiKeys.METADATA, (short) 12, i);
                } else {
                    ProduceResponseData response = (ProduceResponseData) client.answer(ApiKeys.PRODUCE, (short) 9, i);
                    assertThat(error(response)).isEqualTo(Errors.NONE);
                }
            }
        }
    }

    @Test
    void aRequestInPiecesOfOneByteIsServed() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            byte[] frame = RawClient.frame(
                            ApiKeys.API_VERSIONS,
                            (short) 3,
                            1,
                            new ApiVersionsRequestData()
                                    .setClientSoftwareName("slow")
                                    .setClientSoftwareVersion("1"))
                    .array();
            for (byte b : frame) {
                client.send(new byte[] {b});
            }
            client.answer(ApiKeys.API_VERSIONS, (short) 3, 1);
        }
    }

    @Test
    void whoDoesNotReadHisAnswersIsNotReadFrom() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            for (int i = 0; i < 8; i++) {
                assertThat(produce(client, Batches.batch(1, 900_000))).isEqualTo(Errors.NONE);
            }
        }
        FetchRequestData fetch = fetchAll();
        try (RawClient client = new RawClient(server.port())) {
            int asked = 20;
            int last = 0;
            for (int i = 0; i < asked; i++) {
                last = client.send(ApiKeys.FETCH, 12, fetch);
            }
            for (int i = last - asked + 1; i <= last; i++) {
                client.answer(ApiKeys.FETCH, (short) 12, i);
            }
        }
    }

    @Test
    void whoTakesNothingIsLetGoWhenHisAnswersHoldTooMuch() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            for (int i = 0; i < 16; i++) {
                assertThat(produce(client, Batches.batch(1, 900_000))).isEqualTo(Errors.NONE);
            }
        }
        List<RawClient> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 6; i++) {
                RawClient client = new RawClient(server.port());
                stalled.add(client);
                client.send(ApiKeys.FETCH, 12, fetchAll());
            }
            int cut = 0;
            await().until(() -> server.rejections(KafkaMetrics.Rejection.SLOW) > 0);
            for (RawClient client : stalled) {
                try {
                    client.answer(ApiKeys.FETCH, (short) 12, 1);
                } catch (IOException e) {
                    cut++;
                }
            }
            assertThat(cut).isPositive();
        } finally {
            for (RawClient client : stalled) {
                client.close();
            }
        }
        try (RawClient honest = new RawClient(server.port())) {
            honest.call(ApiKeys.FETCH, 12, fetchAll());
        }
    }

    private static FetchRequestData fetchAll() {
        return new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(1)
                .setMaxBytes(50 << 20)
                .setTopics(List.of(new FetchTopic()
                        .setTopic("t")
                        .setPartitions(
                                List.of(new FetchPartition().setPartition(0).setPartitionMaxBytes(50 << 20)))));
    }

    private interface Damage {
        void to(ByteBuffer batch);
    }

    private static MemoryRecords damaged(Damage damage) {
        ByteBuffer bytes = Batches.batch(5, 100).buffer();
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        copy.put(bytes).flip();
        damage.to(copy);
        return MemoryRecords.readableRecords(copy);
    }

    private static void resealed(ByteBuffer batch) {
        batch.putInt(17, (int) Crc32C.compute(batch.array(), 21, batch.limit() - 21));
    }

    private static Errors produce(RawClient client, MemoryRecords records) throws Exception {
        return produce(client, records, 9);
    }

    private static Errors produce(RawClient client, MemoryRecords records, int version) throws Exception {
        return error(client.call(ApiKeys.PRODUCE, version, request(records, version, "t")));
    }

    private static ProduceRequestData request(MemoryRecords records, int version, String topic) {
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
        request.topicData()
                .add(new TopicProduceData()
                        .setName(topic)
                        .setPartitionData(
                                List.of(new PartitionProduceData().setIndex(0).setRecords(records))));
        return request;
    }

    private static Errors error(ProduceResponseData response) {
        return Errors.forCode(response.responses()
                .iterator()
                .next()
                .partitionResponses()
                .get(0)
                .errorCode());
    }
}

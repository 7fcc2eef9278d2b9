package dev.pabal.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.utils.internals.Crc32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no client sends: the broker answers as the protocol says, or closes that connection, and goes on serving the others. */
@ExtendWith(BrokerUnderTest.Started.class)
class BadInputTest {
    private static final int CRC_AT = 17;
    private static final int ATTRIBUTES_AT = 21;
    private static final int COUNT_AT = 57;
    private static final short BY_NAME = 9;

    /** Not served yet, and therefore not advertised: transactions, ACLs, SASL, quotas, share and streams groups, tokens. */
    private static final Set<Short> LATER = Set.of(
            ApiKeys.ADD_PARTITIONS_TO_TXN.id,
            ApiKeys.ADD_OFFSETS_TO_TXN.id,
            ApiKeys.END_TXN.id,
            ApiKeys.TXN_OFFSET_COMMIT.id,
            ApiKeys.DESCRIBE_ACLS.id,
            ApiKeys.CREATE_ACLS.id,
            ApiKeys.SASL_HANDSHAKE.id,
            ApiKeys.SASL_AUTHENTICATE.id,
            ApiKeys.DESCRIBE_CLIENT_QUOTAS.id,
            ApiKeys.SHARE_FETCH.id,
            ApiKeys.SHARE_GROUP_HEARTBEAT.id,
            ApiKeys.CREATE_DELEGATION_TOKEN.id);

    private final BrokerUnderTest broker;

    BadInputTest(BrokerUnderTest broker) {
        this.broker = broker;
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 1, 200_000_000})
    void closesTheConnectionOfAFrameWithAnImpossibleLength(int length) throws IOException {
        try (RawConnection connection = new RawConnection(broker)) {
            ByteBuffer frame = ByteBuffer.allocate(5).putInt(length).put((byte) 0);
            connection.write(frame.array());
            assertThat(connection.isClosedByBroker()).isTrue();
        }
        stillServes();
    }

    @Test
    void closesTheConnectionOfAFrameOfGarbage() throws IOException {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[random.nextInt(1, 400)];
            random.nextBytes(garbage);
            garbage[0] = (byte) (0x10 + random.nextInt(0x60)); // no API has a key that large
            try (RawConnection connection = new RawConnection(broker)) {
                connection.writeFrame(ByteBuffer.wrap(garbage));
                assertThat(connection.isClosedByBroker())
                        .as("seed %d, frame %d", seed, i)
                        .isTrue();
            }
        }
        stillServes();
    }

    @Test
    void closesTheConnectionOfARequestWhoseArraysCannotBe() throws IOException {
        for (int count : new int[] {Integer.MAX_VALUE, 100_000_000, -2}) {
            try (RawConnection connection = new RawConnection(broker)) {
                ByteBuffer body = RawConnection.header(ApiKeys.METADATA.id, (short) 5, 4)
                        .putInt(count)
                        .flip();
                connection.writeFrame(body);
                assertThat(connection.isClosedByBroker()).as("count %d", count).isTrue();
            }
        }
        stillServes();
    }

    @Test
    void answersAnUnknownVersionOfApiVersionsInTheOldestForm() throws IOException {
        try (RawConnection connection = new RawConnection(broker)) {
            connection.writeFrame(ByteBuffer.allocate(11)
                    .putShort(ApiKeys.API_VERSIONS.id)
                    .putShort((short) 99)
                    .putInt(77)
                    .putShort((short) -1)
                    .put((byte) 0)
                    .flip());
            ByteBuffer response = connection.readFrame();
            assertThat(response.getInt()).isEqualTo(77);
            assertThat(response.getShort()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        }
    }

    @Test
    void advertisesWhatIsServedAndNothingElse() throws IOException {
        try (RawConnection connection = new RawConnection(broker)) {
            ApiVersionsRequest request = new ApiVersionsRequest(
                    new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1"), (short) 3);
            ApiVersionsResponse response = connection.ask(request, ApiVersionsResponse.class);
            List<Short> keys =
                    response.data().apiKeys().stream().map(ApiVersion::apiKey).toList();
            assertThat(keys)
                    .contains(ApiKeys.PRODUCE.id, ApiKeys.FETCH.id, ApiKeys.CONSUMER_GROUP_HEARTBEAT.id)
                    .doesNotContainAnyElementsOf(LATER);
            assertThat(response.data().apiKeys().find(ApiKeys.PRODUCE.id).minVersion())
                    .as("librdkafka before 2.8 looks for Produce 0")
                    .isZero();
        }
    }

    @Test
    void refusesABatchWithAWrongChecksum() throws IOException {
        ByteBuffer batch = batch();
        batch.put(batch.limit() - 1, (byte) (batch.get(batch.limit() - 1) ^ 1));
        assertThat(produce(batch)).isEqualTo(Errors.CORRUPT_MESSAGE);
    }

    @Test
    void refusesABatchWhoseCountDoesNotMatch() throws IOException {
        ByteBuffer batch = batch();
        batch.putInt(COUNT_AT, 5);
        assertThat(produce(sealed(batch))).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void refusesAnUnknownCodec() throws IOException {
        ByteBuffer batch = batch();
        batch.putShort(ATTRIBUTES_AT, (short) 7);
        assertThat(produce(sealed(batch))).isIn(Errors.UNSUPPORTED_COMPRESSION_TYPE, Errors.CORRUPT_MESSAGE);
    }

    @Test
    void refusesABatchThatIsCutShort() throws IOException {
        ByteBuffer batch = batch();
        batch.limit(batch.limit() - 3);
        assertThat(produce(batch)).isIn(Errors.CORRUPT_MESSAGE, Errors.INVALID_RECORD);
    }

    /** Sends the bytes as the only batch of a partition; a batch that is refused must leave no trace. */
    private Errors produce(ByteBuffer batch) throws IOException {
        String topic = Clients.topic(broker, "bad-batch", 1);
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setName(topic)
                .setPartitionData(List.of(
                        new PartitionProduceData().setIndex(0).setRecords(MemoryRecords.readableRecords(batch)))));
        ProduceRequestData data = new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(60_000)
                .setTopicData(topics);
        try (RawConnection connection = new RawConnection(broker)) {
            ProduceResponse response = connection.ask(new ProduceRequest(data, BY_NAME), ProduceResponse.class);
            short code = response.data()
                    .responses()
                    .iterator()
                    .next()
                    .partitionResponses()
                    .get(0)
                    .errorCode();
            try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker)) {
                assertThat(Clients.await(producer.send(new ProducerRecord<>(topic, Clients.bytes("next"))))
                                .offset())
                        .isZero();
            }
            return Errors.forCode(code);
        }
    }

    private static ByteBuffer batch() {
        MemoryRecords records = MemoryRecords.withRecords(
                Compression.NONE,
                new SimpleRecord(System.currentTimeMillis(), Clients.bytes("k"), Clients.bytes("value one")),
                new SimpleRecord(System.currentTimeMillis(), Clients.bytes("k"), Clients.bytes("value two")));
        ByteBuffer copy = ByteBuffer.allocate(records.sizeInBytes());
        return copy.put(records.buffer()).flip();
    }

    /** With a checksum that holds. */
    private static ByteBuffer sealed(ByteBuffer batch) {
        batch.putInt(CRC_AT, (int) Crc32C.compute(batch, ATTRIBUTES_AT, batch.limit() - ATTRIBUTES_AT));
        return batch;
    }

    private void stillServes() {
        try (Admin admin = Clients.admin(broker)) {
            assertThat(Clients.await(admin.describeCluster().nodes())).hasSize(1);
        }
    }
}

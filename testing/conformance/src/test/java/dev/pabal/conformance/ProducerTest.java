package dev.pabal.conformance;

import static dev.pabal.conformance.Clients.await;
import static dev.pabal.conformance.Clients.bytes;
import static dev.pabal.conformance.Clients.poll;
import static dev.pabal.conformance.Clients.refusal;
import static dev.pabal.conformance.Clients.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The producer of kafka-clients 4.4: what it sends is what a consumer gets. */
@ExtendWith(BrokerUnderTest.Started.class)
class ProducerTest {
    private final BrokerUnderTest broker;

    ProducerTest(BrokerUnderTest broker) {
        this.broker = broker;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void keepsEveryFieldWithEveryCodec(String codec) {
        String topic = Clients.topic(broker, "codec-" + codec, 1);
        int count = 500;
        try (KafkaProducer<byte[], byte[]> producer =
                Clients.producer(broker, "compression.type", codec, "linger.ms", 20)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sent.add(producer.send(record(topic, i)));
            }
            for (int i = 0; i < count; i++) {
                assertThat(await(sent.get(i)).offset()).isEqualTo(i);
            }
        }
        List<ConsumerRecord<byte[], byte[]>> got = readAll(topic, count);
        for (int i = 0; i < count; i++) {
            ConsumerRecord<byte[], byte[]> record = got.get(i);
            ProducerRecord<byte[], byte[]> expected = record(topic, i);
            assertThat(record.offset()).isEqualTo(i);
            assertThat(record.key()).isEqualTo(expected.key());
            assertThat(record.value()).isEqualTo(expected.value());
            assertThat(record.timestamp()).isEqualTo(expected.timestamp());
            assertThat(record.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
            assertThat(record.headers()).isEqualTo(expected.headers());
        }
    }

    /** Null keys, tombstones, empty values, empty and null headers, times in the past: all in one batch. */
    private static ProducerRecord<byte[], byte[]> record(String topic, int i) {
        byte[] key = i % 3 == 0 ? null : bytes("key-" + i % 7);
        byte[] value = i % 11 == 5 ? null : i % 11 == 6 ? new byte[0] : bytes("value-" + i + "-".repeat(i % 50));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, 1_700_000_000_000L + i * 3L, key, value);
        if (i % 4 == 0) {
            record.headers().add(new RecordHeader("trace", bytes("t" + i)));
            record.headers().add(new RecordHeader("trace", new byte[0]));
            record.headers().add(new RecordHeader("nothing", null));
        }
        return record;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "all"})
    void storesWithEveryKindOfAcks(String acks) {
        String topic = Clients.topic(broker, "acks", 1);
        try (KafkaProducer<byte[], byte[]> producer =
                Clients.producer(broker, "acks", acks, "enable.idempotence", acks.equals("all"))) {
            for (int i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>(topic, bytes("v" + i)));
            }
        }
        assertThat(Clients.values(readAll(topic, 100))).containsExactly(Clients.numbered("v", 100));
    }

    @Test
    void keepsTheOrderOfEachPartitionAcrossManyBatches() {
        String topic = Clients.topic(broker, "order", 4);
        int count = 20_000;
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker, "batch.size", 2_000, "linger.ms", 1)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, i % 4, null, bytes(Integer.toString(i)))));
            }
            sent.forEach(Clients::await);
        }
        int[] next = {0, 1, 2, 3};
        for (ConsumerRecord<byte[], byte[]> record : readAll(topic, count)) {
            assertThat(Integer.parseInt(text(record.value()))).isEqualTo(next[record.partition()]);
            next[record.partition()] += 4;
        }
    }

    @Test
    void stampsTheTimeOfTheAppendWhereTheTopicSaysSo() {
        String topic = Clients.topic(broker, "append-time", 1, Map.of("message.timestamp.type", "LogAppendTime"));
        long before = System.currentTimeMillis();
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker)) {
            RecordMetadata stored = await(producer.send(new ProducerRecord<>(topic, 0, 1_000L, null, bytes("late"))));
            assertThat(stored.timestamp()).isBetween(before, System.currentTimeMillis());
        }
        ConsumerRecord<byte[], byte[]> record = readAll(topic, 1).get(0);
        assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(record.timestamp()).isBetween(before, System.currentTimeMillis());
    }

    @Test
    void refusesTimesTooFarAhead() {
        String topic = Clients.topic(broker, "ahead", 1, Map.of("message.timestamp.after.max.ms", "60000"));
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker)) {
            long tomorrow = System.currentTimeMillis() + 86_400_000L;
            assertThat(refusal(producer.send(new ProducerRecord<>(topic, 0, tomorrow, null, bytes("x")))))
                    .isInstanceOf(InvalidTimestampException.class);
        }
    }

    @Test
    void takesARecordOfAlmostAMebibyteAndRefusesALargerOne() {
        String topic = Clients.topic(broker, "large", 1);
        byte[] fits = new byte[1_000_000];
        Arrays.fill(fits, (byte) 7);
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker, "max.request.size", 10_000_000)) {
            await(producer.send(new ProducerRecord<>(topic, fits)));
            assertThat(refusal(producer.send(new ProducerRecord<>(topic, new byte[2_000_000]))))
                    .isInstanceOf(RecordTooLargeException.class);
            await(producer.send(new ProducerRecord<>(topic, bytes("after"))));
        }
        List<ConsumerRecord<byte[], byte[]>> got = readAll(topic, 2);
        assertThat(got.get(0).value()).isEqualTo(fits);
        assertThat(got.get(1).offset()).isEqualTo(1);
    }

    @Test
    void createsTheTopicThatIsWrittenTo() {
        String topic = BrokerUnderTest.unique("auto");
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker)) {
            assertThat(await(producer.send(new ProducerRecord<>(topic, bytes("x"))))
                            .offset())
                    .isZero();
            assertThat(producer.partitionsFor(topic)).isNotEmpty();
        }
    }

    @Test
    void refusesAnIllegalTopicName() {
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker, "max.block.ms", 60_000)) {
            assertThat(refusal(producer.send(new ProducerRecord<>("no/slashes", bytes("x")))))
                    .isInstanceOf(InvalidTopicException.class);
        }
    }

    @Test
    void refusesTransactionsWithTheProtocolsOwnError() {
        try (KafkaProducer<byte[], byte[]> producer =
                Clients.producer(broker, "transactional.id", BrokerUnderTest.unique("tx"), "max.block.ms", 60_000)) {
            assertThatThrownBy(producer::initTransactions).isInstanceOf(org.apache.kafka.common.KafkaException.class);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> readAll(String topic, int count) {
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker)) {
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList());
            List<ConsumerRecord<byte[], byte[]>> records = poll(consumer, count);
            assertThat(records).hasSize(count);
            return records;
        }
    }
}

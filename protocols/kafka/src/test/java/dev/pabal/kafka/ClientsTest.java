package dev.pabal.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own clients, unmodified, against a broker behind a socket. */
class ClientsTest {
    private static KafkaTestServer server;

    @BeforeAll
    static void start() {
        server = KafkaTestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void whatIsProducedIsConsumed(String codec) throws Exception {
        String topic = "codec-" + codec;
        server.createTopic(topic, 3);
        int count = 5_000;
        try (KafkaProducer<String, String> producer = producer(Map.of("compression.type", codec, "linger.ms", "5"))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ProducerRecord<String, String> record = new ProducerRecord<>(topic, "key-" + i, "value-" + i);
                record.headers().add("n", Integer.toString(i).getBytes(StandardCharsets.UTF_8));
                sent.add(producer.send(record));
            }
            for (Future<RecordMetadata> future : sent) {
                assertThat(future.get().hasOffset()).isTrue();
            }
        }
        List<ConsumerRecord<String, String>> records = consume(topic, 3, count, Map.of());
        assertThat(records.stream().map(ConsumerRecord::value))
                .containsExactlyInAnyOrderElementsOf(Stream.iterate(0, i -> i + 1)
                        .limit(count)
                        .map(i -> "value-" + i)
                        .toList());
        for (int p = 0; p < 3; p++) {
            int partition = p;
            List<Long> offsets = records.stream()
                    .filter(record -> record.partition() == partition)
                    .map(ConsumerRecord::offset)
                    .toList();
            assertThat(offsets)
                    .isEqualTo(
                            Stream.iterate(0L, i -> i + 1).limit(offsets.size()).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "all"})
    void everyKindOfAcknowledgementArrives(String acks) throws Exception {
        String topic = "acks-" + acks;
        server.createTopic(topic, 1);
        Map<String, String> plain = Map.of("acks", acks, "enable.idempotence", "false");
        try (KafkaProducer<String, String> producer = producer(plain)) {
            for (int i = 0; i < 100; i++) {
                RecordMetadata metadata =
                        producer.send(new ProducerRecord<>(topic, "v" + i)).get();
                assertThat(metadata.offset()).isEqualTo(acks.equals("0") ? -1 : i);
            }
        }
        assertThat(consume(topic, 1, 100, Map.of())).hasSize(100);
    }

    @Test
    void aTopicIsMadeWhenItIsFirstProducedTo() throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            assertThat(producer.send(new ProducerRecord<>("made-on-demand", "first"))
                            .get()
                            .offset())
                    .isZero();
        }
    }

    @Test
    void aConsumerThatWaitsGetsWhatComes() throws Exception {
        server.createTopic("waiting", 1);
        TopicPartition partition = new TopicPartition("waiting", 0);
        try (KafkaConsumer<String, String> consumer = consumer(Map.of("fetch.max.wait.ms", "20000"));
                KafkaProducer<String, String> producer = producer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertThat(consumer.poll(Duration.ofMillis(300))).isEmpty();
            producer.send(new ProducerRecord<>("waiting", "now")).get();
            assertThat(consumer.poll(Duration.ofSeconds(15))).hasSize(1);
        }
    }

    @Test
    void offsetsAreFoundByTime() throws Exception {
        server.createTopic("times", 1);
        TopicPartition partition = new TopicPartition("times", 0);
        try (KafkaProducer<String, String> producer = producer(Map.of());
                KafkaConsumer<String, String> consumer = consumer(Map.of())) {
            long now = System.currentTimeMillis() - 100_000;
            for (int i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>("times", 0, now + i * 1000L, null, "v" + i))
                        .get();
            }
            assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 100L);
            assertThat(consumer.offsetsForTimes(Map.of(partition, now + 41_500))
                            .get(partition)
                            .offset())
                    .isEqualTo(42);
            assertThat(consumer.offsetsForTimes(Map.of(partition, now + 1_000_000)))
                    .containsEntry(partition, null);
        }
    }

    @Test
    void aTransactionalProducerIsToldAtOnceThatItCannotBe() {
        try (KafkaProducer<String, String> producer =
                producer(Map.of("transactional.id", "t1", "max.block.ms", "5000"))) {
            assertThatThrownBy(producer::initTransactions).isInstanceOf(Exception.class);
        }
    }

    @Test
    void anUnknownPartitionIsRefused() {
        Map<String, String> fast =
                Map.of("max.block.ms", "1000", "delivery.timeout.ms", "1500", "request.timeout.ms", "1000");
        server.createTopic("two", 2);
        try (KafkaProducer<String, String> producer = producer(fast)) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("two", 7, "k", "v"))
                            .get())
                    .isInstanceOf(ExecutionException.class);
        }
    }

    static List<ConsumerRecord<String, String>> consume(
            String topic, int partitions, int count, Map<String, String> configs) {
        List<ConsumerRecord<String, String>> all = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(configs)) {
            List<TopicPartition> assigned = Stream.iterate(0, i -> i + 1)
                    .limit(partitions)
                    .map(i -> new TopicPartition(topic, i))
                    .toList();
            consumer.assign(assigned);
            consumer.seekToBeginning(assigned);
            long until = System.nanoTime() + 60_000_000_000L;
            while (all.size() < count && System.nanoTime() < until) {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
        }
        return all;
    }

    static KafkaProducer<String, String> producer(Map<String, String> configs) {
        return new KafkaProducer<>(properties(configs), new StringSerializer(), new StringSerializer());
    }

    static KafkaConsumer<String, String> consumer(Map<String, String> configs) {
        return new KafkaConsumer<>(properties(configs), new StringDeserializer(), new StringDeserializer());
    }

    private static Properties properties(Map<String, String> configs) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", server.bootstrap());
        properties.putAll(configs);
        return properties;
    }
}

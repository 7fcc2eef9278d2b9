package dev.pabal.conformance;

import static dev.pabal.conformance.Clients.numbered;
import static dev.pabal.conformance.Clients.poll;
import static dev.pabal.conformance.Clients.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reading without a group, by kafka-clients 4.4: positions, times, limits, waiting. */
@ExtendWith(BrokerUnderTest.Started.class)
class ConsumerTest {
    private static final long BASE_TIME = 1_700_000_000_000L;

    private final BrokerUnderTest broker;

    ConsumerTest(BrokerUnderTest broker) {
        this.broker = broker;
    }

    @Test
    void seeksToOffsetsAndToBothEnds() {
        TopicPartition partition = filled("seek", 100);
        try (KafkaConsumer<byte[], byte[]> consumer = assigned(partition)) {
            consumer.seek(partition, 42);
            assertThat(consumer.position(partition)).isEqualTo(42);
            assertThat(poll(consumer, 58).get(0).offset()).isEqualTo(42);
            consumer.seekToBeginning(List.of(partition));
            assertThat(poll(consumer, 100).get(0).offset()).isZero();
            consumer.seekToEnd(List.of(partition));
            assertThat(consumer.position(partition)).isEqualTo(100);
            assertThat(consumer.currentLag(partition)).hasValue(0);
        }
    }

    @Test
    void namesBeginningAndEndAndTheOffsetOfATime() {
        TopicPartition partition = filled("times", 100);
        try (KafkaConsumer<byte[], byte[]> consumer = assigned(partition)) {
            assertThat(consumer.beginningOffsets(Set.of(partition))).containsEntry(partition, 0L);
            assertThat(consumer.endOffsets(Set.of(partition))).containsEntry(partition, 100L);
            Map<TopicPartition, OffsetAndTimestamp> exact =
                    consumer.offsetsForTimes(Map.of(partition, BASE_TIME + 500));
            assertThat(exact.get(partition).offset()).isEqualTo(50);
            assertThat(exact.get(partition).timestamp()).isEqualTo(BASE_TIME + 500);
            Map<TopicPartition, OffsetAndTimestamp> between =
                    consumer.offsetsForTimes(Map.of(partition, BASE_TIME + 501));
            assertThat(between.get(partition).offset()).isEqualTo(51);
            assertThat(consumer.offsetsForTimes(Map.of(partition, BASE_TIME + 10_000)))
                    .containsEntry(partition, null);
        }
    }

    @Test
    void pausesAndResumesPartitions() {
        String topic = Clients.topic(broker, "pause", 2);
        Clients.produce(broker, topic, 0, numbered("a", 10));
        Clients.produce(broker, topic, 1, numbered("b", 10));
        TopicPartition first = new TopicPartition(topic, 0);
        TopicPartition second = new TopicPartition(topic, 1);
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker)) {
            consumer.assign(List.of(first, second));
            consumer.pause(List.of(first));
            assertThat(values(poll(consumer, 10))).containsExactly(numbered("b", 10));
            consumer.resume(List.of(first));
            assertThat(values(poll(consumer, 10))).containsExactly(numbered("a", 10));
        }
    }

    @Test
    void givesARecordLargerThanTheFetchLimits() {
        String topic = Clients.topic(broker, "limits", 1);
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker)) {
            for (int i = 0; i < 5; i++) {
                Clients.await(producer.send(new ProducerRecord<>(topic, new byte[200_000])));
            }
        }
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(broker, "max.partition.fetch.bytes", 1_000, "fetch.max.bytes", 1_000)) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            assertThat(poll(consumer, 5)).hasSize(5);
        }
    }

    @Test
    void holdsAFetchUntilEnoughHasCome() {
        TopicPartition partition = filled("min-bytes", 1);
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(broker, "fetch.min.bytes", 1_000_000, "fetch.max.wait.ms", 1_500)) {
            consumer.assign(List.of(partition));
            long begin = System.nanoTime();
            assertThat(poll(consumer, 1)).hasSize(1);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1_000));
        }
    }

    @Test
    void answersAWaitingFetchAsSoonAsARecordComes() {
        TopicPartition partition = filled("long-poll", 1);
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker, "fetch.max.wait.ms", 20_000);
                KafkaProducer<byte[], byte[]> producer = Clients.producer(broker)) {
            consumer.assign(List.of(partition));
            poll(consumer, 1);
            assertThat(consumer.poll(Duration.ofMillis(300))).isEmpty();
            long begin = System.nanoTime();
            producer.send(new ProducerRecord<>(partition.topic(), 0, null, Clients.bytes("now")));
            assertThat(values(poll(consumer, 1))).containsExactly("now");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void readsOverManyPartitionsInOneFetchSession() {
        String topic = Clients.topic(broker, "session", 50);
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker)) {
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList());
            for (int round = 0; round < 5; round++) {
                for (int partition = round; partition < 50; partition += 10) {
                    Clients.produce(broker, topic, partition, "r" + round);
                }
                assertThat(values(poll(consumer, 5))).containsOnly("r" + round);
            }
        }
    }

    @Test
    void readsTheSameAtBothIsolationLevels() {
        TopicPartition partition = filled("isolation", 20);
        for (String level : List.of("read_committed", "read_uncommitted")) {
            try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker, "isolation.level", level)) {
                consumer.assign(List.of(partition));
                assertThat(poll(consumer, 20)).hasSize(20);
                assertThat(consumer.endOffsets(Set.of(partition))).containsEntry(partition, 20L);
            }
        }
    }

    @Test
    void startsOverWhereTheOffsetIsOutOfRange() {
        TopicPartition partition = filled("range", 10);
        try (KafkaConsumer<byte[], byte[]> consumer = assigned(partition)) {
            consumer.seek(partition, 5_000);
            assertThat(poll(consumer, 10).get(0).offset()).isZero();
        }
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(broker, "auto.offset.reset", "none", "group.id", BrokerUnderTest.unique("none"))) {
            consumer.assign(List.of(partition));
            assertThatThrownBy(() -> consumer.poll(Clients.PATIENCE)).isInstanceOf(NoOffsetForPartitionException.class);
        }
    }

    @Test
    void startsAtTheEndWhereToldTo() {
        TopicPartition partition = filled("latest", 10);
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker, "auto.offset.reset", "latest")) {
            consumer.assign(List.of(partition));
            assertThat(consumer.position(partition)).isEqualTo(10);
            Clients.produce(broker, partition.topic(), 0, "new");
            assertThat(values(poll(consumer, 1))).containsExactly("new");
        }
    }

    @Test
    void listsTopics() {
        String topic = Clients.topic(broker, "listed", 3);
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker)) {
            assertThat(consumer.listTopics().get(topic)).hasSize(3);
            assertThat(consumer.partitionsFor(topic)).allSatisfy(p -> {
                assertThat(p.leader()).isNotNull();
                assertThat(p.replicas()).hasSize(1);
                assertThat(p.inSyncReplicas()).hasSize(1);
            });
        }
    }

    /** A partition with {@code count} records, 10 ms apart from {@link #BASE_TIME} on, each in a batch of its own. */
    private TopicPartition filled(String prefix, int count) {
        String topic = Clients.topic(broker, prefix, 1, Map.of("retention.ms", "-1"));
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker, "batch.size", 0)) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, 0, BASE_TIME + i * 10L, null, Clients.bytes("v" + i)));
            }
        }
        return new TopicPartition(topic, 0);
    }

    private KafkaConsumer<byte[], byte[]> assigned(TopicPartition partition) {
        KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker);
        consumer.assign(List.of(partition));
        return consumer;
    }

    @Test
    void keepsOffsetsDenseForReadersThatComeBack() {
        TopicPartition partition = filled("dense", 300);
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker, "max.poll.records", 7)) {
            consumer.assign(List.of(partition));
            long next = 0;
            for (ConsumerRecord<byte[], byte[]> record : poll(consumer, 300)) {
                assertThat(record.offset()).isEqualTo(next++);
            }
        }
    }
}

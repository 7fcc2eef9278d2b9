package dev.pabal.conformance;

import static dev.pabal.conformance.Clients.await;
import static dev.pabal.conformance.Clients.bytes;
import static dev.pabal.conformance.Clients.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Utils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One message through two protocols, Kafka and AMQP: the same bytes, published by one and read, replayed or settled by the other. */
@ExtendWith(BrokerUnderTest.Started.class)
class AcrossProtocolsTest {
    private final BrokerUnderTest broker;
    private Connection connection;
    private Channel channel;

    AcrossProtocolsTest(BrokerUnderTest broker) {
        this.broker = broker;
    }

    @BeforeEach
    void connect() throws Exception {
        connection = broker.connectByAmqp();
        channel = connection.createChannel();
        channel.confirmSelect();
    }

    @AfterEach
    void disconnect() {
        connection.abort();
    }

    // ---- from AMQP to Kafka

    @Test
    void whatIsPublishedOverAmqpIsReadByAKafkaConsumerWithTheSameBytesAndHeaders() throws Exception {
        String queue = queue(Map.of());
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("text/plain")
                .messageId("id-1")
                .headers(Map.of("customer", "kim", "count", 7))
                .build();
        channel.basicPublish("amq.direct", "unrouted", properties, bytes("nobody"));
        channel.basicPublish("", queue, properties, bytes("hello"));
        channel.waitForConfirmsOrDie(60_000);

        ConsumerRecord<byte[], byte[]> record = read(queue, 0, 1).get(0);

        assertThat(text(record.value())).isEqualTo("hello");
        assertThat(text(record.key())).isEqualTo(queue);
        assertThat(header(record, "customer")).isEqualTo("kim");
        assertThat(header(record, "count")).isEqualTo("7");
        assertThat(header(record, "content-type")).isEqualTo("text/plain");
        assertThat(header(record, "message-id")).isEqualTo("id-1");
    }

    @Test
    void aQueueThatRetainsIsReplayedAfterEverythingWasSettled() throws Exception {
        String queue = queue(Map.of("x-retain", "1h"));
        publish("", queue, "a", "b", "c");
        for (String body : List.of("a", "b", "c")) {
            GetResponse got = channel.basicGet(queue, true);
            assertThat(text(got.getBody())).isEqualTo(body);
        }
        assertThat(channel.messageCount(queue)).isZero();

        assertThat(Clients.values(read(queue, 0, 3))).containsExactly("a", "b", "c");
        assertThat(Clients.values(read(queue, 1, 2))).containsExactly("b", "c");
    }

    @Test
    void anExchangeLeadsToAKafkaTopicWhosePartitionsAreChosenByTheRoutingKeyAsKafkaDoes() throws Exception {
        String topic = Clients.topic(broker, "across", 3);
        channel.queueBind(topic, "amq.topic", "order.#");
        for (int i = 0; i < 12; i++) {
            channel.basicPublish("amq.topic", "order." + i, null, bytes("m" + i));
        }
        channel.basicPublish("amq.topic", "other", null, bytes("unrouted"));
        channel.waitForConfirmsOrDie(60_000);

        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker)) {
            assign(consumer, topic, 3);
            for (ConsumerRecord<byte[], byte[]> record : Clients.poll(consumer, 12)) {
                assertThat(record.partition())
                        .as("partition of %s", text(record.key()))
                        .isEqualTo(Utils.toPositive(Utils.murmur2(record.key())) % 3);
            }
        }
        channel.queueUnbind(topic, "amq.topic", "order.#");
    }

    // ---- from Kafka to AMQP

    @Test
    void whatAKafkaProducerSendsToAQueueIsConsumedAndSettledOverAmqp() throws Exception {
        String queue = queue(Map.of());
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker, "compression.type", "gzip")) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(queue, bytes("key-1"), bytes("one"));
            record.headers().add("customer", bytes("kim")).add("content-type", bytes("text/plain"));
            await(producer.send(record));
            await(producer.send(new ProducerRecord<>(queue, bytes("two"))));
        }
        awaitCount(queue, 2);

        GetResponse one = channel.basicGet(queue, false);
        assertThat(text(one.getBody())).isEqualTo("one");
        assertThat(one.getEnvelope().getRoutingKey()).isEqualTo("key-1");
        assertThat(one.getProps().getContentType()).isEqualTo("text/plain");
        assertThat(String.valueOf(one.getProps().getHeaders().get("customer"))).isEqualTo("kim");
        GetResponse two = channel.basicGet(queue, false);
        assertThat(text(two.getBody())).isEqualTo("two");
        channel.basicAck(two.getEnvelope().getDeliveryTag(), true);

        assertThat(channel.basicGet(queue, false)).isNull();
        connection.close();
        connect();
        assertThat(channel.messageCount(queue)).isZero();
    }

    @Test
    void aQueueOverATopicSettlesForItselfAndTheTopicKeepsEverything() throws Exception {
        String topic = Clients.topic(broker, "shared", 1);
        Clients.produce(broker, topic, 0, "a", "b");
        channel.queueDeclare(topic, true, false, false, Map.of());
        awaitCount(topic, 2);

        assertThat(text(channel.basicGet(topic, true).getBody())).isEqualTo("a");
        assertThat(text(channel.basicGet(topic, true).getBody())).isEqualTo("b");
        assertThat(channel.basicGet(topic, true)).isNull();
        assertThat(Clients.values(read(topic, 0, 2))).containsExactly("a", "b");
        publish("", topic, "c");
        assertThat(Clients.values(read(topic, 2, 1))).containsExactly("c");
        channel.queueDelete(topic);
        assertThat(Clients.values(read(topic, 0, 3))).containsExactly("a", "b", "c");
    }

    @Test
    void aTopicIsReadAsAStream() throws Exception {
        String topic = Clients.topic(broker, "stream", 1);
        try (KafkaProducer<byte[], byte[]> producer =
                Clients.producer(broker, "compression.type", "lz4", "linger.ms", 50)) {
            for (int i = 0; i < 50; i++) {
                producer.send(new ProducerRecord<>(topic, bytes("m" + i)));
            }
        }
        List<String> expected = List.of(Clients.numbered("m", 50));

        assertThat(stream(topic, "first", 50)).isEqualTo(expected);
        assertThat(stream(topic, 48L, 2)).containsExactly("m48", "m49");
        assertThat(stream(topic, "last", 1)).containsExactly("m49");
        // A client that looks for the queue finds a stream.
        assertThat(channel.queueDeclare(topic, true, false, false, Map.of("x-queue-type", "stream"))
                        .getMessageCount())
                .isEqualTo(50);
    }

    @Test
    void aTopicWithSeveralPartitionsIsReadAsOneStreamEachPartitionInItsOrder() throws Exception {
        String topic = Clients.topic(broker, "stream", 3);
        for (int partition = 0; partition < 3; partition++) {
            Clients.produce(broker, topic, partition, Clients.numbered(partition + ":", 5));
        }

        List<String> all = stream(topic, "first", 15);

        for (int partition = 0; partition < 3; partition++) {
            String prefix = partition + ":";
            assertThat(all.stream().filter(body -> body.startsWith(prefix)))
                    .containsExactly(Clients.numbered(prefix, 5));
        }
        assertThatThrownBy(() -> channel.queueDeclare(topic, true, false, false, Map.of()))
                .hasRootCauseMessage("channel error; protocol method: #method<channel.close>(reply-code=406,"
                        + " reply-text=PRECONDITION_FAILED - queue '" + topic + "' in vhost '/' is a topic with 3"
                        + " partitions: declare it with x-queue-type stream, or bind an exchange to it, class-id=50,"
                        + " method-id=10)");
    }

    // ---- what administrators of one see of the other

    @Test
    void deletingRecordsSettlesThem() throws Exception {
        String queue = queue(Map.of());
        publish("", queue, "a", "b", "c");
        try (Admin admin = Clients.admin(broker)) {
            await(admin.deleteRecords(Map.of(new TopicPartition(queue, 0), RecordsToDelete.beforeOffset(2)))
                    .all());
        }
        awaitCount(queue, 1);
        assertThat(text(channel.basicGet(queue, true).getBody())).isEqualTo("c");
    }

    @Test
    void deletingTheTopicDeletesTheQueueAndItsBindings() throws Exception {
        String queue = queue(Map.of());
        channel.queueBind(queue, "amq.fanout", "");
        try (Admin admin = Clients.admin(broker)) {
            await(admin.deleteTopics(List.of(queue)).all());
        }
        assertThatThrownBy(() -> connection.createChannel().queueDeclarePassive(queue))
                .hasRootCauseMessage("channel error; protocol method: #method<channel.close>(reply-code=404,"
                        + " reply-text=NOT_FOUND - no queue '" + queue + "' in vhost '/', class-id=50, method-id=10)");
        // Declared again, it is another queue: nothing leads to it.
        channel.queueDeclare(queue, true, false, false, Map.of());
        publish("amq.fanout", "", "nobody");
        assertThat(channel.messageCount(queue)).isZero();
    }

    @Test
    void queuesAreListedAsTopicsWhereTheyMayHaveAName() throws Exception {
        String queue = queue(Map.of());
        String passing = BrokerUnderTest.unique("auto");
        channel.queueDeclare(passing, true, false, true, Map.of());
        String illegal = BrokerUnderTest.unique("not a topic's name");
        channel.queueDeclare(illegal, true, false, false, Map.of());
        String generated = channel.queueDeclare().getQueue();
        try (Admin admin = Clients.admin(broker)) {
            assertThat(await(admin.listTopics().names())).contains(queue).doesNotContain(passing, illegal, generated);
            assertThat(await(admin.describeTopics(List.of(queue)).allTopicNames())
                            .get(queue)
                            .partitions())
                    .hasSize(1);
        }
        channel.queueDelete(illegal);
    }

    @Test
    void aQueuesTopicCannotBecomeWhatAQueueIsNot() throws Exception {
        String queue = queue(Map.of());
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, queue);
        try (Admin admin = Clients.admin(broker)) {
            Collection<AlterConfigOp> compact =
                    List.of(new AlterConfigOp(new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET));
            assertThat(Clients.refusal(admin.incrementalAlterConfigs(Map.of(resource, compact))
                            .all()))
                    .isInstanceOf(InvalidConfigurationException.class);
            assertThat(Clients.refusal(admin.createPartitions(Map.of(queue, NewPartitions.increaseTo(2)))
                            .all()))
                    .isInstanceOf(InvalidPartitionsException.class);
        }
    }

    @Test
    void whatAStreamKeepsIsAConfigOfItsTopic() throws Exception {
        String stream = BrokerUnderTest.unique("stream");
        channel.queueDeclare(
                stream,
                true,
                false,
                false,
                Map.of("x-queue-type", "stream", "x-max-age", "7D", "x-max-length-bytes", 50_000_000));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, stream);
        try (Admin admin = Clients.admin(broker)) {
            Config config =
                    await(admin.describeConfigs(List.of(resource)).all()).get(resource);
            assertThat(config.get("retention.ms").value()).isEqualTo(Long.toString(7 * 86_400_000L));
            assertThat(config.get("retention.bytes").value()).isEqualTo("50000000");
        }
        publish("", stream, "a", "b");
        assertThat(Clients.values(read(stream, 0, 2))).containsExactly("a", "b");
        channel.queueDelete(stream);
    }

    // ---- the lines that all share

    private String queue(Map<String, Object> arguments) throws IOException {
        String name = BrokerUnderTest.unique("across");
        channel.queueDeclare(name, true, false, false, arguments);
        return name;
    }

    private void publish(String exchange, String routingKey, String... bodies) throws Exception {
        for (String body : bodies) {
            channel.basicPublish(exchange, routingKey, null, bytes(body));
        }
        channel.waitForConfirmsOrDie(60_000);
    }

    private void awaitCount(String queue, long count) {
        Awaitility.await().atMost(Clients.PATIENCE).untilAsserted(() -> assertThat(channel.messageCount(queue))
                .isEqualTo(count));
    }

    /** The next {@code count} bodies of a stream, each acknowledged. */
    private List<String> stream(String name, Object offset, int count) throws Exception {
        BlockingQueue<Delivery> inbox = new LinkedBlockingQueue<>();
        Channel reading = connection.createChannel();
        reading.basicQos(10);
        reading.basicConsume(
                name, false, new HashMap<>(Map.of("x-stream-offset", offset)), (tag, d) -> inbox.add(d), tag -> {});
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Delivery next = inbox.poll(Clients.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(next).as("delivery %s of %s from %s", i, count, name).isNotNull();
            assertThat(next.getProperties().getHeaders()).containsKey("x-stream-offset");
            bodies.add(text(next.getBody()));
            reading.basicAck(next.getEnvelope().getDeliveryTag(), false);
        }
        reading.close();
        return bodies;
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic, long offset, int count) {
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker)) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            return Clients.poll(consumer, count);
        }
    }

    private static void assign(KafkaConsumer<?, ?> consumer, String topic, int partitions) {
        List<TopicPartition> all = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            all.add(new TopicPartition(topic, i));
        }
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : text(header.value());
    }
}

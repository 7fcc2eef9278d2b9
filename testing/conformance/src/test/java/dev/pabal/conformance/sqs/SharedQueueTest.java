package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.pabal.conformance.BrokerUnderTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** One queue over SQS, AMQP and Kafka: what is sent by one is received by the others, and settled once for all. */
@ExtendWith(BrokerUnderTest.Started.class)
class SharedQueueTest extends SqsTest {
    private final BrokerUnderTest shared;
    private Connection connection;
    private Channel channel;

    SharedQueueTest(SqsUnderTest broker, BrokerUnderTest shared) {
        super(broker);
        this.shared = shared;
    }

    @BeforeEach
    void connect() throws Exception {
        connection = shared.connectByAmqp();
        channel = connection.createChannel();
        channel.confirmSelect();
    }

    @AfterEach
    void disconnect() {
        connection.abort();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    // ---- SQS and AMQP

    @Test
    void whatIsSentOverSqsIsReceivedOverAmqp() throws Exception {
        String url = queue();
        SendMessageResponse sent = sqs.sendMessage(request -> request.queueUrl(url)
                .messageBody("to AMQP")
                .messageAttributes(
                        Map.of("text", MessageAttributes.string("v"), "number", MessageAttributes.number("7"))));
        GetResponse response = channel.basicGet(nameOf(url), false);
        assertThat(text(response.getBody())).isEqualTo("to AMQP");
        assertThat(response.getProps().getHeaders().get("text")).hasToString("v");
        assertThat(response.getProps().getHeaders().get("number")).hasToString("7");
        assertThat(receive(url)).isEmpty();
        channel.basicNack(response.getEnvelope().getDeliveryTag(), false, true);
        Message message = receiveOne(url);
        assertThat(message.messageId()).isEqualTo(sent.messageId());
        delete(url, message);
        assertThat(channel.basicGet(nameOf(url), true)).isNull();
    }

    @Test
    void whatIsPublishedOverAmqpIsReceivedOverSqs() throws Exception {
        String url = queue();
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("text/plain")
                .messageId("id-1")
                .headers(Map.of("customer", "kim", "count", 7, "raw", new byte[] {1, 2}, "x-own", "hidden"))
                .build();
        channel.basicPublish("", nameOf(url), properties, bytes("to SQS"));
        channel.waitForConfirmsOrDie(60_000);
        Message message = receiveOne(url);
        assertThat(message.body()).isEqualTo("to SQS");
        assertThat(message.messageId()).isEqualTo("id-1");
        assertThat(message.messageAttributes())
                .containsEntry("customer", MessageAttributes.string("kim"))
                .containsEntry("count", MessageAttributes.number("7"))
                .containsEntry("raw", MessageAttributes.binary("Binary", (byte) 1, (byte) 2))
                .containsEntry("content-type", MessageAttributes.string("text/plain"))
                .doesNotContainKey("x-own");
        delete(url, message);
        assertThat(channel.messageCount(nameOf(url))).isZero();
    }

    @Test
    void aQueueDeclaredOverAmqpIsAQueueOfSqs() throws Exception {
        String name = unique("declared");
        channel.queueDeclare(name, true, false, false, Map.of());
        String url = sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
        send(url, "hello");
        assertThat(text(channel.basicGet(name, true).getBody())).isEqualTo("hello");
        channel.basicPublish("", name, null, bytes("back"));
        channel.waitForConfirmsOrDie(60_000);
        assertThat(receiveOne(url).body()).isEqualTo("back");
        assertThat(attributes(url)).containsEntry("VisibilityTimeout", "30");
    }

    @Test
    void aBodyThatIsNoTextIsShownInBase64() throws Exception {
        String url = queue();
        byte[] body = {(byte) 0xff, 0, 1, (byte) 0xfe};
        channel.basicPublish("", nameOf(url), null, body);
        channel.waitForConfirmsOrDie(60_000);
        Message message = receiveOne(url);
        assertThat(Base64.getDecoder().decode(message.body())).isEqualTo(body);
        assertThat(message.messageAttributes())
                .containsEntry("pabal.body-encoding", MessageAttributes.string("base64"));
    }

    @Test
    void groupsAreLockedForAmqpConsumersToo() throws Exception {
        String url = fifoByContent();
        sendToGroups(url, "a-1", "a-2", "b-1");
        Message held = receiveOne(url);
        assertThat(held.body()).isEqualTo("a-1");
        GetResponse other = channel.basicGet(nameOf(url), false);
        assertThat(text(other.getBody())).isEqualTo("b-1");
        assertThat(channel.basicGet(nameOf(url), false)).isNull();
        delete(url, held);
        assertThat(text(channel.basicGet(nameOf(url), true).getBody())).isEqualTo("a-2");
    }

    // ---- SQS and Kafka

    private Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", shared.bootstrap());
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(kafka(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Test
    void whatIsSentOverSqsIsReadOverKafkaAndStaysUnsettled() {
        String url = fifoByContent();
        sqs.sendMessage(request -> request.queueUrl(url)
                .messageBody("to Kafka")
                .messageGroupId("group-7")
                .messageAttributes(Map.of("text", MessageAttributes.string("v"))));
        ConsumerRecord<byte[], byte[]> record = readOne(nameOf(url));
        assertThat(text(record.value())).isEqualTo("to Kafka");
        assertThat(text(record.key())).isEqualTo("group-7");
        Header header = record.headers().lastHeader("text");
        assertThat(text(header.value())).isEqualTo("v");
        assertThat(receiveOne(url).body()).isEqualTo("to Kafka");
    }

    private ConsumerRecord<byte[], byte[]> readOne(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(kafka(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (records.isEmpty() && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            assertThat(records).isNotEmpty();
            return records.get(0);
        }
    }

    @Test
    void whatIsProducedOverKafkaIsReceivedOverSqs() throws Exception {
        String url = queue();
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(nameOf(url), bytes("key"), bytes("to SQS"));
            record.headers().add("text", bytes("välue")).add("raw", new byte[] {(byte) 0xff});
            producer.send(record).get();
        }
        Message message = receiveOne(url);
        assertThat(message.body()).isEqualTo("to SQS");
        assertThat(message.messageAttributes())
                .containsEntry("text", MessageAttributes.string("välue"))
                .containsEntry("raw", MessageAttributes.binary("Binary", (byte) 0xff));
        delete(url, message);
        assertThat(receive(url)).isEmpty();
    }

    @Test
    void theKeyOfAKafkaRecordIsItsGroup() throws Exception {
        String url = fifoByContent();
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (String body : List.of("a-1", "a-2", "b-1")) {
                producer.send(new ProducerRecord<>(nameOf(url), bytes(body.substring(0, 1)), bytes(body)))
                        .get();
            }
        }
        Message first = receiveOne(url);
        assertThat(first.body()).isEqualTo("a-1");
        assertThat(attribute(first, MessageSystemAttributeName.MESSAGE_GROUP_ID))
                .isEqualTo("a");
        assertThat(bodies(url)).containsExactly("b-1");
        delete(url, first);
        assertThat(bodies(url)).containsExactly("a-2");
    }

    @Test
    void aTopicOfOnePartitionBecomesAQueueWithAllItHolds() throws Exception {
        String name = unique("topic");
        try (Admin admin = Admin.create(kafka());
                KafkaProducer<byte[], byte[]> producer = producer()) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
            producer.send(new ProducerRecord<>(name, bytes("before"))).get();
            assertRefused(
                    "AWS.SimpleQueueService.NonExistentQueue",
                    () -> sqs.getQueueUrl(request -> request.queueName(name)));
            String url = create(name, Map.of());
            producer.send(new ProducerRecord<>(name, bytes("after"))).get();
            assertThat(drain(url, 1)).contains("after");
        }
        assertThat(text(readOne(name).value()))
                .as("deleting takes nothing from the topic")
                .isEqualTo("before");
    }
}

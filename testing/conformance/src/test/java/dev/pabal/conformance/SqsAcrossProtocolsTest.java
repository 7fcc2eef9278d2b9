package dev.pabal.conformance;

import static dev.pabal.conformance.Clients.await;
import static dev.pabal.conformance.Clients.bytes;
import static dev.pabal.conformance.Clients.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.pabal.conformance.sqs.SqsUnderTest;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** One message through SQS and another protocol, as docs/mapping.md has it. The SDK checks the digests of all that it receives. */
@ExtendWith(BrokerUnderTest.Started.class)
class SqsAcrossProtocolsTest {
    private static final Map<String, MessageAttributeValue> ATTRIBUTES = Map.of(
            "customer", attribute("String", "kim"),
            "count", attribute("Number.int", "7"),
            "x-hidden", attribute("String", "inside"),
            "raw",
                    MessageAttributeValue.builder()
                            .dataType("Binary")
                            .binaryValue(SdkBytes.fromByteArray(new byte[] {0, -1}))
                            .build());

    private final BrokerUnderTest broker;
    private final String queue = BrokerUnderTest.unique("across-sqs");
    private SqsClient sqs;
    private Connection connection;
    private Channel channel;
    private String url;

    SqsAcrossProtocolsTest(BrokerUnderTest broker) {
        this.broker = broker;
    }

    @BeforeEach
    void connect() throws Exception {
        sqs = SqsUnderTest.client(broker.sqsEndpoint(), "test", "test");
        connection = broker.connectByAmqp();
        channel = connection.createChannel();
        channel.confirmSelect();
        url = sqs.createQueue(request -> request.queueName(queue)).queueUrl();
    }

    @AfterEach
    void disconnect() {
        connection.abort();
        sqs.close();
    }

    @Test
    void whatIsSentOverSqsIsReadByAKafkaConsumer() {
        sqs.sendMessage(request -> request.queueUrl(url)
                .messageBody("gr\u00fc\u00dfe")
                .messageGroupId("group-1")
                .messageAttributes(ATTRIBUTES));

        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker)) {
            consumer.assign(List.of(new TopicPartition(queue, 0)));
            consumer.seekToBeginning(consumer.assignment());
            ConsumerRecord<byte[], byte[]> record = Clients.poll(consumer, 1).get(0);

            assertThat(text(record.value())).isEqualTo("gr\u00fc\u00dfe");
            assertThat(text(record.key())).isEqualTo("group-1");
            assertThat(text(header(record, "customer").value())).isEqualTo("kim");
            assertThat(text(header(record, "count").value())).isEqualTo("7");
            assertThat(header(record, "raw").value()).isEqualTo(new byte[] {0, -1});
            assertThat(header(record, "x-hidden")).isNull();
            assertThat(header(record, "x-sqs")).isNull();
        }
    }

    @Test
    void whatIsSentOverSqsIsConsumedAndSettledOverAmqp() throws Exception {
        sqs.sendMessage(request -> request.queueUrl(url)
                .messageBody("hello")
                .messageGroupId("group-1")
                .messageAttributes(ATTRIBUTES));

        GetResponse got = channel.basicGet(queue, true);

        assertThat(text(got.getBody())).isEqualTo("hello");
        assertThat(got.getEnvelope().getExchange()).isEmpty();
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("group-1");
        assertThat(got.getProps().getDeliveryMode()).isEqualTo(2);
        assertThat(got.getProps().getHeaders()).containsOnlyKeys("customer", "count", "raw", "x-sqs");
        assertThat(got.getProps().getHeaders().get("count")).hasToString("7");
        assertThat(receive()).isEmpty();
    }

    @Test
    void whatAnAmqpConsumerRejectsIsReceivedOverSqsAsItWasSent() throws Exception {
        String id = sqs.sendMessage(
                        request -> request.queueUrl(url).messageBody("hello").messageAttributes(ATTRIBUTES))
                .messageId();
        channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), true);

        // a rejection has no answer: the message is back soon
        Message message = receive(20).get(0);

        assertThat(message.messageId()).isEqualTo(id);
        assertThat(message.messageAttributes()).isEqualTo(ATTRIBUTES);
    }

    @Test
    void whatIsPublishedOverAmqpIsReceivedOverSqs() throws Exception {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("text/plain")
                .messageId("id-1")
                .headers(Map.of("customer", "kim", "count", 7, "x-own", "not shown"))
                .build();
        channel.basicPublish("", queue, properties, bytes("hello"));
        channel.waitForConfirmsOrDie(60_000);

        Message message = receive().get(0);

        assertThat(message.body()).isEqualTo("hello");
        assertThat(message.messageId()).isEqualTo("id-1");
        assertThat(message.attributes()).containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, queue);
        assertThat(message.messageAttributes())
                .containsOnly(
                        Map.entry("customer", attribute("String", "kim")),
                        Map.entry("count", attribute("Number", "7")),
                        Map.entry("content-type", attribute("String", "text/plain")));
        sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
        assertThat(channel.messageCount(queue)).isZero();
    }

    @Test
    void whatAKafkaProducerSendsIsReceivedOverSqs() {
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker, "compression.type", "zstd")) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(queue, bytes("key-1"), new byte[] {-1, 0});
            record.headers().add("customer", bytes("kim")).add("raw", new byte[] {-1});
            await(producer.send(record));
        }

        Message message = receive().get(0);

        assertThat(message.body()).isEqualTo("/wA=");
        assertThat(message.attributes()).containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "key-1");
        assertThat(message.messageAttributes().get("customer")).isEqualTo(attribute("String", "kim"));
        assertThat(message.messageAttributes().get("pabal.body-encoding")).isEqualTo(attribute("String", "base64"));
        assertThat(message.messageAttributes().get("raw").binaryValue().asByteArray())
                .containsExactly(-1);
    }

    private List<Message> receive() {
        return receive(0);
    }

    private List<Message> receive(int waitSeconds) {
        return sqs.receiveMessage(request -> request.queueUrl(url)
                        .waitTimeSeconds(waitSeconds)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                        .messageAttributeNames("All"))
                .messages();
    }

    private static Header header(ConsumerRecord<byte[], byte[]> record, String name) {
        return record.headers().lastHeader(name);
    }

    private static MessageAttributeValue attribute(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }
}

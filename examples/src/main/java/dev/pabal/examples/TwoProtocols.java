package dev.pabal.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * One message, two protocols: an AMQP queue is a Kafka topic of one partition with the same name and the same stored bytes. What is published
 * over AMQP a Kafka consumer reads, what a Kafka producer sends an AMQP consumer settles.
 */
public final class TwoProtocols {
    private static final String NAME = "two-protocols.orders";

    private TwoProtocols() {}

    /** @param args the broker's AMQP address and its Kafka address */
    public static void main(String[] args) throws Exception {
        run(Amqp.address(args), args.length > 1 ? args[1] : "127.0.0.1:9092").forEach(System.out::println);
    }

    static List<String> run(String amqpAddress, String kafkaAddress) throws Exception {
        List<String> log = new ArrayList<>();
        try (Connection connection = Amqp.connect(amqpAddress);
                Channel channel = connection.createChannel()) {
            channel.queueDelete(NAME); // so that the example can be run again
            channel.queueDeclare(NAME, true, false, false, Map.of());
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                    .deliveryMode(2)
                    .contentType("text/plain")
                    .headers(Map.of("source", "shop"))
                    .build();
            channel.confirmSelect();
            channel.basicPublish("", NAME, properties, "published over AMQP".getBytes(UTF_8));
            channel.waitForConfirmsOrDie(30_000);
            log.add("Kafka read: " + readOverKafka(kafkaAddress));

            produceOverKafka(kafkaAddress, "produced over Kafka");
            for (int i = 0; i < 2; i++) {
                GetResponse message = channel.basicGet(NAME, false);
                log.add("AMQP settled: " + new String(message.getBody(), UTF_8));
                channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
            }
        }
        return log;
    }

    private static String readOverKafka(String address) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, address, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(NAME, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(30))) {
                String source = new String(record.headers().lastHeader("source").value(), UTF_8);
                return record.value() + ", header source=" + source;
            }
            return "nothing";
        }
    }

    private static void produceOverKafka(String address, String value) throws Exception {
        Map<String, Object> config = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, address);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(NAME, value)).get(30, TimeUnit.SECONDS);
        }
    }
}

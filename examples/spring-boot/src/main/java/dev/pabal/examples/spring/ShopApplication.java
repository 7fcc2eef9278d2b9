package dev.pabal.examples.spring;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * A shop that takes orders both ways: some parts of it speak AMQP and some Kafka. The queue {@code shop.orders} is at the same time the topic
 * {@code shop.orders}; the warehouse settles its messages, the audit reads all of them at its own pace.
 */
@SpringBootApplication
public class ShopApplication {
    static final String ORDERS = "shop.orders";

    public static void main(String[] args) {
        SpringApplication.run(ShopApplication.class, args);
    }

    /** Settled messages stay for an hour, so that the audit may be behind. */
    @Bean
    Queue orders() {
        return QueueBuilder.durable(ORDERS).withArgument("x-retain", 3_600_000L).build();
    }

    /** Two orders, one by each protocol. */
    @Bean
    CommandLineRunner takeOrders(RabbitTemplate rabbit, KafkaTemplate<String, String> kafka) {
        return arguments -> {
            rabbit.convertAndSend(ORDERS, "one order over AMQP");
            kafka.send(ORDERS, "one order over Kafka").get();
        };
    }
}

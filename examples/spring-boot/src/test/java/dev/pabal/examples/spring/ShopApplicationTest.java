package dev.pabal.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest
class ShopApplicationTest {
    private static StartedPabal broker;

    @Autowired
    private Warehouse warehouse;

    @Autowired
    private Audit audit;

    @DynamicPropertySource
    static void addresses(DynamicPropertyRegistry registry) throws Exception {
        broker = StartedPabal.start();
        registry.add("spring.rabbitmq.addresses", broker::amqpAddress);
        registry.add("spring.kafka.bootstrap-servers", broker::kafkaAddress);
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    @Test
    void bothSeeTheOrdersOfBothProtocols() throws Exception {
        assertThat(two(warehouse.packed())).containsExactly("one order over AMQP", "one order over Kafka");
        assertThat(two(audit.noted())).containsExactly("one order over AMQP", "one order over Kafka");
    }

    private static Set<String> two(BlockingQueue<String> from) throws InterruptedException {
        Set<String> taken = new TreeSet<>();
        for (int i = 0; i < 2; i++) {
            String next = from.poll(120, TimeUnit.SECONDS);
            taken.add(next == null ? "nothing" : next);
        }
        return taken;
    }
}

package dev.pabal.examples.spring;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Reads every order that was ever taken, whether the warehouse has packed it or not. */
@Component
class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final BlockingQueue<String> noted = new LinkedBlockingQueue<>();

    @KafkaListener(topics = ShopApplication.ORDERS)
    void note(ConsumerRecord<String, String> order) {
        LOG.info("noted at offset {}: {}", order.offset(), order.value());
        noted.add(order.value());
    }

    BlockingQueue<String> noted() {
        return noted;
    }
}

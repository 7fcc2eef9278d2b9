package dev.pabal.examples.spring;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.stereotype.Component;

/** Works orders off: a message is acknowledged, and gone from the queue, when the method returns; thrown exceptions bring it back. */
@Component
class Warehouse {
    private static final Logger LOG = LoggerFactory.getLogger(Warehouse.class);

    private final BlockingQueue<String> packed = new LinkedBlockingQueue<>();

    @RabbitListener(queues = ShopApplication.ORDERS)
    void pack(Message order) {
        String text = new String(order.getBody(), StandardCharsets.UTF_8);
        LOG.info("packed: {}", text);
        packed.add(text);
    }

    BlockingQueue<String> packed() {
        return packed;
    }
}

package dev.pabal.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Work that may fail: what a worker rejects waits for a while and comes back; what has failed three times is put aside for a person to look
 * at. The waiting is a queue without consumers, whose messages expire back into the work queue. Nothing is lost on the way, for each step is
 * stored before the one before is forgotten.
 */
public final class WorkQueue {
    private static final int ATTEMPTS = 3;
    private static final int RETRY_AFTER_MS = 200;

    private WorkQueue() {}

    /** @param args the broker's AMQP address */
    public static void main(String[] args) throws Exception {
        run(Amqp.address(args)).forEach(System.out::println);
    }

    static List<String> run(String address) throws Exception {
        BlockingQueue<String> log = new LinkedBlockingQueue<>();
        CountDownLatch settled = new CountDownLatch(2);
        try (Connection connection = Amqp.connect(address)) {
            Channel channel = connection.createChannel();
            declare(channel);
            Received failed = Received.from(connection.createChannel(), "work.failed");
            Channel worker = connection.createChannel();
            worker.basicQos(1);
            worker.basicConsume("work.jobs", false, (tag, job) -> work(worker, job, log, settled), tag -> {});

            channel.confirmSelect();
            for (String job : List.of("a good job", "a bad job")) {
                channel.basicPublish("", "work.jobs", MessageProperties.PERSISTENT_TEXT_PLAIN, job.getBytes(UTF_8));
            }
            channel.waitForConfirmsOrDie(30_000);
            settled.await(30, TimeUnit.SECONDS);
            failed.take(1).forEach(job -> log.add("put aside: " + job));
            return List.copyOf(log);
        }
    }

    private static void declare(Channel channel) throws IOException {
        channel.queueDeclare("work.failed", true, false, false, Map.of());
        channel.queueDeclare(
                "work.jobs",
                true,
                false,
                false,
                Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "work.retry"));
        channel.queueDeclare(
                "work.retry",
                true,
                false,
                false,
                Map.of(
                        "x-message-ttl",
                        RETRY_AFTER_MS,
                        "x-dead-letter-exchange",
                        "",
                        "x-dead-letter-routing-key",
                        "work.jobs"));
    }

    private static void work(Channel channel, Delivery job, BlockingQueue<String> log, CountDownLatch settled)
            throws IOException {
        String text = new String(job.getBody(), UTF_8);
        long tag = job.getEnvelope().getDeliveryTag();
        long attempt = 1 + rejections(job);
        if (text.contains("good")) {
            log.add("done: " + text);
            channel.basicAck(tag, false);
            settled.countDown();
        } else if (attempt < ATTEMPTS) {
            log.add("failed, attempt " + attempt + ": " + text);
            channel.basicReject(tag, false); // the queue's dead letters go to work.retry
        } else {
            log.add("failed, attempt " + attempt + ": " + text);
            channel.basicPublish("", "work.failed", job.getProperties(), job.getBody());
            channel.basicAck(tag, false);
            settled.countDown();
        }
    }

    /** Each dead-lettering leaves its trace in the header x-death: one entry for each queue and reason, with a count. */
    private static long rejections(Delivery job) {
        Map<String, Object> headers = job.getProperties().getHeaders();
        if (headers == null || !(headers.get("x-death") instanceof List<?> deaths)) {
            return 0;
        }
        return deaths.stream()
                .map(death -> (Map<?, ?>) death)
                .filter(death -> "rejected".equals(String.valueOf(death.get("reason"))))
                .mapToLong(death -> (Long) death.get("count"))
                .sum();
    }
}

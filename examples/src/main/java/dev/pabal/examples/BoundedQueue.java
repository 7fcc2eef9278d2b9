package dev.pabal.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Producer and consumer over a queue of ten places, the classic of concurrent programming between two programs: the producer waits while it
 * is full, for the broker refuses what has no place; the consumer waits while it is empty, for nothing is sent to it.
 */
public final class BoundedQueue {
    private static final int PLACES = 10;
    private static final int MESSAGES = 50;
    private static final long WORK_MS = 5;
    private static final long PAUSE_MS = 20;

    private BoundedQueue() {}

    /** What happened: what the consumer got, in its order, and how often the producer had to wait. */
    record Outcome(List<String> received, int waits) {}

    /** @param args the broker's AMQP address */
    public static void main(String[] args) throws Exception {
        Outcome outcome = run(Amqp.address(args));
        System.out.println("Received " + outcome.received().size() + " messages; the producer found the queue full "
                + outcome.waits() + " times.");
    }

    static Outcome run(String address) throws Exception {
        try (Connection connection = Amqp.connect(address)) {
            Channel consumer = connection.createChannel();
            consumer.queueDeclare(
                    "bounded.shelf",
                    true,
                    false,
                    false,
                    Map.of("x-max-length", PLACES, "x-overflow", "reject-publish"));
            Received received = new Received();
            CountDownLatch full = new CountDownLatch(1);
            consumer.basicQos(1);
            consumer.basicConsume(
                    "bounded.shelf",
                    false,
                    (tag, message) -> {
                        awaitOpening(full);
                        pause(WORK_MS);
                        consumer.basicAck(message.getEnvelope().getDeliveryTag(), false);
                        received.add(message);
                    },
                    tag -> {});
            int waits = produce(connection, full);
            return new Outcome(received.take(MESSAGES), waits);
        }
    }

    private static int produce(Connection connection, CountDownLatch full) throws Exception {
        AtomicInteger waits = new AtomicInteger();
        try (Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            for (int i = 0; i < MESSAGES; i++) {
                byte[] body = ("thing " + i).getBytes(UTF_8);
                channel.basicPublish("", "bounded.shelf", MessageProperties.PERSISTENT_TEXT_PLAIN, body);
                while (!channel.waitForConfirms(30_000)) { // false: refused, the queue is full
                    waits.incrementAndGet();
                    full.countDown();
                    pause(PAUSE_MS);
                    channel.basicPublish("", "bounded.shelf", MessageProperties.PERSISTENT_TEXT_PLAIN, body);
                }
            }
        }
        return waits.get();
    }

    /** The consumer begins when the shelf is full: on a slow disk it would be quicker than the producer, and the shelf never be full. */
    private static void awaitOpening(CountDownLatch full) {
        try {
            full.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

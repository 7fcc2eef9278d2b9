package dev.pabal.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Many receivers, one of them for each message: consumers of one queue take turns, and with a prefetch of 1 the free one gets the next. */
public final class Anycast {
    private static final int MESSAGES = 12;

    private Anycast() {}

    /** @param args the broker's AMQP address */
    public static void main(String[] args) throws Exception {
        run(Amqp.address(args)).forEach((who, count) -> System.out.println(who + " did " + count + " of " + MESSAGES));
    }

    static Map<String, Integer> run(String address) throws Exception {
        Map<String, Integer> done = new ConcurrentSkipListMap<>();
        CountDownLatch all = new CountDownLatch(MESSAGES);
        // Each rider is a program of its own: consumers of one connection may have to share a thread.
        try (Connection connection = Amqp.connect(address);
                Connection quick = Amqp.connect(address);
                Connection slow = Amqp.connect(address)) {
            Channel publisher = connection.createChannel();
            publisher.queueDeclare("anycast.riders", true, false, false, Map.of());
            work(quick, "a quick rider", 1, done, all);
            work(slow, "a slow rider", 1_000, done, all);

            publisher.confirmSelect();
            for (int i = 0; i < MESSAGES; i++) {
                publisher.basicPublish(
                        "", "anycast.riders", MessageProperties.PERSISTENT_TEXT_PLAIN, ("letter " + i).getBytes(UTF_8));
            }
            publisher.waitForConfirmsOrDie(30_000);
            all.await(60, TimeUnit.SECONDS);
        }
        return done;
    }

    private static void work(
            Connection connection, String who, long workMs, Map<String, Integer> done, CountDownLatch all)
            throws Exception {
        Channel channel = connection.createChannel();
        channel.basicQos(1); // no more than one unacknowledged: the next message goes to whoever has none
        channel.basicConsume(
                "anycast.riders",
                false,
                (tag, message) -> {
                    pause(workMs);
                    done.merge(who, 1, Integer::sum);
                    channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
                    all.countDown();
                },
                tag -> {});
    }

    private static void pause(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

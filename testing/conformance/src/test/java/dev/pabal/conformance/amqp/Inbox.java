package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A consumer that keeps what it is delivered until the test asks for it. */
final class Inbox extends DefaultConsumer {
    /** How long a delivery that must not come is waited for. */
    private static final long SILENCE_MS = 120;

    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final CountDownLatch cancelOk = new CountDownLatch(1);
    private final CountDownLatch shutdown = new CountDownLatch(1);

    private int served;

    Inbox(Channel channel) {
        super(channel);
    }

    @Override
    public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        deliveries.add(new Delivery(envelope, properties, body));
    }

    @Override
    public void handleCancel(String consumerTag) {
        cancelled.countDown();
    }

    @Override
    public void handleCancelOk(String consumerTag) {
        cancelOk.countDown();
    }

    @Override
    public void handleShutdownSignal(String consumerTag, ShutdownSignalException sig) {
        shutdown.countDown();
    }

    /** The next delivery; fails when none comes. */
    Delivery next() throws InterruptedException {
        @Nullable Delivery delivery = deliveries.poll(AmqpTest.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(delivery).as("a delivery").isNotNull();
        return delivery;
    }

    String nextText() throws InterruptedException {
        return text(next());
    }

    /** The next {@code count} deliveries, and no more than those. */
    List<Delivery> exactly(int count) throws InterruptedException {
        List<Delivery> all = take(count);
        assertNothingMore();
        return all;
    }

    /** The next {@code count} deliveries. */
    List<Delivery> take(int count) throws InterruptedException {
        List<Delivery> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(next());
        }
        return all;
    }

    void assertNothingMore() throws InterruptedException {
        @Nullable Delivery delivery = deliveries.poll(SILENCE_MS, TimeUnit.MILLISECONDS);
        assertThat(delivery).as("no further delivery").isNull();
    }

    /** Takes and acknowledges the next delivery, and counts it. */
    void assertServed(Channel channel) throws InterruptedException, IOException {
        channel.basicAck(tag(next()), false);
        served++;
    }

    /** How many deliveries {@link #assertServed} has acknowledged. */
    int served() {
        return served;
    }

    int waiting() {
        return deliveries.size();
    }

    void assertCancelledByBroker() throws InterruptedException {
        assertThat(cancelled.await(AmqpTest.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("cancelled by the broker")
                .isTrue();
    }

    void assertCancelOk() throws InterruptedException {
        assertThat(cancelOk.await(AmqpTest.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("cancel-ok")
                .isTrue();
    }

    void assertShutdown() throws InterruptedException {
        assertThat(shutdown.await(AmqpTest.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("told of the end of the channel")
                .isTrue();
    }

    static String text(Delivery delivery) {
        return new String(delivery.getBody(), StandardCharsets.UTF_8);
    }

    static List<String> texts(List<Delivery> deliveries) {
        return deliveries.stream().map(Inbox::text).toList();
    }

    static long tag(Delivery delivery) {
        return delivery.getEnvelope().getDeliveryTag();
    }
}

package dev.pabal.benchmarks;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Consumers, over any number of queues and connections, that count up to a number of messages. */
final class Drain {
    private static final long TIMEOUT_MS = 300_000;
    private static final int PREFETCH = 1_000;
    private static final int ACK_EVERY = 100;

    private final long count;
    private final AtomicLong received = new AtomicLong();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long firstNs;
    private volatile long lastNs;

    Drain(long count) {
        this.count = count;
    }

    /** A consumer whose messages need no acknowledgement. */
    void consume(Channel channel, String queue) throws IOException {
        channel.basicConsume(queue, true, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                delivered();
            }
        });
    }

    /** The only consumer of this drain: settles no more than the count, a hundred at a time, so that the rest stays in the queue. */
    void consumeAndAck(Channel channel, String queue) throws IOException {
        channel.basicQos(PREFETCH);
        channel.basicConsume(queue, false, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                    throws IOException {
                long number = delivered();
                if (number <= count && (number % ACK_EVERY == 0 || number == count)) {
                    channel.basicAck(envelope.getDeliveryTag(), true);
                }
            }
        });
    }

    private long delivered() {
        long number = received.incrementAndGet();
        if (number == 1) {
            firstNs = System.nanoTime();
        } else if (number == count) {
            lastNs = System.nanoTime();
            done.countDown();
        }
        return number;
    }

    /** Waits for the last message and returns messages a second from the first to the last. */
    double await() {
        try {
            if (!done.await(TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("only " + received.get() + " of " + count + " messages came");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return count / ((lastNs - firstNs) / 1e9);
    }
}

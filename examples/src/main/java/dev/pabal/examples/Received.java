package dev.pabal.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A receiver of the examples: consumes one queue, acknowledges each message and keeps its text. */
final class Received {
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

    /** Begins to consume. */
    static Received from(Channel channel, String queue) throws IOException {
        Received received = new Received();
        channel.basicConsume(
                queue,
                false,
                (tag, message) -> {
                    channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
                    received.add(message);
                },
                tag -> {});
        return received;
    }

    /** Keeps a message's text, for consumers that acknowledge in their own way. */
    void add(Delivery message) {
        texts.add(new String(message.getBody(), UTF_8));
    }

    /** Waits for so many more texts; what came within half a minute if fewer. */
    List<String> take(int count) throws InterruptedException {
        List<String> taken = new ArrayList<>();
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (taken.size() < count) {
            String text = texts.poll(Math.max(0, endNs - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (text == null) {
                break;
            }
            taken.add(text);
        }
        return taken;
    }
}

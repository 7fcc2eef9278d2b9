package dev.pabal.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A consumer that was down: what comes meanwhile waits in its durable queue, and what it had in hand when it fell goes back to its place. */
public final class CatchUp {
    private static final String QUEUE = "catch-up.ledger";

    private CatchUp() {}

    /** @param args the broker's AMQP address */
    public static void main(String[] args) throws Exception {
        System.out.println("Before and after the fall: " + run(Amqp.address(args)));
    }

    static List<String> run(String address) throws Exception {
        List<String> entered = new ArrayList<>();
        try (Connection connection = Amqp.connect(address);
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(QUEUE, true, false, false, Map.of());
            publish(channel, "entry 1", "entry 2");
        }
        try (Connection falling = Amqp.connect(address);
                Channel channel = falling.createChannel()) {
            GetResponse first = channel.basicGet(QUEUE, false);
            entered.add(new String(first.getBody(), UTF_8));
            channel.basicAck(first.getEnvelope().getDeliveryTag(), false);
            channel.basicGet(QUEUE, false); // entry 2 is in hand, not acknowledged, when the consumer falls
        }
        try (Connection connection = Amqp.connect(address);
                Channel channel = connection.createChannel()) {
            publish(channel, "entry 3", "entry 4"); // nobody listens
        }
        try (Connection risen = Amqp.connect(address)) {
            Received received = Received.from(risen.createChannel(), QUEUE);
            entered.addAll(received.take(3));
        }
        return entered;
    }

    private static void publish(Channel channel, String... entries) throws Exception {
        channel.confirmSelect();
        for (String entry : entries) {
            channel.basicPublish("", QUEUE, MessageProperties.PERSISTENT_TEXT_PLAIN, entry.getBytes(UTF_8));
        }
        channel.waitForConfirmsOrDie(30_000);
    }
}

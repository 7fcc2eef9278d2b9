package dev.pabal.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import java.util.ArrayList;
import java.util.List;

/** One sender, every receiver: a fanout exchange copies each message to all queues that are bound to it, here one for each program. */
public final class Broadcast {
    private static final int RECEIVERS = 3;

    private Broadcast() {}

    /** @param args the broker's AMQP address */
    public static void main(String[] args) throws Exception {
        run(Amqp.address(args)).forEach(received -> System.out.println("A receiver got " + received));
    }

    static List<List<String>> run(String address) throws Exception {
        try (Connection connection = Amqp.connect(address);
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("broadcast.news", BuiltinExchangeType.FANOUT, true);
            List<Received> receivers = new ArrayList<>();
            for (int i = 0; i < RECEIVERS; i++) {
                // A queue that the broker names, for this connection only: it goes when the connection does.
                String queue = channel.queueDeclare().getQueue();
                channel.queueBind(queue, "broadcast.news", "");
                receivers.add(Received.from(channel, queue));
            }

            channel.confirmSelect();
            for (String headline : List.of("the king is dead", "long live the king")) {
                channel.basicPublish("broadcast.news", "", MessageProperties.TEXT_PLAIN, headline.getBytes(UTF_8));
            }
            channel.waitForConfirmsOrDie(30_000);

            List<List<String>> received = new ArrayList<>();
            for (Received receiver : receivers) {
                received.add(receiver.take(2));
            }
            return received;
        }
    }
}

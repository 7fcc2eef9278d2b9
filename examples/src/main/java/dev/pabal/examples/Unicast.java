package dev.pabal.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.util.Map;

/** One sender, one receiver: a message goes to the queue it names, waits there until it is fetched, and is gone once acknowledged. */
public final class Unicast {
    private Unicast() {}

    /** @param args the broker's AMQP address */
    public static void main(String[] args) throws Exception {
        System.out.println("The post office received: " + run(Amqp.address(args)));
    }

    static String run(String address) throws Exception {
        try (Connection connection = Amqp.connect(address);
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("unicast.post-office", true, false, false, Map.of());

            // The default exchange, which has no name, knows every queue by its own name.
            channel.confirmSelect();
            channel.basicPublish(
                    "", "unicast.post-office", MessageProperties.PERSISTENT_TEXT_PLAIN, "one letter".getBytes(UTF_8));
            channel.waitForConfirmsOrDie(30_000); // from here on it is on disk

            GetResponse letter = channel.basicGet("unicast.post-office", false);
            channel.basicAck(letter.getEnvelope().getDeliveryTag(), false);
            return new String(letter.getBody(), UTF_8);
        }
    }
}

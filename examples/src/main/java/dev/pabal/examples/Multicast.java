package dev.pabal.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One sender, those receivers that asked for it: a topic exchange compares each message's key with the patterns of its bindings. */
public final class Multicast {
    private Multicast() {}

    /** @param args the broker's AMQP address */
    public static void main(String[] args) throws Exception {
        run(Amqp.address(args)).forEach((who, what) -> System.out.println(who + " received " + what));
    }

    static Map<String, List<String>> run(String address) throws Exception {
        try (Connection connection = Amqp.connect(address);
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("multicast.weather", BuiltinExchangeType.TOPIC, true);
            bind(channel, "multicast.seoul", "korea.seoul.*");
            bind(channel, "multicast.korea", "korea.#");
            bind(channel, "multicast.storms", "*.*.storm");

            channel.confirmSelect();
            for (String key : List.of("korea.seoul.sun", "korea.busan.storm", "japan.osaka.storm", "japan.osaka.sun")) {
                // Nobody asked for the last one: it goes nowhere, and that is no error.
                channel.basicPublish(
                        "multicast.weather", key, MessageProperties.PERSISTENT_TEXT_PLAIN, key.getBytes(UTF_8));
            }
            channel.waitForConfirmsOrDie(30_000);

            Map<String, List<String>> received = new TreeMap<>();
            received.put("seoul", Received.from(channel, "multicast.seoul").take(1));
            received.put("korea", Received.from(channel, "multicast.korea").take(2));
            received.put("storms", Received.from(channel, "multicast.storms").take(2));
            return received;
        }
    }

    private static void bind(Channel channel, String queue, String pattern) throws Exception {
        channel.queueDeclare(queue, true, false, false, Map.of());
        channel.queueBind(queue, "multicast.weather", pattern);
    }
}

package dev.pabal.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reading again: a stream keeps its messages when they are consumed, and each reader says where it begins. */
public final class Replay {
    private static final String STREAM = "replay.diary";

    private Replay() {}

    /** @param args the broker's AMQP address */
    public static void main(String[] args) throws Exception {
        run(Amqp.address(args)).forEach(read -> System.out.println("A reader read " + read));
    }

    static List<List<String>> run(String address) throws Exception {
        try (Connection connection = Amqp.connect(address)) {
            Channel channel = connection.createChannel();
            channel.queueDelete(STREAM); // so that the example can be run again
            channel.queueDeclare(STREAM, true, false, false, Map.of("x-queue-type", "stream"));
            channel.confirmSelect();
            for (String day : List.of("Monday", "Tuesday", "Wednesday")) {
                channel.basicPublish("", STREAM, MessageProperties.PERSISTENT_TEXT_PLAIN, day.getBytes(UTF_8));
            }
            channel.waitForConfirmsOrDie(30_000);

            List<List<String>> read = new ArrayList<>();
            read.add(read(connection, "first", 3));
            read.add(read(connection, "first", 3)); // once more
            read.add(read(connection, 1L, 2)); // from an offset on
            return read;
        }
    }

    private static List<String> read(Connection connection, Object from, int count) throws Exception {
        try (Channel channel = connection.createChannel()) {
            Received received = new Received();
            channel.basicQos(100); // streams need a prefetch
            channel.basicConsume(
                    STREAM,
                    false,
                    Map.of("x-stream-offset", from),
                    (tag, message) -> {
                        channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
                        received.add(message);
                    },
                    tag -> {});
            return received.take(count);
        }
    }
}

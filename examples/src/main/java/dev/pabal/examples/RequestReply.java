package dev.pabal.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Request and reply: the request names where its answer goes and by what it will be known; direct reply-to needs no queue for that. */
public final class RequestReply {
    private static final String REPLIES = "amq.rabbitmq.reply-to";

    private RequestReply() {}

    /** @param args the broker's AMQP address */
    public static void main(String[] args) throws Exception {
        System.out.println("6 x 7 = " + run(Amqp.address(args), "6 7"));
    }

    static String run(String address, String question) throws Exception {
        try (Connection server = Amqp.connect(address);
                Connection client = Amqp.connect(address)) {
            serve(server.createChannel());

            Channel channel = client.createChannel();
            String id = UUID.randomUUID().toString();
            CompletableFuture<String> answer = new CompletableFuture<>();
            channel.basicConsume(
                    REPLIES,
                    true,
                    (tag, reply) -> {
                        if (id.equals(reply.getProperties().getCorrelationId())) {
                            answer.complete(new String(reply.getBody(), UTF_8));
                        }
                    },
                    tag -> {});
            AMQP.BasicProperties asking = new AMQP.BasicProperties.Builder()
                    .replyTo(REPLIES)
                    .correlationId(id)
                    .expiration("30000") // nobody waits for longer than that
                    .build();
            channel.basicPublish("", "rpc.products", asking, question.getBytes(UTF_8));
            return answer.get(30, TimeUnit.SECONDS);
        }
    }

    private static void serve(Channel channel) throws Exception {
        channel.queueDeclare("rpc.products", true, false, false, Map.of());
        channel.basicConsume(
                "rpc.products",
                false,
                (tag, request) -> {
                    String[] factors = new String(request.getBody(), UTF_8).split(" ");
                    String product = Integer.toString(Integer.parseInt(factors[0]) * Integer.parseInt(factors[1]));
                    AMQP.BasicProperties answering = new AMQP.BasicProperties.Builder()
                            .correlationId(request.getProperties().getCorrelationId())
                            .build();
                    channel.basicPublish("", request.getProperties().getReplyTo(), answering, product.getBytes(UTF_8));
                    channel.basicAck(request.getEnvelope().getDeliveryTag(), false);
                },
                tag -> {});
    }
}

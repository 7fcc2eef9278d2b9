package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.RpcClient;
import com.rabbitmq.client.RpcClientParams;
import com.rabbitmq.client.RpcServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Requests whose replies come back on the requester's channel, without a queue. */
class DirectReplyToTest extends AmqpTest {
    private static final String REPLY_TO = "amq.rabbitmq.reply-to";

    DirectReplyToTest(AmqpUnderTest broker) {
        super(broker);
    }

    /** Sends a request to a queue of its own and returns the address of the reply, as the one asked sees it. */
    private String request(Inbox inbox) throws IOException {
        channel.basicConsume(REPLY_TO, true, inbox);
        String server = queue();
        channel.basicPublish("", server, properties().replyTo(REPLY_TO).build(), bytes("request"));
        return get(server).getProps().getReplyTo();
    }

    @Test
    void aReplyComesBack() throws Exception {
        Inbox inbox = new Inbox(channel);
        String address = request(inbox);
        assertThat(address).startsWith(REPLY_TO + ".");
        try (Connection server = broker.connect()) {
            Channel replying = server.createChannel();
            assertThat(replying.queueDeclarePassive(address).getQueue()).isEqualTo(address);
            replying.confirmSelect();
            replying.basicPublish(
                    "", address, true, properties().correlationId("7").build(), bytes("response"));
            assertThat(replying.waitForConfirms(PATIENCE.toMillis())).isTrue();
            Delivery reply = inbox.next();
            assertThat(Inbox.text(reply)).isEqualTo("response");
            assertThat(reply.getProperties().getCorrelationId()).isEqualTo("7");
            assertThat(reply.getEnvelope().getExchange()).isEmpty();
            assertThat(reply.getEnvelope().getRoutingKey()).isEqualTo(address);
        }
    }

    @Test
    void anAddressCannotBeGuessed() throws Exception {
        Inbox inbox = new Inbox(channel);
        String address = request(inbox);
        String guessed = address.substring(0, address.length() - 5) + "xxxxx";
        Channel guessing = connection.createChannel();
        assertThat(Refusal.of(guessing, () -> guessing.queueDeclarePassive(guessed))
                        .code())
                .isEqualTo(AMQP.NOT_FOUND);
        publish(guessed, "not for you");
        channel.basicQos(0);
        inbox.assertNothingMore();
        publish(address, "for you");
        assertThat(inbox.nextText()).isEqualTo("for you");
    }

    @Test
    void aRequesterThatIsGoneIsNotFound() throws Exception {
        Inbox inbox = new Inbox(channel);
        String address = request(inbox);
        channel.close();
        Channel replying = connection.createChannel();
        assertThat(Refusal.of(replying, () -> replying.queueDeclarePassive(address))
                        .code())
                .isEqualTo(AMQP.NOT_FOUND);
    }

    @Test
    void itIsConsumedOncePerChannelAndWithoutAcknowledging() throws IOException {
        assertRefused(AMQP.PRECONDITION_FAILED, () -> channel.basicConsume(REPLY_TO, false, new Inbox(channel)));
        String tag = channel.basicConsume(REPLY_TO, true, new Inbox(channel));
        channel.basicCancel(tag);
        String again = channel.basicConsume(REPLY_TO, true, new Inbox(channel));
        assertThat(again).isNotEqualTo(tag);
        assertRefused(AMQP.PRECONDITION_FAILED, () -> channel.basicConsume(REPLY_TO, true, new Inbox(channel)));
    }

    @Test
    void aRequestNeedsTheConsumerFirst() throws IOException {
        Refusal refusal = refused(() -> channel.basicPublish(
                "", "somewhere", properties().replyTo(REPLY_TO).build(), bytes("m")));
        assertThat(refusal)
                .isEqualTo(new Refusal(406, "PRECONDITION_FAILED - fast reply consumer does not exist", false));
    }

    @Test
    void theClientsOwnCallsWorkWithIt() throws Exception {
        String queue = queue();
        Channel serving = connection.createChannel();
        RpcServer server = new RpcServer(serving, queue) {
            @Override
            public byte[] handleCall(byte[] requestBody, AMQP.BasicProperties replyProperties) {
                return bytes("re: " + new String(requestBody, StandardCharsets.UTF_8));
            }
        };
        Thread loop = new Thread(() -> {
            try {
                server.mainloop();
            } catch (IOException e) {
                // The test is over.
            }
        });
        loop.start();
        RpcClient client = new RpcClient(new RpcClientParams()
                .channel(channel)
                .exchange("")
                .routingKey(queue)
                .timeout((int) PATIENCE.toMillis()));
        for (int i = 0; i < 20; i++) {
            assertThat(client.stringCall("call " + i)).isEqualTo("re: call " + i);
        }
        client.close();
        serving.close();
        loop.join(PATIENCE.toMillis());
    }
}

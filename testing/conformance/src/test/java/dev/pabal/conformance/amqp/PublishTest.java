package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.impl.LongStringHelper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message carries, what is refused of it, and what comes back when nobody wants it. */
class PublishTest extends AmqpTest {
    PublishTest(AmqpUnderTest broker) {
        super(broker);
    }

    @Test
    void everyPropertyArrivesAsItWasSent() throws IOException {
        String queue = queue();
        AMQP.BasicProperties sent = properties()
                .contentType("application/json")
                .contentEncoding("gzip")
                .headers(Map.of("h", 1))
                .deliveryMode(2)
                .priority(3)
                .correlationId("correlation")
                .replyTo("somewhere")
                .expiration("60000")
                .messageId("id-1")
                .timestamp(new Date(1_700_000_000_000L))
                .type("kind")
                .userId("guest")
                .appId("app")
                .clusterId("cluster")
                .build();
        channel.basicPublish("", queue, sent, bytes("{}"));
        AMQP.BasicProperties arrived = get(queue).getProps();
        assertThat(arrived).isEqualTo(sent);
        channel.basicPublish("", queue, null, bytes("none"));
        AMQP.BasicProperties none = get(queue).getProps();
        assertThat(none.getHeaders()).isNull();
        assertThat(none.getDeliveryMode()).isNull();
        assertThat(none.getContentType()).isNull();
    }

    @Test
    void everyTypeOfAFieldTableArrivesAsItWasSent() throws IOException {
        String queue = queue();
        Map<String, Object> headers = table(
                "S",
                LongStringHelper.asLongString("string"),
                "I",
                1,
                "D",
                new BigDecimal("1.1"),
                "T",
                new Date(1_000_000),
                "F",
                Map.of("key", 1),
                "b",
                (byte) -1,
                "d",
                1.1d,
                "f",
                1.1f,
                "l",
                Long.MIN_VALUE,
                "s",
                (short) -2,
                "t",
                true,
                "V",
                null,
                "A",
                List.of(LongStringHelper.asLongString("foo"), 123, Map.of("deep", List.of(1L))));
        byte[] binary = {0, 1, -1};
        headers.put("x", binary);
        channel.basicPublish("", queue, properties().headers(headers).build(), new byte[0]);
        Map<String, Object> arrived = get(queue).getProps().getHeaders();
        assertThat((byte[]) arrived.remove("x")).isEqualTo(binary);
        headers.remove("x");
        assertThat(arrived).isEqualTo(headers);
        // The same in a method's arguments, of which the broker knows none.
        headers.put("x", binary);
        String exchange = unique("x");
        channel.exchangeDeclare(exchange, "direct", false, false, headers);
        channel.exchangeDelete(exchange);
    }

    @Test
    void headersKeepTheirOrderAndTheirLength() throws IOException {
        String queue = queue();
        String large = "v".repeat(60_000);
        channel.basicPublish(
                "", queue, properties().headers(table("large", large)).build(), bytes("m"));
        LongString arrived = (LongString) get(queue).getProps().getHeaders().get("large");
        assertThat(arrived.length()).isEqualTo(60_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_088, 131_064, 131_065, 262_128, 1_000_003, 8_000_000})
    void bodiesOfAllSizesArrive(int size) throws IOException {
        String queue = queue();
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        channel.basicPublish("", queue, null, body);
        assertThat(Arrays.equals(get(queue).getBody(), body)).isTrue();
    }

    @Test
    void aMandatoryMessageThatNobodyWantsComesBackWhole() throws Exception {
        BlockingQueue<Return> returned = new LinkedBlockingQueue<>();
        channel.addReturnListener(returned::add);
        String queue = queue();
        AMQP.BasicProperties sent =
                properties().messageId("m").headers(Map.of("h", 1)).build();
        String nobody = unique("nobody");
        channel.basicPublish("", nobody, true, sent, bytes("come back"));
        @Nullable Return back = returned.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(back).isNotNull();
        assertThat(back.getReplyCode()).isEqualTo(AMQP.NO_ROUTE);
        assertThat(back.getReplyText()).isEqualTo("NO_ROUTE");
        assertThat(back.getExchange()).isEmpty();
        assertThat(back.getRoutingKey()).isEqualTo(nobody);
        assertThat(back.getProperties()).isEqualTo(sent);
        assertThat(new String(back.getBody(), StandardCharsets.UTF_8)).isEqualTo("come back");

        channel.basicPublish("", queue, true, null, bytes("routed"));
        assertThat(take(queue)).isEqualTo("routed");
        channel.basicPublish("amq.fanout", unique("k"), false, null, bytes("not mandatory"));
        channel.basicQos(0);
        assertThat(returned).isEmpty();
    }

    @Test
    void immediateIsNotImplemented() throws IOException {
        String queue = queue();
        Refusal refusal = refused(() -> channel.basicPublish("", queue, false, true, null, bytes("m")));
        assertThat(refusal).isEqualTo(new Refusal(540, "NOT_IMPLEMENTED - immediate=true", true));
    }

    @Test
    void theUserIdIsTheLogin() throws IOException {
        String queue = queue(Map.of());
        channel.basicPublish("", queue, properties().userId("guest").build(), bytes("m"));
        assertThat(take(queue)).isEqualTo("m");
        Refusal refusal = refused(() -> channel.basicPublish(
                "", queue, properties().userId("not the guest, honest").build(), bytes("m")));
        assertThat(refusal)
                .isEqualTo(new Refusal(
                        406,
                        "PRECONDITION_FAILED - user_id property set to 'not the guest, honest' but authenticated user was"
                                + " 'guest'",
                        false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foobar      | no_integer",
                "10000foobar | {leftover_string,\"foobar\"}",
                "-10         | {value_negative,-10}",
                "''          | no_integer",
                "1.5         | {leftover_string,\".5\"}",
                "' 5'        | no_integer",
                "99999999999 | {value_too_big,99999999999}"
            })
    void anExpirationIsANumberOfMilliseconds(String wrong, String why) throws IOException {
        Refusal refusal = refused(() ->
                channel.basicPublish("", "k", properties().expiration(wrong).build(), bytes("m")));
        assertThat(refusal.code()).isEqualTo(AMQP.PRECONDITION_FAILED);
        assertThat(refusal.text()).isEqualTo("PRECONDITION_FAILED - invalid expiration '" + wrong + "': " + why);
    }

    @Test
    void aTopicReachesTheQueueBeforeALaterDeclareAnswers() throws IOException {
        String queue = queue(Map.of());
        Channel other = connection.createChannel();
        for (int i = 0; i < 50; i++) {
            publish(queue, "" + i);
            channel.basicQos(0);
        }
        for (int i = 0; i < 50; i++) {
            @Nullable GetResponse response = other.basicGet(queue, true);
            assertThat(response).as("message %d on another channel", i).isNotNull();
            assertThat(text(response)).isEqualTo("" + i);
        }
    }
}

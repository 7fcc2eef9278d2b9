package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams over AMQP: reading does not take, and starts where the consumer says. */
class StreamTest extends AmqpTest {
    private String stream = "";

    StreamTest(AmqpUnderTest broker) {
        super(broker);
    }

    @BeforeEach
    void declare() throws IOException {
        stream = unique("stream");
        channel.queueDeclare(stream, true, false, false, table("x-queue-type", "stream"));
        channel.confirmSelect();
    }

    @AfterEach
    void delete() throws IOException {
        connection.createChannel().queueDelete(stream);
    }

    private void fill(int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            publish(stream, "" + i);
        }
        channel.waitForConfirmsOrDie(PATIENCE.toMillis());
    }

    private Inbox read(@Nullable Object offset) throws IOException {
        Inbox inbox = new Inbox(channel);
        channel.basicQos(100);
        channel.basicConsume(stream, false, offset == null ? Map.of() : table("x-stream-offset", offset), inbox);
        return inbox;
    }

    private static long offset(Delivery delivery) {
        return ((Number) delivery.getProperties().getHeaders().get("x-stream-offset")).longValue();
    }

    @Test
    void theFirstIsReadAgainAndAgain() throws Exception {
        fill(0, 10);
        for (int i = 0; i < 2; i++) {
            Inbox inbox = read("first");
            List<Delivery> all = inbox.exactly(10);
            assertThat(Inbox.texts(all)).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
            assertThat(all).extracting(StreamTest::offset).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
            for (Delivery delivery : all) {
                channel.basicAck(Inbox.tag(delivery), false);
            }
        }
    }

    @Test
    void readingStartsAtAnOffset() throws Exception {
        fill(0, 10);
        assertThat(Inbox.texts(read(7L).exactly(3))).containsExactly("7", "8", "9");
        assertThat(Inbox.texts(read(9).exactly(1))).containsExactly("9");
    }

    @Test
    void nextIsWhatComes() throws Exception {
        fill(0, 3);
        Inbox named = read("next");
        Inbox unnamed = read(null);
        fill(3, 5);
        assertThat(Inbox.texts(named.exactly(2))).containsExactly("3", "4");
        assertThat(Inbox.texts(unnamed.exactly(2))).containsExactly("3", "4");
    }

    @Test
    void lastIsTheEndOfWhatIsThere() throws Exception {
        fill(0, 3);
        Inbox inbox = read("last");
        assertThat(inbox.next()).isNotNull();
    }

    @Test
    void timesAndIntervalsAreTaken() throws Exception {
        fill(0, 3);
        assertThat(Inbox.texts(read(new Date(0)).take(3))).containsExactly("0", "1", "2");
        assertThat(Inbox.texts(read("1h").take(3))).containsExactly("0", "1", "2");
    }

    @Test
    void acknowledgingMakesRoomForMore() throws Exception {
        fill(0, 20);
        Inbox inbox = new Inbox(channel);
        channel.basicQos(5);
        channel.basicConsume(stream, false, table("x-stream-offset", "first"), inbox);
        for (int i = 0; i < 20; i++) {
            Delivery delivery = inbox.next();
            assertThat(Inbox.text(delivery)).isEqualTo("" + i);
            channel.basicAck(Inbox.tag(delivery), false);
        }
    }

    @Test
    void headersAndPropertiesArrive() throws Exception {
        channel.basicPublish(
                "", stream, properties().messageId("id").headers(table("h", 1)).build(), bytes("m"));
        channel.waitForConfirmsOrDie(PATIENCE.toMillis());
        Delivery delivery = read("first").next();
        assertThat(delivery.getProperties().getMessageId()).isEqualTo("id");
        assertThat(delivery.getProperties().getHeaders()).containsEntry("h", 1);
    }

    @Test
    void whatStreamsCannotDoIsRefused() throws Exception {
        Refusal get = refused(() -> channel.basicGet(stream, false));
        assertThat(get)
                .isEqualTo(new Refusal(
                        AMQP.NOT_IMPLEMENTED,
                        "NOT_IMPLEMENTED - basic.get not supported by stream queues queue '" + stream
                                + "' in vhost '/'",
                        true));
        assertRefused(AMQP.PRECONDITION_FAILED, () -> channel.basicConsume(stream, false, new Inbox(channel)));
        channel.basicQos(10);
        assertRefused(AMQP.NOT_IMPLEMENTED, () -> channel.basicConsume(stream, true, new Inbox(channel)));
        channel.basicQos(10);
        channel.basicQos(10, true);
        assertThat(refused(() -> channel.basicConsume(stream, false, new Inbox(channel)))
                        .text())
                .endsWith("queue '" + stream + "' in vhost '/' does not support global qos");
        Map<String, Object> type = table("x-queue-type", "stream");
        assertRefused(406, () -> channel.queueDeclare(unique("s"), false, false, false, type));
        assertRefused(406, () -> channel.queueDeclare(unique("s"), true, true, false, type));
        assertRefused(406, () -> channel.queueDeclare(unique("s"), true, false, true, type));
        assertRefused(
                406,
                () -> channel.queueDeclare(
                        unique("s"), true, false, false, table("x-queue-type", "stream", "x-message-ttl", 5)));
    }

    @Test
    void anOffsetThatIsNoneIsRefused() throws IOException {
        channel.basicQos(10);
        assertRefused(
                broker.isOracle() ? AMQP.INTERNAL_ERROR : AMQP.PRECONDITION_FAILED,
                () -> channel.basicConsume(stream, false, table("x-stream-offset", "yesterday"), new Inbox(channel)));
    }
}

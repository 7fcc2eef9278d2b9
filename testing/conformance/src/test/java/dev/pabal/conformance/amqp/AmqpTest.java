package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tests with RabbitMQ's Java client share: a connection and a channel of each test's own, and the lines that all would repeat. */
@ExtendWith(AmqpUnderTest.Resolver.class)
abstract class AmqpTest {
    /** How long what must come may take, on a machine that has other things to do. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    protected final AmqpUnderTest broker;
    protected Connection connection;
    protected Channel channel;

    AmqpTest(AmqpUnderTest broker) {
        this.broker = broker;
    }

    @BeforeEach
    final void connect() throws IOException {
        connection = broker.connect();
        channel = connection.createChannel();
    }

    @AfterEach
    final void disconnect() {
        connection.abort();
    }

    /** Another channel in place of the one that the broker closed or that the test has finished with; its messages go back. */
    final void reopenChannel() throws IOException {
        channel.abort();
        channel = connection.createChannel();
    }

    /** Runs what the broker must refuse, returns how, and goes on with another channel, of another connection where need be. */
    final Refusal refused(Refusal.Action action) throws IOException {
        Refusal refusal = Refusal.of(channel, action);
        assertThat(channel.isOpen()).as("the channel after %s", refusal).isFalse();
        assertThat(connection.isOpen()).as("the connection after %s", refusal).isEqualTo(!refusal.closedConnection());
        if (refusal.closedConnection()) {
            connection = broker.connect();
        }
        channel = connection.createChannel();
        return refusal;
    }

    final void assertRefused(int code, Refusal.Action action) throws IOException {
        assertThat(refused(action).code()).isEqualTo(code);
    }

    /** The name of a new queue of this connection's. */
    final String queue() throws IOException {
        return channel.queueDeclare().getQueue();
    }

    /** The name of a new queue of this connection's that stays when its last consumer goes. */
    final String queue(Map<String, Object> arguments) throws IOException {
        return channel.queueDeclare("", false, true, false, arguments).getQueue();
    }

    final void publish(String queue, String... bodies) throws IOException {
        for (String body : bodies) {
            channel.basicPublish("", queue, null, bytes(body));
        }
    }

    final void publishTo(String exchange, String routingKey, String... bodies) throws IOException {
        for (String body : bodies) {
            channel.basicPublish(exchange, routingKey, null, bytes(body));
        }
    }

    /** Takes one message for good, or null when there is none. */
    final @Nullable String take(String queue) throws IOException {
        @Nullable GetResponse response = channel.basicGet(queue, true);
        return response == null ? null : text(response);
    }

    /** Gets one message without acknowledging it; fails when there is none. */
    final GetResponse get(String queue) throws IOException {
        @Nullable GetResponse response = channel.basicGet(queue, false);
        assertThat(response).as("a message in %s", queue).isNotNull();
        return response;
    }

    /** Waits for a message that comes by itself, such as a dead letter, and takes it for good. */
    final GetResponse awaitMessage(String queue) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> channel.basicGet(queue, true), response -> response != null);
    }

    /** Asserts how many messages wait; RabbitMQ may answer before it has queued what the same channel has just published. */
    final void assertCount(String queue, long count) throws IOException {
        if (broker.isOracle()) {
            awaitCount(queue, count);
        }
        assertThat(channel.messageCount(queue)).as("messages in %s", queue).isEqualTo(count);
    }

    final void awaitCount(String queue, long count) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> assertThat(
                        channel.messageCount(queue))
                .isEqualTo(count));
    }

    /** Whether a queue can be found, asked on a channel of its own. */
    final boolean exists(String queue) throws IOException {
        Channel asking = connection.createChannel();
        try {
            asking.queueDeclarePassive(queue);
            asking.abort();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    final boolean exchangeExists(String exchange) throws IOException {
        Channel asking = connection.createChannel();
        try {
            asking.exchangeDeclarePassive(exchange);
            asking.abort();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static long tag(GetResponse response) {
        return response.getEnvelope().getDeliveryTag();
    }

    static String text(GetResponse response) {
        return new String(response.getBody(), StandardCharsets.UTF_8);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A table of names and values, which may be null. */
    static Map<String, Object> table(@Nullable Object... pairs) {
        Map<String, Object> table = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            table.put((String) pairs[i], pairs[i + 1]);
        }
        return table;
    }

    static AMQP.BasicProperties.Builder properties() {
        return new AMQP.BasicProperties.Builder();
    }

    static String unique(String prefix) {
        return AmqpUnderTest.unique(prefix);
    }
}

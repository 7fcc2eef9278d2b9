package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that expire: by their queue's time, by their own, and by the shorter of both. */
class ExpiryTest extends AmqpTest {
    /** Where the time to live stands. */
    enum By {
        QUEUE,
        MESSAGE,
        BOTH
    }

    private By by = By.QUEUE;
    private long ttlMs;

    ExpiryTest(AmqpUnderTest broker) {
        super(broker);
    }

    private String expiring(By where, long ms) throws IOException {
        by = where;
        ttlMs = ms;
        return switch (where) {
            case QUEUE -> queue(table("x-message-ttl", ms));
            case MESSAGE -> queue(Map.of());
            case BOTH -> queue(table("x-message-ttl", 2 * ms));
        };
    }

    private void send(String queue, String... bodies) throws IOException {
        for (String body : bodies) {
            String expiration = by == By.QUEUE ? null : Long.toString(ttlMs);
            channel.basicPublish("", queue, properties().expiration(expiration).build(), bytes(body));
        }
    }

    private static void pass(long ms) {
        LockSupport.parkNanos(ms * 1_000_000);
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void messagesExpireOneAfterTheOther(By where) throws IOException {
        String queue = expiring(where, 400);
        send(queue, "1");
        pass(250);
        send(queue, "2", "3");
        pass(220);
        assertThat(take(queue)).isEqualTo("2");
        assertThat(take(queue)).isEqualTo("3");
        assertThat(take(queue)).isNull();
        send(queue, "4");
        awaitCount(queue, 0);
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void timeRunsFromTheCommit(By where) throws IOException {
        String queue = expiring(where, 400);
        channel.txSelect();
        send(queue, "1");
        pass(450);
        send(queue, "2");
        channel.txCommit();
        assertThat(take(queue)).isEqualTo("1");
        pass(450);
        assertThat(take(queue)).isNull();
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void whatIsGivenBackKeepsItsTime(By where) throws IOException {
        String queue = unique("q");
        by = where;
        ttlMs = 500;
        Map<String, Object> arguments = table();
        if (where != By.MESSAGE) {
            arguments.put("x-message-ttl", where == By.BOTH ? 2 * ttlMs : ttlMs);
        }
        channel.queueDeclare(queue, false, true, false, arguments);
        send(queue, "1");
        pass(300);
        send(queue, "2", "3");
        GetResponse first = get(queue);
        assertThat(text(first)).isEqualTo("1");
        assertThat(first.getMessageCount()).isEqualTo(2);
        assertThat(text(get(queue))).isEqualTo("2");
        reopenChannel();
        pass(280);
        assertThat(text(get(queue))).isEqualTo("2");
        assertThat(text(get(queue))).isEqualTo("3");
        pass(350);
        reopenChannel();
        assertThat(take(queue)).as("expired in flight, and given back").isNull();
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void aDeliveredMessageExpiresWhenGivenBack(By where) throws IOException, InterruptedException {
        String queue = expiring(where, 150);
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, inbox);
        send(queue, "1");
        inbox.next();
        pass(200);
        reopenChannel();
        assertThat(take(queue)).isNull();
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void withATimeOfZeroOnlyAWaitingConsumerGetsIt(By where) throws IOException, InterruptedException {
        String queue = expiring(where, 0);
        send(queue, "nobody waits");
        assertThat(take(queue)).isNull();
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, inbox);
        send(queue, "somebody waits");
        Delivery delivery = inbox.next();
        assertThat(Inbox.text(delivery)).isEqualTo("somebody waits");
        channel.basicReject(Inbox.tag(delivery), true);
        inbox.assertNothingMore();
    }

    @Test
    void theShorterTimeWins() throws IOException {
        String queue = queue(table("x-message-ttl", 50));
        by = By.MESSAGE;
        ttlMs = 60_000;
        send(queue, "m");
        pass(150);
        assertThat(take(queue)).isNull();
    }

    @Test
    void aMessageBehindOneThatStaysIsNotDeliveredLate() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        by = By.MESSAGE;
        ttlMs = 60_000;
        send(queue, "stays");
        ttlMs = 100;
        send(queue, "expires");
        pass(200);
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, inbox);
        assertThat(Inbox.texts(inbox.exactly(1))).containsExactly("stays");
    }

    @Test
    void aMessageExpiresAnywhereInTheQueue() throws IOException {
        if (broker.isOracle()) {
            return; // RabbitMQ expires at the head only.
        }
        String queue = queue(Map.of());
        by = By.MESSAGE;
        ttlMs = 60_000;
        send(queue, "stays");
        ttlMs = 100;
        send(queue, "expires");
        awaitCount(queue, 1);
    }

    @Test
    void severalTypesOfNumbersAreTaken() throws IOException {
        for (Object ttl : new Object[] {(byte) 100, (short) 200, 200, 200L, 0}) {
            String queue = queue(table("x-message-ttl", ttl));
            publish(queue, "m");
        }
        channel.basicQos(0);
    }

    @Test
    void anExpirationIsKeptUntilItIsOver() throws IOException {
        String queue = queue(Map.of());
        channel.basicPublish("", queue, properties().expiration("5000").build(), bytes("m"));
        GetResponse response = get(queue);
        assertThat(response.getProps().getExpiration()).isEqualTo("5000");
        Awaitility.await().atMost(Duration.ofSeconds(1)).until(() -> response.getMessageCount() == 0);
    }
}

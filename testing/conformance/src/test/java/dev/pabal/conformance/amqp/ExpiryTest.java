package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
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

    /** The passing of time is what is tested. */
    private static void pass(long ms) {
        passSince(System.nanoTime(), ms);
    }

    private static void passSince(long startNs, long ms) {
        while (passedMs(startNs) < ms) {
            LockSupport.parkNanos(ms * 1_000_000 - (System.nanoTime() - startNs));
        }
    }

    private static long passedMs(long sinceNs) {
        return (System.nanoTime() - sinceNs) / 1_000_000;
    }

    /** What was sent is there: from now on its time runs, at the latest. */
    private long arrivedNs(String queue) throws IOException {
        channel.messageCount(queue);
        return System.nanoTime();
    }

    /** A test with a time to live; false where it says nothing because it took so long that messages were rightly gone. */
    private interface Attempt {
        boolean run(long ttlMs) throws IOException;
    }

    /** Tries with longer and longer times to live, until no thread stood still for too long. */
    private static void attempt(long firstTtlMs, Attempt attempt) throws IOException {
        for (long ttlMs = firstTtlMs; !attempt.run(ttlMs); ttlMs *= 2) {
            assertThat(ttlMs)
                    .as("a time to live within which anything can be done")
                    .isLessThan(30_000);
        }
    }

    private static boolean tooLate(long sentNs, long ttlMs) {
        return passedMs(sentNs) >= ttlMs - 10;
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void messagesExpireOneAfterTheOther(By where) throws IOException {
        attempt(400, ttlMs -> {
            String queue = expiring(where, ttlMs);
            send(queue, "1");
            long thereNs = arrivedNs(queue);
            pass(ttlMs * 5 / 8);
            long sentNs = System.nanoTime();
            send(queue, "2", "3");
            passSince(thereNs, ttlMs + 50);
            List<@Nullable String> left = Arrays.asList(take(queue), take(queue), take(queue));
            if (tooLate(sentNs, ttlMs)) {
                return false;
            }
            assertThat(left).containsExactly("2", "3", null);
            send(queue, "4");
            awaitCount(queue, 0);
            return true;
        });
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void timeRunsFromTheCommit(By where) throws IOException {
        channel.txSelect();
        attempt(400, ttlMs -> {
            String queue = expiring(where, ttlMs);
            send(queue, "1");
            pass(ttlMs + 50);
            send(queue, "2");
            long committingNs = System.nanoTime();
            channel.txCommit();
            @Nullable String first = take(queue);
            if (tooLate(committingNs, ttlMs)) {
                return false;
            }
            assertThat(first).isEqualTo("1");
            pass(ttlMs + 50);
            assertThat(take(queue)).isNull();
            return true;
        });
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void whatIsGivenBackKeepsItsTime(By where) throws IOException {
        attempt(500, ms -> {
            String queue = unique("q");
            by = where;
            ttlMs = ms;
            Map<String, Object> arguments = table();
            if (where != By.MESSAGE) {
                arguments.put("x-message-ttl", where == By.BOTH ? 2 * ms : ms);
            }
            channel.queueDeclare(queue, false, true, false, arguments);
            long firstNs = System.nanoTime();
            send(queue, "1");
            long thereNs = arrivedNs(queue);
            pass(ms * 3 / 5);
            long sentNs = System.nanoTime();
            send(queue, "2", "3");
            @Nullable GetResponse first = channel.basicGet(queue, false);
            @Nullable GetResponse second = channel.basicGet(queue, false);
            boolean firstTooLate = tooLate(firstNs, ms);
            reopenChannel();
            if (firstTooLate) {
                return false;
            }
            assertThat(text(first)).isEqualTo("1");
            assertThat(first.getMessageCount()).isEqualTo(2);
            assertThat(text(second)).isEqualTo("2");
            passSince(thereNs, ms + 50);
            second = channel.basicGet(queue, false);
            @Nullable GetResponse third = channel.basicGet(queue, false);
            if (tooLate(sentNs, ms)) {
                return false;
            }
            assertThat(text(second)).isEqualTo("2");
            assertThat(text(third)).isEqualTo("3");
            pass(ms + 50);
            reopenChannel();
            assertThat(take(queue)).as("expired in flight, and given back").isNull();
            return true;
        });
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
        ttlMs = 600_000;
        send(queue, "m");
        awaitCount(queue, 0);
        assertThat(take(queue)).isNull();
    }

    @Test
    void aMessageBehindOneThatStaysIsNotDeliveredLate() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        by = By.MESSAGE;
        ttlMs = 600_000;
        send(queue, "stays");
        ttlMs = 100;
        send(queue, "expires");
        passSince(arrivedNs(queue), 200);
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
        ttlMs = 600_000;
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
        channel.basicPublish("", queue, properties().expiration("600000").build(), bytes("m"));
        GetResponse response = get(queue);
        assertThat(response.getProps().getExpiration()).isEqualTo("600000");
        assertThat(response.getMessageCount()).isZero();
    }
}

package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters: why and whereto, what the headers say of their way, and which circles are broken. */
class DeadLetterTest extends AmqpTest {
    private static final long PROMPT_MS = 300;

    private String exchange = "";
    private String dead = "";
    private String key = "";

    DeadLetterTest(AmqpUnderTest broker) {
        super(broker);
    }

    @BeforeEach
    void declare() throws IOException {
        exchange = unique("dlx");
        key = unique("key");
        channel.exchangeDeclare(exchange, "direct", false, true, null);
        dead = queue(Map.of());
        channel.queueBind(dead, exchange, key);
    }

    /** A queue that dead-letters to the exchange, bound to amq.direct. */
    private String source(@Nullable Object... more) throws IOException {
        Map<String, Object> arguments = table(more);
        arguments.putIfAbsent("x-dead-letter-exchange", exchange);
        String queue = queue(arguments);
        channel.queueBind(queue, "amq.direct", key);
        return queue;
    }

    private void send(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            publishTo("amq.direct", key, "m" + i);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> deaths(AMQP.BasicProperties properties) {
        assertThat(properties.getHeaders()).containsKey("x-death");
        return (List<Map<String, Object>>) properties.getHeaders().get("x-death");
    }

    private static void assertDeath(Map<String, Object> death, String queue, String reason, long count) {
        assertThat(death.get("queue")).hasToString(queue);
        assertThat(death.get("reason")).hasToString(reason);
        assertThat(death.get("count")).isEqualTo(count);
        assertThat(death.get("time")).isInstanceOf(Date.class);
    }

    private void assertDied(AMQP.BasicProperties properties, String queue, String reason) {
        List<Map<String, Object>> deaths = deaths(properties);
        assertThat(deaths).hasSize(1);
        Map<String, Object> death = deaths.get(0);
        assertDeath(death, queue, reason, 1);
        assertThat(death.get("exchange")).hasToString("amq.direct");
        assertThat(((List<?>) death.get("routing-keys")).stream().map(Object::toString))
                .containsExactly(key);
        assertThat(properties.getHeaders().get("x-first-death-queue")).hasToString(queue);
        assertThat(properties.getHeaders().get("x-first-death-reason")).hasToString(reason);
        assertThat(properties.getHeaders().get("x-first-death-exchange")).hasToString("amq.direct");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 300})
    void expiredMessagesAreDeadLettered(long ttlMs) throws IOException {
        String queue = source("x-message-ttl", ttlMs);
        send(5);
        for (int i = 0; i < 5; i++) {
            GetResponse letter = awaitMessage(dead);
            assertThat(text(letter)).isEqualTo("m" + i);
            assertThat(letter.getEnvelope().getExchange()).isEqualTo(exchange);
            assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo(key);
            assertThat(letter.getEnvelope().isRedeliver()).isFalse();
            assertDied(letter.getProps(), queue, "expired");
        }
        assertThat(take(dead)).isNull();
        assertThat(take(queue)).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rejectedMessagesAreDeadLettered(boolean nack) throws IOException {
        String queue = source();
        send(4);
        for (int i = 0; i < 4; i++) {
            long tag = tag(get(queue));
            if (nack) {
                channel.basicNack(tag, i == 3, false);
            } else {
                channel.basicReject(tag, false);
            }
        }
        for (int i = 0; i < 4; i++) {
            GetResponse letter = awaitMessage(dead);
            assertThat(text(letter)).isEqualTo("m" + i);
            assertDied(letter.getProps(), queue, "rejected");
        }
        assertThat(take(dead)).isNull();
    }

    @Test
    void messagesExpirePromptlyAndNeverEarly() throws Exception {
        long ttlMs = 400;
        source("x-message-ttl", ttlMs);
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(dead, true, inbox);
        // A machine that stands still for a moment is no broker that is late: one round without that is enough.
        List<Long> latenessMs = latenessMs(inbox, ttlMs);
        for (int round = 1; round < 30 && Collections.max(latenessMs) > PROMPT_MS; round++) {
            latenessMs = latenessMs(inbox, ttlMs);
        }
        assertThat(latenessMs).allSatisfy(late -> assertThat(late).isLessThanOrEqualTo(PROMPT_MS));
    }

    /** By how much each of twenty messages expired later than its time to live. */
    private List<Long> latenessMs(Inbox inbox, long ttlMs) throws IOException, InterruptedException {
        for (int i = 0; i < 20; i++) {
            publishTo("amq.direct", key, Long.toString(System.currentTimeMillis()));
            LockSupport.parkNanos(10_000_000);
        }
        List<Long> latenessMs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            long sent = Long.parseLong(inbox.nextText());
            latenessMs.add(System.currentTimeMillis() - sent - ttlMs);
        }
        assertThat(latenessMs).allSatisfy(late -> assertThat(late).isGreaterThanOrEqualTo(-5));
        return latenessMs;
    }

    @Test
    void whatIsInFlightWhenItsTimeIsOverDiesWhenItComesBack() throws Exception {
        long ttlMs = 400;
        String queue = source("x-message-ttl", ttlMs);
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(dead, true, inbox);
        String body = "held";
        publishTo("amq.direct", key, body);
        @Nullable GetResponse held = channel.basicGet(queue, false);
        for (int i = 0; i < 20 && held == null; i++) {
            // Too late, on a machine that stood still; that one has died already.
            assertThat(inbox.nextText()).isEqualTo(body);
            body = "held " + i;
            publishTo("amq.direct", key, body);
            held = channel.basicGet(queue, false);
        }
        assertThat(held).isNotNull();
        LockSupport.parkNanos((ttlMs + 100) * 1_000_000);
        inbox.assertNothingMore();
        channel.basicReject(tag(held), true);
        assertThat(inbox.nextText()).isEqualTo(body);
    }

    @Test
    void anExpirationOfItsOwnIsTakenOff() throws IOException {
        String queue = source();
        channel.basicPublish("amq.direct", key, properties().expiration("100").build(), bytes("m"));
        GetResponse letter = awaitMessage(dead);
        assertThat(letter.getProps().getExpiration()).isNull();
        assertDied(letter.getProps(), queue, "expired");
        assertThat(deaths(letter.getProps()).get(0).get("original-expiration")).hasToString("100");
    }

    @Test
    void otherPropertiesAndHeadersStay() throws IOException {
        source("x-message-ttl", 1);
        AMQP.BasicProperties sent = properties()
                .messageId("id")
                .priority(4)
                .contentType("a/b")
                .deliveryMode(2)
                .headers(table("mine", 7))
                .build();
        channel.basicPublish("amq.direct", key, sent, bytes("m"));
        AMQP.BasicProperties arrived = awaitMessage(dead).getProps();
        assertThat(arrived.getMessageId()).isEqualTo("id");
        assertThat(arrived.getPriority()).isEqualTo(4);
        assertThat(arrived.getContentType()).isEqualTo("a/b");
        assertThat(arrived.getDeliveryMode()).isEqualTo(2);
        assertThat(arrived.getHeaders()).containsEntry("mine", 7);
    }

    @Test
    void aKeyOfTheQueuesReplacesTheMessagesAndCopiesGo() throws IOException {
        String other = queue(Map.of());
        channel.queueBind(other, exchange, key + ".other");
        String queue = source("x-dead-letter-routing-key", key + ".other", "x-message-ttl", 1);
        channel.basicPublish(
                "amq.direct",
                key,
                properties()
                        .headers(table("CC", List.of("foo"), "BCC", List.of("bar")))
                        .build(),
                bytes("m"));
        GetResponse letter = awaitMessage(other);
        assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo(key + ".other");
        assertThat(letter.getProps().getHeaders()).doesNotContainKeys("CC", "BCC");
        Map<String, Object> death = deaths(letter.getProps()).get(0);
        assertDeath(death, queue, "expired", 1);
        assertThat(((List<?>) death.get("routing-keys")).stream().map(Object::toString))
                .containsExactlyInAnyOrder(key, "foo");
        assertThat(take(dead)).isNull();
    }

    @Test
    void withoutAKeyOfTheQueuesTheCopiesAreRoutedToo() throws IOException {
        String copied = queue(Map.of());
        channel.queueBind(copied, exchange, key + ".cc");
        source("x-message-ttl", 1);
        channel.basicPublish(
                "amq.direct",
                key,
                properties().headers(table("CC", List.of(key + ".cc"))).build(),
                bytes("m"));
        awaitMessage(dead);
        assertThat(awaitMessage(copied).getProps().getHeaders()).containsKey("CC");
    }

    @Test
    void aMissingExchangeDropsAndMayComeLater() throws IOException {
        String later = unique("later");
        String queue = source("x-dead-letter-exchange", later, "x-message-ttl", 1);
        send(3);
        awaitCount(queue, 0);
        // Asked once more, the queue has had the turn in which they were dropped.
        assertCount(queue, 0);
        channel.exchangeDeclare(later, "fanout", false, true, null);
        channel.queueBind(dead, later, "");
        send(2);
        awaitMessage(dead);
        awaitMessage(dead);
        assertThat(take(dead)).isNull();
    }

    @Test
    void everyQueueBoundGetsItsLetter() throws IOException {
        String second = queue(Map.of());
        channel.queueBind(second, exchange, key);
        source("x-message-ttl", 1);
        send(1);
        awaitMessage(dead);
        awaitMessage(second);
    }

    @Test
    void aSecondDeathStandsBeforeTheFirst() throws IOException {
        String first = source("x-message-ttl", 1);
        String end = queue(Map.of());
        String second =
                queue(table("x-dead-letter-exchange", "", "x-dead-letter-routing-key", end, "x-message-ttl", 1));
        channel.queueBind(second, exchange, key);
        send(1);
        GetResponse letter = awaitMessage(end);
        List<Map<String, Object>> deaths = deaths(letter.getProps());
        assertThat(deaths).hasSize(2);
        assertDeath(deaths.get(0), second, "expired", 1);
        assertDeath(deaths.get(1), first, "expired", 1);
        assertThat(deaths.get(0).get("exchange")).hasToString(exchange);
        assertThat(letter.getProps().getHeaders().get("x-first-death-queue")).hasToString(first);
        if (!broker.isOracle()) {
            assertThat(letter.getProps().getHeaders().get("x-last-death-queue")).hasToString(second);
            assertThat(letter.getProps().getHeaders().get("x-last-death-reason"))
                    .hasToString("expired");
        }
    }

    @Test
    void publishingADeadLetterAgainCountsOn() throws IOException {
        String queue = source();
        send(1);
        channel.basicReject(tag(get(queue)), false);
        AMQP.BasicProperties again = awaitMessage(dead).getProps();
        if (broker.isOracle()) {
            return; // Version 4 takes a client's x-death for a header like any other.
        }
        channel.basicPublish("amq.direct", key, again, bytes("again"));
        channel.basicReject(tag(get(queue)), false);
        assertThat(deaths(awaitMessage(dead).getProps())).hasSize(1);
    }

    @Test
    void anXDeathThatIsNoneIsReplaced() throws IOException {
        String queue = source("x-max-length", 0);
        channel.basicPublish(
                "amq.direct",
                key,
                properties().headers(table("x-death", "[I, am, not, array]")).build(),
                bytes("m"));
        List<Map<String, Object>> deaths = deaths(awaitMessage(dead).getProps());
        assertThat(deaths).hasSize(1);
        assertDeath(deaths.get(0), queue, "maxlen", 1);
    }

    @Test
    void deathsThatNoBrokerWroteAreDropped() throws IOException {
        String queue = source("x-max-length", 0);
        Map<String, Object> invented = Map.of("queue", "elsewhere", "reason", "expired", "exchange", "x");
        channel.basicPublish(
                "amq.direct",
                key,
                properties()
                        .headers(table("x-death", List.of(invented, invented, invented)))
                        .build(),
                bytes("m"));
        List<Map<String, Object>> deaths = deaths(awaitMessage(dead).getProps());
        if (broker.isOracle()) {
            return; // Version 4 does not take them for deaths, version 3 adds them up.
        }
        assertThat(deaths).hasSize(1);
        assertDeath(deaths.get(0), queue, "maxlen", 1);
    }

    @Test
    void aCircleOfNothingButExpiryIsBroken() throws IOException {
        String self = source("x-dead-letter-exchange", "amq.direct", "x-message-ttl", 1);
        send(5);
        awaitCount(self, 0);
        LockSupport.parkNanos(50_000_000);
        assertThat(take(self)).isNull();
    }

    @Test
    void aCircleWithARejectionGoesOn() throws Exception {
        String second = unique("second");
        String first =
                queue(table("x-dead-letter-exchange", "", "x-dead-letter-routing-key", second, "x-message-ttl", 1));
        channel.queueDeclare(
                second, false, true, false, table("x-dead-letter-exchange", "", "x-dead-letter-routing-key", first));
        publish(first, "round and round");
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(second, false, inbox);
        for (int round = 1; round <= 10; round++) {
            Delivery delivery = inbox.next();
            Map<String, Object> counts = new TreeMap<>();
            deaths(delivery.getProperties())
                    .forEach(death -> counts.put(death.get("queue").toString(), death.get("count")));
            assertThat(counts.get(first)).isEqualTo((long) round);
            assertThat(counts.get(second)).isEqualTo(round == 1 ? null : (long) (round - 1));
            channel.basicReject(Inbox.tag(delivery), false);
        }
    }

    @Test
    void deathsOfOneQueueAndReasonAreCountedNotListed() throws Exception {
        String end = unique("end");
        String third = unique("third");
        channel.exchangeDeclare(third, "fanout", false, true, null);
        String q2 = queue(table("x-dead-letter-exchange", third, "x-dead-letter-routing-key", "k", "x-message-ttl", 1));
        String q1 = queue(table("x-dead-letter-exchange", "", "x-dead-letter-routing-key", q2, "x-message-ttl", 1));
        channel.queueDeclare(
                end, false, true, false, table("x-dead-letter-exchange", third, "x-dead-letter-routing-key", "k"));
        channel.queueBind(end, third, "");
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(end, inbox);
        publish(q1, "m");
        for (int i = 0; i < 9; i++) {
            channel.basicReject(Inbox.tag(inbox.next()), false);
        }
        List<Map<String, Object>> deaths = deaths(inbox.next().getProperties());
        assertThat(deaths).extracting(death -> death.get("queue").toString()).containsExactlyInAnyOrder(end, q1, q2);
        assertThat(deaths).extracting(death -> death.get("count")).containsExactlyInAnyOrder(1L, 1L, 9L);
    }

    @Test
    void theArgumentsAreCheckedAndCompared() throws IOException {
        String queue = unique("q");
        Map<String, Object> arguments =
                table("x-dead-letter-exchange", "missing is fine", "x-dead-letter-routing-key", "k");
        channel.queueDeclare(queue, false, true, false, arguments);
        channel.queueDeclare(queue, false, true, false, arguments);
        List<Map<String, Object>> wrong = List.of(
                table("x-dead-letter-exchange", "other", "x-dead-letter-routing-key", "k"),
                table("x-dead-letter-exchange", "missing is fine", "x-dead-letter-routing-key", "other"),
                table("x-dead-letter-exchange", 133),
                table("x-dead-letter-exchange", "amq.direct", "x-dead-letter-routing-key", 144),
                table("x-dead-letter-routing-key", "k"));
        for (Map<String, Object> arg : wrong) {
            assertRefused(AMQP.PRECONDITION_FAILED, () -> channel.queueDeclare(queue, false, true, false, arg));
        }
        assertRefused(AMQP.PRECONDITION_FAILED, () -> queue(table("x-dead-letter-routing-key", "k")));
    }

    @Test
    void purgingAndDeletingMakeNoDeadLetters() throws IOException {
        String queue = source();
        send(3);
        channel.queuePurge(queue);
        send(2);
        channel.queueDelete(queue);
        Awaitility.await().during(Duration.ofMillis(50)).until(() -> channel.messageCount(dead) == 0);
    }
}

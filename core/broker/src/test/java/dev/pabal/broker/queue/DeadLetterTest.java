package dev.pabal.broker.queue;

import static dev.pabal.broker.queue.QueueBroker.await;
import static dev.pabal.broker.queue.QueueBroker.options;
import static dev.pabal.broker.queue.QueueBroker.settle;
import static dev.pabal.broker.queue.QueueBroker.takeAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.queue.QueueBroker.Collector;
import dev.pabal.broker.queue.Settlement.Outcome;
import dev.pabal.catalog.Binding;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DeadLetterTest {
    private QueueBroker broker = new QueueBroker();

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void aRejectedMessageGoesToTheDeadLetterExchangeWithItsHistory() {
        MessageQueue dead = broker.queue("dead", Map.of());
        MessageQueue queue =
                broker.queue("orders", Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
        reject(queue, "bad");
        await().until(() -> await(dead.status()).ready() == 1);
        assertThat(await(queue.status()).inFlight()).isZero();
        Map<String, Object> headers = headersOfFirst(dead);
        assertThat(headers)
                .containsEntry("x-first-death-queue", "orders")
                .containsEntry("x-first-death-reason", "rejected")
                .containsEntry("x-last-death-exchange", "");
        assertThat(headers.get("x-death")).asList().singleElement().satisfies(death -> {
            assertThat((Map<?, ?>) death)
                    .extracting("count", "reason", "queue")
                    .containsExactly(1L, "rejected", "orders");
            assertThat(((Map<?, ?>) death).get("routing-keys")).isEqualTo(List.of("orders"));
        });
    }

    private static void reject(MessageQueue queue, QueueBroker broker, String body) {
        Collector consumer = new Collector();
        MessageQueue.Subscription subscription = await(queue.subscribe(options(1), consumer));
        broker.publish(queue, body);
        await().until(() -> consumer.bodies().contains(body));
        queue.settle(settle(
                Outcome.DISCARD, consumer.received().get(consumer.received().size() - 1)));
        subscription.close();
    }

    private void reject(MessageQueue queue, String body) {
        reject(queue, broker, body);
    }

    private static Map<String, Object> headersOfFirst(MessageQueue queue) {
        PeekedMessage message = await(queue.peek(1)).get(0);
        AmqpRecord record = new AmqpRecord().wrap(message.record(), 0, message.baseTimestampMs());
        return record.properties(new AmqpProperties()).headers();
    }

    @Test
    void anExpiredMessageLosesItsExpirationOnTheWay() {
        MessageQueue dead = broker.queue("dead", Map.of());
        MessageQueue queue = broker.queue("orders", Map.of("x-dead-letter-exchange", "amq.fanout"));
        await(broker.broker
                .topology()
                .bind(
                        new Binding("/", "amq.fanout", Binding.Kind.QUEUE, "dead", "", Map.of()),
                        QueueBroker.CONNECTION));
        await(broker.publishing(queue, QueueBroker.properties(-1, "1000", Map.of()), "brief"));
        assertThat(await(queue.status()).ready()).isEqualTo(1);
        broker.passMs(1_001);
        await().until(() -> await(dead.status()).ready() == 1);
        PeekedMessage message = await(dead.peek(1)).get(0);
        AmqpRecord record = new AmqpRecord().wrap(message.record(), 0, message.baseTimestampMs());
        AmqpProperties properties = record.properties(new AmqpProperties());
        assertThat(properties.expirationMs()).isEqualTo(-1);
        assertThat(record.exchange()).isEqualTo("amq.fanout");
        Map<?, ?> death = (Map<?, ?>) ((List<?>) properties.headers().get("x-death")).get(0);
        assertThat(death.get("reason")).isEqualTo("expired");
        assertThat(death.get("original-expiration")).isEqualTo("1000");
    }

    @Test
    void aCycleWithoutARejectionEndsSilently() {
        MessageQueue queue = broker.queue("orders", Map.of("x-dead-letter-exchange", "", "x-message-ttl", 100));
        broker.publish(queue, "round");
        broker.passMs(101);
        await().until(() -> await(queue.status()).ready() == 0);
        broker.passMs(101);
        await().until(() -> queue.partition().log().appendedEnd() == 1);
        assertThat(takeAll(queue)).isEmpty();
    }

    @Test
    void aMessageWithoutARouteIsSettled() {
        MessageQueue queue = broker.queue("orders", Map.of("x-dead-letter-exchange", "nowhere"));
        reject(queue, "bad");
        await().until(() -> {
            broker.passMs(2_000);
            return queue.partition().log().startOffset() == 1;
        });
    }

    @Test
    void whatATargetRefusesIsTriedAgain() {
        MessageQueue dead = broker.queue("dead", Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        MessageQueue queue =
                broker.queue("orders", Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
        broker.publish(dead, "occupies");
        reject(queue, "bad");
        broker.passMs(150);
        assertThat(await(dead.status()).ready()).isEqualTo(1);
        assertThat(QueueBroker.take(dead)).isEqualTo("occupies");
        await().until(() -> {
            broker.passMs(1_000);
            return await(dead.status()).ready() == 1;
        });
        assertThat(takeAll(dead)).containsExactly("bad");
    }

    @Test
    void asManyAsFitGetIntoAFullTarget() {
        MessageQueue dead = broker.queue("dead", Map.of("x-max-length", 2, "x-overflow", "reject-publish"));
        MessageQueue queue = broker.queue(
                "orders", Map.of("x-max-length", 1, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
        broker.publish(queue, "0", "1", "2", "3", "4");
        await().until(() -> {
            broker.passMs(150);
            return await(dead.status()).ready() == 2;
        });
        // Nothing is tried again while room is made, for no time passes.
        QueueBroker.settleDown(queue);
        assertThat(takeAll(dead)).hasSize(2);
    }

    @Test
    @Timeout(120)
    void whatATargetDoesNotTakeHoldsNobodyUp() {
        int room = 2000;
        MessageQueue dead = broker.queue("dead", Map.of("x-max-length", room, "x-overflow", "reject-publish"));
        MessageQueue open = broker.queue("open", Map.of());
        for (String name : List.of("dead", "open")) {
            await(broker.broker
                    .topology()
                    .bind(
                            new Binding("/", "amq.headers", Binding.Kind.QUEUE, name, "", Map.of("to", name)),
                            QueueBroker.CONNECTION));
        }
        MessageQueue queue = broker.queue("orders", Map.of("x-dead-letter-exchange", "amq.headers"));
        String[] occupying = new String[room];
        Arrays.fill(occupying, "occupies");
        broker.publish(dead, occupying);
        int stuck = DeadLetters.MAX_LETTERS * 2 + 100;
        String[] bodies = new String[stuck];
        Arrays.fill(bodies, "stuck");
        await(broker.publishing(queue, QueueBroker.properties(-1, "10", Map.of("to", "dead")), bodies));
        broker.passMs(20);
        await(broker.publishing(queue, QueueBroker.properties(-1, "50", Map.of("to", "open")), "expires", "expires"));
        broker.publish(queue, "live");
        assertThat(await(queue.status()).ready()).isEqualTo(3);
        broker.passMs(60);
        assertThat(QueueBroker.take(queue)).isEqualTo("live");
        assertThat(await(queue.status()).ready()).isZero();
        await("the dead letters behind those that are stuck arrive")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> {
                    broker.passMs(1_000);
                    return await(open.status()).ready() == 2;
                });

        long arrived = await(dead.purge()) - room;
        while (arrived < stuck) {
            broker.passMs(30_000);
            arrived += await(dead.purge());
        }
        assertThat(arrived).isEqualTo(stuck);
    }

    @Test
    void whoHasADeadLetterDoesNotGetItAgainBecauseAnotherRefuses() {
        MessageQueue open = broker.queue("open", Map.of());
        MessageQueue full = broker.queue("full", Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        MessageQueue queue = broker.queue("orders", Map.of("x-dead-letter-exchange", "amq.fanout"));
        for (String name : List.of("open", "full")) {
            await(broker.broker
                    .topology()
                    .bind(
                            new Binding("/", "amq.fanout", Binding.Kind.QUEUE, name, "", Map.of()),
                            QueueBroker.CONNECTION));
        }
        broker.publish(full, "occupies");
        reject(queue, "bad");
        await().until(() -> await(open.status()).ready() == 1);
        broker.passMs(1_000);
        assertThat(QueueBroker.take(full)).isEqualTo("occupies");
        await().until(() -> {
            broker.passMs(1_000);
            return await(full.status()).ready() == 1;
        });
        assertThat(takeAll(open)).containsExactly("bad");
        assertThat(takeAll(full)).containsExactly("bad");
    }

    @Test
    void aFullQueueDeadLettersWhatItRefuses() {
        MessageQueue dead = broker.queue("dead", Map.of());
        MessageQueue queue = broker.queue(
                "orders",
                Map.of(
                        "x-max-length", 1,
                        "x-overflow", "reject-publish-dlx",
                        "x-dead-letter-exchange", "",
                        "x-dead-letter-routing-key", "dead"));
        broker.publish(queue, "first");
        assertThatThrownBy(() -> broker.publish(queue, "second")).isInstanceOf(BrokerException.class);
        await().until(() -> await(dead.status()).ready() == 1);
        assertThat(takeAll(dead)).containsExactly("second");
        assertThat(takeAll(queue)).containsExactly("first");
    }

    @Test
    void whatIsDroppedFromTheHeadIsDeadLettered() {
        MessageQueue dead = broker.queue("dead", Map.of());
        MessageQueue queue = broker.queue(
                "orders", Map.of("x-max-length", 2, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
        broker.publish(queue, "0", "1", "2", "3");
        await().until(() -> await(dead.status()).ready() == 2);
        assertThat(takeAll(dead)).containsExactly("0", "1");
        assertThat(takeAll(queue)).containsExactly("2", "3");
    }

    @Test
    void whatFailedTooOftenWaitsForAQueueThatIsGoneWhereReceiptsAreKept() {
        MessageQueue queue = broker.queue(
                "orders",
                Map.of(
                        "x-journaled",
                        true,
                        "x-dead-letter-exchange",
                        "",
                        "x-dead-letter-routing-key",
                        "dead",
                        "x-delivery-limit",
                        0));
        broker.publish(queue, "bad");
        await(queue.receive(new ReceiveOptions(1, 1 << 20, 1_000, 0)).answer()).close();
        broker.passMs(1_001);
        await().until(() -> await(queue.status()).inFlight() == 0);
        QueueBroker.settleDown(queue);
        broker = broker.crashed();
        MessageQueue dead = broker.queue("dead", Map.of());
        broker.passMs(60_000);
        await().until(() -> await(dead.status()).ready() == 1);
    }
}

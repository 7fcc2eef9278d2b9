package dev.pabal.broker.queue;

import static dev.pabal.broker.queue.QueueBroker.await;
import static dev.pabal.broker.queue.QueueBroker.options;
import static dev.pabal.broker.queue.QueueBroker.settle;
import static dev.pabal.broker.queue.QueueBroker.take;
import static dev.pabal.broker.queue.QueueBroker.takeAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.broker.queue.QueueBroker.Collector;
import dev.pabal.broker.queue.Settlement.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueDeliveryTest {
    private final QueueBroker broker = new QueueBroker();

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void messagesAreGotInTheirOrderAndNoneTwice() {
        MessageQueue queue = broker.queue("orders", Map.of());
        broker.publish(queue, "a", "b", "c");
        broker.publish(queue, "d");
        assertThat(takeAll(queue)).containsExactly("a", "b", "c", "d");
        assertThat(take(queue)).isNull();
    }

    @Test
    void consumersTakeTurnsMessageByMessage() {
        MessageQueue queue = broker.queue("orders", Map.of());
        Collector one = new Collector();
        Collector two = new Collector();
        await(queue.subscribe(options(100), one));
        await(queue.subscribe(options(100), two));
        broker.publish(queue, "0", "1", "2", "3", "4", "5");
        await().until(() -> one.bodies().size() + two.bodies().size() == 6);
        assertThat(one.bodies()).containsExactly("0", "2", "4");
        assertThat(two.bodies()).containsExactly("1", "3", "5");
    }

    @Test
    void creditBoundsWhatIsDeliveredAndSettlingGivesMore() {
        MessageQueue queue = broker.queue("orders", Map.of());
        Collector consumer = new Collector();
        MessageQueue.Subscription subscription = await(queue.subscribe(options(2), consumer));
        broker.publish(queue, "0", "1", "2", "3");
        await().until(() -> consumer.bodies().size() == 2);
        assertThat(await(queue.status()).inFlight()).isEqualTo(2);
        queue.settle(settle(Outcome.ACK, consumer.received().get(0)).credit(subscription, 1));
        await().until(() -> consumer.bodies().size() == 3);
        QueueStatus status = await(queue.status());
        assertThat(status.ready()).isEqualTo(1);
        assertThat(status.inFlight()).isEqualTo(2);
        assertThat(status.acknowledged()).isEqualTo(1);
        assertThat(status.consumers()).singleElement().satisfies(c -> assertThat(c.unsettled())
                .isEqualTo(2));
    }

    @Test
    void whatAClosedConsumerHeldComesBackInOrderAndIsMarked() {
        MessageQueue queue = broker.queue("orders", Map.of());
        Collector first = new Collector();
        MessageQueue.Subscription subscription = await(queue.subscribe(options(3), first));
        broker.publish(queue, "0", "1", "2", "3");
        await().until(() -> first.bodies().size() == 3);
        queue.settle(settle(Outcome.ACK, first.received().get(1)));
        subscription.close();
        Collector second = new Collector();
        await(queue.subscribe(options(100), second));
        await().until(() -> second.bodies().size() == 3);
        assertThat(second.bodies()).containsExactly("0", "2", "3");
        assertThat(second.received().stream().map(Collector.Received::redelivered))
                .containsExactly(true, true, false);
    }

    @Test
    void theByteWindowHoldsDeliveriesBackUntilTheyAreWritten() {
        MessageQueue queue = broker.queue("orders", Map.of());
        Collector consumer = new Collector();
        MessageQueue.Subscription subscription = await(queue.subscribe(options(Integer.MAX_VALUE), consumer));
        String large = "x".repeat(100_000);
        broker.publish(queue, large, large, large, large, large);
        await().until(() -> consumer.bodies().size() == 3);
        assertThat(await(queue.status()).ready()).isEqualTo(2);
        subscription.written(300_100);
        await().until(() -> consumer.bodies().size() == 5);
    }

    @Test
    void anExclusiveConsumerIsAlone() {
        MessageQueue queue = broker.queue("orders", Map.of());
        ConsumerOptions exclusive = new ConsumerOptions("tag", "connection", false, true, 0, 10, -1);
        MessageQueue.Subscription subscription = await(queue.subscribe(exclusive, new Collector()));
        assertThatThrownBy(() -> await(queue.subscribe(options(1), new Collector())))
                .isInstanceOfSatisfying(
                        BrokerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.ACCESS_REFUSED));
        await(subscription.cancel());
        await(queue.subscribe(options(1), new Collector()));
    }

    @Test
    void ofASingleActiveConsumerTheNextTakesOverWhenItGoes() {
        MessageQueue queue = broker.queue("orders", Map.of("x-single-active-consumer", true));
        Collector one = new Collector();
        Collector two = new Collector();
        MessageQueue.Subscription first = await(queue.subscribe(options(10), one));
        MessageQueue.Subscription second = await(queue.subscribe(options(10), two));
        assertThat(first.active()).isTrue();
        assertThat(second.active()).isFalse();
        broker.publish(queue, "0", "1");
        await().until(() -> one.bodies().size() == 2);
        first.close();
        await().until(() -> two.bodies().size() == 2);
        assertThat(second.active()).isTrue();
    }

    @Test
    void purgingSettlesWhatIsReadyAndLeavesWhatIsInFlight() {
        MessageQueue queue = broker.queue("orders", Map.of());
        Collector consumer = new Collector();
        await(queue.subscribe(options(1), consumer));
        broker.publish(queue, "0", "1", "2");
        await().until(() -> consumer.bodies().size() == 1);
        assertThat(await(queue.purge())).isEqualTo(2);
        assertThat(await(queue.status()).inFlight()).isEqualTo(1);
        assertThat(await(queue.status()).ready()).isZero();
    }

    @Test
    void peekingChangesNothing() {
        MessageQueue queue = broker.queue("orders", Map.of());
        broker.publish(queue, "0", "1", "2");
        List<PeekedMessage> peeked = await(queue.peek(2));
        assertThat(peeked).hasSize(2);
        assertThat(peeked.get(0).redelivered()).isFalse();
        assertThat(takeAll(queue)).containsExactly("0", "1", "2");
    }

    @Test
    void aRetiredQueueTakesNoConsumersUntilItIsReinstated() {
        MessageQueue queue = broker.queue("orders", Map.of());
        broker.publish(queue, "0");
        assertThatThrownBy(() -> await(queue.retire(false, true))).hasMessageContaining("not empty");
        assertThat(await(queue.retire(true, false))).isEqualTo(1);
        assertThatThrownBy(() -> await(queue.subscribe(options(1), new Collector())))
                .isInstanceOf(BrokerException.class);
        queue.reinstate();
        await(queue.subscribe(options(1), new Collector()));
    }

    @Test
    void consumersOfADeletedQueueAreTold() {
        MessageQueue queue = broker.queue("orders", Map.of());
        Collector consumer = new Collector();
        await(queue.subscribe(options(1), consumer));
        await(broker.broker.topology().deleteQueue("/", "orders", false, false, QueueBroker.CONNECTION));
        await().until(() -> !consumer.reasons().isEmpty());
        assertThat(consumer.reasons()).containsExactly(QueueConsumer.Reason.DELETED);
        assertThatThrownBy(() -> await(queue.status())).isInstanceOf(BrokerException.class);
    }

    @Test
    void aConsumerThatKeepsAMessageTooLongIsCancelledAndTheMessageComesBack() {
        MessageQueue queue = broker.queue("orders", Map.of());
        Collector slow = new Collector();
        await(queue.subscribe(new ConsumerOptions("tag", "c", false, false, 0, 10, 5_000), slow));
        broker.publish(queue, "0");
        await().until(() -> slow.bodies().size() == 1);
        broker.passMs(4_000);
        assertThat(slow.reasons()).isEmpty();
        broker.passMs(1_001);
        await().until(() -> !slow.reasons().isEmpty());
        assertThat(slow.reasons()).containsExactly(QueueConsumer.Reason.TIMED_OUT);
        assertThat(take(queue)).isEqualTo("0");
    }

    @Test
    void aTransientQueueWorksWithoutAJournal() {
        MessageQueue queue = broker.queue("passing", false, Map.of());
        broker.publish(queue, "a", "b");
        assertThat(takeAll(queue)).containsExactly("a", "b");
    }

    @Test
    void aQueueThatRejectsTakesExactlyItsLimit() {
        MessageQueue queue = broker.queue("orders", Map.of("x-max-length", 2, "x-overflow", "reject-publish"));
        broker.publish(queue, "0", "1");
        assertThatThrownBy(() -> broker.publish(queue, "2"))
                .isInstanceOfSatisfying(
                        BrokerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.QUEUE_FULL));
        assertThat(take(queue)).isEqualTo("0");
        broker.publish(queue, "3");
        assertThat(takeAll(queue)).containsExactly("1", "3");
    }

    @Test
    void settledMessagesLeaveTheLog() {
        MessageQueue queue = broker.queue("orders", Map.of());
        broker.publish(queue, "0", "1", "2");
        assertThat(takeAll(queue)).hasSize(3);
        await().until(() -> {
            broker.passMs(2_000);
            return queue.partition().log().startOffset() == 3;
        });
    }
}

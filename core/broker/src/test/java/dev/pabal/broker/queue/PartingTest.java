package dev.pabal.broker.queue;

import static dev.pabal.broker.queue.QueueBroker.await;
import static dev.pabal.broker.queue.QueueBroker.options;
import static dev.pabal.broker.queue.QueueBroker.settleDown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.broker.queue.QueueBroker.Collector;
import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.memory.MemoryLogStore.DurabilityMode;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was published before a cancel goes to the consumer, also where the disk takes its time. */
class PartingTest {
    private final QueueBroker broker = new QueueBroker();
    private final MessageQueue queue = broker.queue("orders", Map.of());
    private final Collector consumer = new Collector();

    @AfterEach
    void stop() {
        broker.close();
    }

    /** Two messages are confirmed and ready, and the journal, without which none may be handed out, is not durable. */
    private MessageQueue.Subscription subscribedWhileTheJournalWaits(int credit) {
        broker.store.durabilityMode(DurabilityMode.MANUAL);
        MessageQueue.Subscription subscription = await(queue.subscribe(options(credit), consumer));
        CompletableFuture<?> published = broker.publishing(queue, "0", "1");
        broker.store.makeDurable(
                new LogId(queue.partition().topicId(), queue.partition().index()), Long.MAX_VALUE);
        await(published);
        settleDown(queue);
        assertThat(consumer.bodies()).isEmpty();
        return subscription;
    }

    @Test
    void aCancelWaitsForTheJournalThatMessagesWaitFor() {
        CompletableFuture<Void> cancelled = subscribedWhileTheJournalWaits(10).cancel();
        settleDown(queue);
        assertThat(cancelled).isNotDone();
        broker.store.makeDurable();
        await(cancelled);
        assertThat(consumer.bodies()).containsExactly("0", "1");
    }

    @Test
    void itDoesNotWaitForLong() {
        CompletableFuture<Void> cancelled = subscribedWhileTheJournalWaits(10).cancel();
        settleDown(queue);
        broker.passMs(Partings.PATIENCE_MS - 1);
        settleDown(queue);
        assertThat(cancelled).isNotDone();
        broker.passMs(1);
        await(cancelled);
        broker.store.makeDurable();
        settleDown(queue);
        assertThat(consumer.bodies()).isEmpty();
        assertThat(await(queue.status()).ready()).isEqualTo(2);
    }

    @Test
    void itDoesNotWaitWhereTheConsumerMayNotTakeMore() {
        await(subscribedWhileTheJournalWaits(0).cancel());
        assertThat(consumer.bodies()).isEmpty();
    }

    @Test
    void itDoesNotWaitForWhatOthersMayTake() {
        subscribedWhileTheJournalWaits(10);
        Collector other = new Collector();
        await(await(queue.subscribe(options(0), other)).cancel());
        assertThat(other.bodies()).isEmpty();
        broker.store.makeDurable();
        await().until(() -> consumer.bodies().size() == 2);
    }

    @Test
    void aQueueThatIsGoneDeliversNoMore() {
        MessageQueue.Subscription subscription = subscribedWhileTheJournalWaits(10);
        CompletableFuture<Void> cancelled = subscription.cancel();
        settleDown(queue);
        assertThat(cancelled).isNotDone();
        broker.store.durabilityMode(DurabilityMode.IMMEDIATE);
        await(broker.broker.topology().deleteQueue("/", "orders", false, false, QueueBroker.CONNECTION));
        await(cancelled);
        await(subscription.cancel());
    }

    @Test
    void itDoesNotWaitUntilABacklogIsHandedOut() {
        for (int i = 0; i < 5; i++) {
            broker.publish(queue, Collections.nCopies(1000, "x").toArray(String[]::new));
        }
        MessageQueue.Subscription subscription = await(queue.subscribe(options(0), consumer));
        CountDownLatch asked = new CountDownLatch(1);
        await(queue.subscribe(options(1), new QueueConsumer() {
            @Override
            public void deliver(Deliveries deliveries) {
                deliveries.close();
                QueueBroker.pause(asked);
            }

            @Override
            public void cancelled(Reason reason) {}
        }));
        subscription.credit(1_000_000);
        CompletableFuture<Void> cancelled = subscription.cancel();
        asked.countDown();
        await(cancelled);
        int handed = consumer.bodies().size();
        assertThat(handed).isPositive().isLessThan(4999);
        settleDown(queue);
        assertThat(consumer.bodies()).hasSize(handed);
    }

    @Test
    void itDoesNotWaitUntilABacklogIsRead() {
        String body = "x".repeat(2000);
        for (int i = 0; i < 4; i++) {
            broker.publish(queue, Collections.nCopies(1000, body).toArray(String[]::new));
        }
        AtomicInteger handed = new AtomicInteger();
        AtomicReference<MessageQueue.Subscription> subscription = new AtomicReference<>();
        subscription.set(await(queue.subscribe(options(0), new QueueConsumer() {
            @Override
            public void deliver(Deliveries deliveries) {
                handed.addAndGet(deliveries.size());
                long bytes = deliveries.windowBytes();
                deliveries.close();
                broker.store.refuseReads(LogException.Reason.BUSY, 1);
                subscription.get().written(bytes);
            }

            @Override
            public void cancelled(Reason reason) {}
        })));
        broker.store.refuseReads(LogException.Reason.BUSY, 1);
        subscription.get().credit(1_000_000);
        await(subscription.get().cancel());
        assertThat(handed.get()).isBetween(Deliverer.MESSAGES_PER_TURN, 3999);
    }

    @Test
    void itWaitsForARecordThatIsRead() {
        broker.publish(queue, "0");
        broker.store.refuseReads(LogException.Reason.BUSY, 1);
        await(await(queue.subscribe(options(10), consumer)).cancel());
        assertThat(consumer.bodies()).containsExactly("0");
    }

    @Test
    void itEndsWithTheQueue() {
        CompletableFuture<Void> cancelled = subscribedWhileTheJournalWaits(10).cancel();
        settleDown(queue);
        broker.close();
        await().until(cancelled::isDone);
        assertThat(cancelled).isCompletedExceptionally();
    }
}

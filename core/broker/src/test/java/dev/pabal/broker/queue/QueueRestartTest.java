package dev.pabal.broker.queue;

import static dev.pabal.broker.queue.QueueBroker.await;
import static dev.pabal.broker.queue.QueueBroker.options;
import static dev.pabal.broker.queue.QueueBroker.settle;
import static dev.pabal.broker.queue.QueueBroker.takeAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.broker.queue.QueueBroker.Collector;
import dev.pabal.broker.queue.Settlement.Outcome;
import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.memory.MemoryLogStore.DurabilityMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueRestartTest {
    private QueueBroker broker = new QueueBroker();

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void aQueueLoadsOnceTheStoreIsNotTooBusyToRead() {
        MessageQueue queue = broker.queue("orders", Map.of());
        broker.store.refuseReads(LogException.Reason.BUSY, 2);
        broker.publish(queue, "0");
        assertThat(await(queue.status()).ready()).isEqualTo(1);
        assertThat(takeAll(queue)).containsExactly("0");
    }

    @Test
    void afterAStopInOrderOnlyWhatWasDeliveredCountsAsRedelivered() {
        Collector consumer = consumeSome(new String[] {"0", "1", "2", "3", "4"}, 3);
        broker.find("orders").settle(settle(Outcome.ACK, consumer.received().get(1)));
        broker = broker.restarted();
        List<Collector.Received> again = all(3 + 1);
        assertThat(again.stream().map(Collector.Received::body)).containsExactly("0", "2", "3", "4");
        assertThat(again.stream().map(Collector.Received::redelivered)).containsExactly(true, true, false, false);
    }

    @Test
    void afterACrashWhatWasSettledStaysSettledAndTheRestIsThereWithItsFlag() {
        Collector consumer = consumeSome(new String[] {"0", "1", "2", "3", "4"}, 3);
        broker.find("orders").settle(settle(Outcome.ACK, consumer.received().get(1)));
        broker.passGathering(broker.find("orders"));
        broker = broker.crashed();
        List<Collector.Received> again = all(4);
        assertThat(again.stream().map(Collector.Received::body)).containsExactly("0", "2", "3", "4");
        assertThat(again.get(0).redelivered()).isTrue();
        assertThat(again.get(1).redelivered()).isTrue();
    }

    @Test
    void aGetWaitsForTheMarkThatItsMessageNeedsAlsoAfterACrash() {
        MessageQueue queue = broker.queue("orders", Map.of("x-max-priority", 3));
        broker.publish(queue, "plain");
        assertThat(takeAll(queue)).containsExactly("plain");
        broker.passGathering(queue);
        broker.store.durabilityMode(DurabilityMode.MANUAL);
        CompletableFuture<?> published = broker.publishing(queue, QueueBroker.properties(2, null, Map.of()), "0");
        broker.store.makeDurable();
        await(published);
        CompletableFuture<Deliveries> got = queue.get(true, queue.newHolder());
        await(queue.status());
        await(queue.status());
        assertThat(got).as("the mark is not durable").isNotDone();
        broker = broker.crashed();
        assertThat(takeAll(broker.find("orders"))).containsExactly("0");
    }

    private Collector consumeSome(String[] bodies, int credit) {
        MessageQueue queue = broker.queue("orders", Map.of());
        Collector consumer = new Collector();
        await(queue.subscribe(options(credit), consumer));
        broker.publish(queue, bodies);
        await().until(() -> consumer.bodies().size() == credit);
        return consumer;
    }

    private List<Collector.Received> all(int count) {
        Collector second = new Collector();
        await(broker.find("orders").subscribe(options(Integer.MAX_VALUE), second));
        await().until(() -> second.bodies().size() >= count);
        assertThat(await(broker.find("orders").status()).ready()).isZero();
        return second.received();
    }

    @Test
    void aPurgeIsDurableOnceAnswered() {
        MessageQueue queue = broker.queue("orders", Map.of());
        broker.publish(queue, "0", "1");
        await(queue.purge());
        broker.publish(queue, "2");
        broker = broker.crashed();
        assertThat(takeAll(broker.find("orders"))).containsExactly("2");
    }

    @Test
    void aCheckpointShortensTheReplayAndLosesNothing() {
        MessageQueue other = broker.queue("others", Map.of());
        broker.publish(other, "left");
        Collector consumer =
                consumeSome(IntStream.range(0, 1000).mapToObj(Integer::toString).toArray(String[]::new), 500);
        MessageQueue queue = broker.find("orders");
        List<Collector.Received> received = consumer.received();
        for (int i = 0; i < 500; i += 2) {
            queue.settle(settle(Outcome.ACK, received.get(i)));
        }
        assertThat(await(queue.status()).inFlight()).isEqualTo(250);
        ((RunningQueues) broker.broker.queues()).checkpoint();
        await().until(() -> journalStart(queue) > 0);
        queue.settle(settle(Outcome.ACK, received.get(1)));
        await(queue.purge());
        broker = broker.crashed();
        assertThat(takeAll(broker.find("others"))).containsExactly("left");
        assertThat(await(broker.find("orders").status()).ready()).isEqualTo(249);
    }

    private long journalStart(MessageQueue queue) {
        return Objects.requireNonNull(broker.store()
                        .find(new LogId(
                                RunningQueues.JOURNAL, queue.definition().shard())))
                .startOffset();
    }

    @Test
    void aDeletedQueueLeavesNothingBehind() {
        MessageQueue queue = broker.queue("orders", Map.of());
        broker.publish(queue, "0");
        await(broker.broker.topology().deleteQueue("/", "orders", false, false, QueueBroker.CONNECTION));
        MessageQueue again = broker.queue("orders", Map.of());
        assertThat(takeAll(again)).isEmpty();
        broker = broker.restarted();
        assertThat(takeAll(broker.find("orders"))).isEmpty();
    }

    @Test
    void expirationsAndPrioritiesAreKnownAfterACrash() {
        MessageQueue queue = broker.queue("orders", Map.of("x-max-priority", 5));
        broker.publish(queue, "plain");
        await(broker.publishing(queue, QueueBroker.properties(4, null, Map.of()), "urgent"));
        await(broker.publishing(queue, QueueBroker.properties(-1, "5000", Map.of()), "brief"));
        broker = broker.crashed();
        MessageQueue after = broker.find("orders");
        assertThat(await(after.status()).ready()).isEqualTo(3);
        broker.passMs(6_000);
        assertThat(takeAll(after)).containsExactly("urgent", "plain");
    }
}

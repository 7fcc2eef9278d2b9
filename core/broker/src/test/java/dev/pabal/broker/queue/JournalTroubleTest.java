package dev.pabal.broker.queue;

import static dev.pabal.broker.queue.QueueBroker.await;
import static dev.pabal.broker.queue.QueueBroker.options;
import static dev.pabal.broker.queue.QueueBroker.settleDown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.broker.queue.QueueBroker.Collector;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.memory.MemoryLogStore.DurabilityMode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever waits for the view journal gets an answer, also where nothing becomes durable there. */
class JournalTroubleTest {
    private static final Map<String, Object> JOURNALED = Map.of("x-journaled", true);

    private final QueueBroker broker = new QueueBroker();

    @AfterEach
    void stop() {
        broker.close();
    }

    /** A purge waits so long, and not a millisecond less, until it is refused. */
    private void assertPurgeWaits(MessageQueue queue, long patienceMs, Refusal refusal) {
        CompletableFuture<Long> purged = queue.purge();
        settleDown(queue);
        broker.passMs(patienceMs - 1);
        settleDown(queue);
        assertThat(purged.isDone()).isFalse();
        broker.passMs(1);
        assertRefused(purged, refusal);
    }

    private static void assertRefused(CompletableFuture<?> answer, Refusal refusal) {
        assertThatThrownBy(() -> await(answer))
                .isInstanceOfSatisfying(
                        BrokerException.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
    }

    private static Reception receive(MessageQueue queue, long waitMs) {
        return queue.receive(new ReceiveOptions(1, 1 << 20, 30_000, waitMs));
    }

    @Test
    void afterTheStoreFailedEveryWaitEndsWithAnError() {
        MessageQueue queue = broker.queue("orders", JOURNALED);
        broker.publish(queue, "0", "1");
        Deliveries received = await(receive(queue, 0).answer());
        Receipts receipts = new Receipts(new long[] {received.offset(0)}, new int[] {received.generation(0)});
        received.close();
        broker.store.durabilityMode(DurabilityMode.MANUAL);

        CompletableFuture<?> handed = receive(queue, 0).answer();
        settleDown(queue);
        List<CompletableFuture<?>> waiting = List.of(
                handed,
                queue.purge(),
                queue.delete(receipts),
                queue.clear(),
                receive(queue, 20_000).answer());
        settleDown(queue);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        broker.store.fail(new IOException("the disk is gone"));

        waiting.forEach(answer -> assertRefused(answer, Refusal.STORAGE));
        assertRefused(queue.purge(), Refusal.STORAGE);
        assertRefused(receive(queue, 0).answer(), Refusal.STORAGE);
        assertRefused(queue.extend(receipts, new long[] {Long.MAX_VALUE}), Refusal.STORAGE);
    }

    @Test
    void consumersLearnThatNothingIsDeliveredAnyMore() {
        MessageQueue queue = broker.queue("orders", JOURNALED);
        Collector consumer = new Collector();
        await(queue.subscribe(options(10), consumer));
        broker.publish(queue, "0");
        await().until(() -> consumer.received().size() == 1);
        broker.store.durabilityMode(DurabilityMode.MANUAL);
        queue.settle(
                QueueBroker.settle(Settlement.Outcome.ACK, consumer.received().get(0)));
        broker.passGathering(queue);
        broker.store.fail(new IOException("the disk is gone"));
        await().until(() -> consumer.reasons().equals(List.of(QueueConsumer.Reason.FAILED)));
    }

    @Test
    void aFullDiskIsWaitedForAndThenSaidAndNothingIsLost() {
        MessageQueue queue = broker.queue("orders", JOURNALED);
        broker.publish(queue, "0", "1", "2");
        broker.store.refuseAppends(Reason.DISK_FULL);

        assertPurgeWaits(queue, ViewJournal.FULL_PATIENCE_MS, Refusal.DISK_FULL);
        assertRefused(receive(queue, 0).answer(), Refusal.DISK_FULL);

        broker.store.refuseAppends(null);
        await(queue.purge());
        broker.publish(queue, "3");
        try (QueueBroker again = broker.crashed()) {
            assertThat(QueueBroker.takeAll(again.find("orders"))).containsExactly("3");
        }
    }

    @Test
    void aDiskThatDoesNotAnswerIsSaidToo() {
        MessageQueue queue = broker.queue("orders", JOURNALED);
        broker.publish(queue, "0");
        broker.store.durabilityMode(DurabilityMode.MANUAL);
        assertPurgeWaits(queue, ViewJournal.SYNC_PATIENCE_MS, Refusal.TIMED_OUT);

        CompletableFuture<Long> next = queue.purge();
        broker.store.makeDurable();
        settleDown(queue);
        broker.store.durabilityMode(DurabilityMode.IMMEDIATE);
        await().until(next::isDone);
        assertThat(await(queue.purge())).isZero();
    }
}

package dev.pabal.broker.queue;

import static dev.pabal.broker.queue.QueueBroker.await;
import static dev.pabal.broker.queue.QueueBroker.options;
import static dev.pabal.broker.queue.QueueBroker.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.broker.queue.QueueBroker.Collector;
import dev.pabal.log.memory.MemoryLogStore.DurabilityMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiveTest {
    private static final Map<String, Object> JOURNALED = Map.of("x-journaled", true);
    private static final long VISIBILITY_MS = 30_000;

    private QueueBroker broker = new QueueBroker();
    private MessageQueue queue = broker.queue("orders", JOURNALED);

    @AfterEach
    void stop() {
        broker.close();
    }

    /** One message as a receiver saw it. */
    private record Message(String body, long offset, int generation, int before, long firstMs) {
        Receipts receipt() {
            return new Receipts(new long[] {offset}, new int[] {generation});
        }
    }

    private List<Message> receive(int most) {
        return messages(queue.receive(new ReceiveOptions(most, 1 << 20, VISIBILITY_MS, 0)));
    }

    private static List<Message> messages(Reception reception) {
        List<Message> found = new ArrayList<>();
        try (Deliveries all = await(reception.answer())) {
            for (int i = 0; all != null && i < all.size(); i++) {
                found.add(new Message(
                        QueueBroker.body(all, i),
                        all.offset(i),
                        all.generation(i),
                        all.acquiredBefore(i),
                        all.firstAcquiredMs(i)));
            }
        }
        return found;
    }

    private static List<String> bodies(List<Message> messages) {
        return messages.stream().map(Message::body).toList();
    }

    private Receipts.Outcome delete(Message message) {
        return await(queue.delete(message.receipt())).get(0);
    }

    private Receipts.Outcome extend(Message message, long byMs) {
        return await(queue.extend(message.receipt(), new long[] {broker.clock.wallMs() + byMs}))
                .get(0);
    }

    private void reopened(QueueBroker after) {
        broker = after;
        queue = broker.find("orders");
    }

    @Test
    void whatIsReceivedIsHiddenUntilItsTimeAndCountedThen() {
        broker.publish(queue, "0", "1", "2");
        long firstMs = broker.clock.wallMs();
        assertThat(bodies(receive(2))).containsExactly("0", "1");
        assertThat(bodies(receive(10))).containsExactly("2");
        assertThat(receive(10)).isEmpty();
        broker.passMs(VISIBILITY_MS + 1);
        List<Message> again = receive(10);
        assertThat(bodies(again)).containsExactly("0", "1", "2");
        assertThat(again).allSatisfy(message -> {
            assertThat(message.before()).isEqualTo(1);
            assertThat(message.firstMs()).isEqualTo(firstMs);
        });
    }

    @Test
    void theLastReceiptDeletesAndAnEarlierOneNever() {
        broker.publish(queue, "0");
        Message first = receive(1).get(0);
        broker.passMs(VISIBILITY_MS + 1);
        Message second = receive(1).get(0);
        assertThat(delete(first)).isEqualTo(Receipts.Outcome.STALE);
        assertThat(extend(first, 1000)).isEqualTo(Receipts.Outcome.DONE);
        broker.passMs(1001);
        await(queue.status());
        assertThat(extend(first, 1000)).isEqualTo(Receipts.Outcome.NOT_IN_FLIGHT);
        assertThat(extend(second, 1000)).isEqualTo(Receipts.Outcome.NOT_IN_FLIGHT);
        assertThat(delete(first)).isEqualTo(Receipts.Outcome.STALE);
        assertThat(delete(second)).isEqualTo(Receipts.Outcome.DONE);
        assertThat(delete(second)).isEqualTo(Receipts.Outcome.GONE);
        assertThat(receive(1)).isEmpty();
        assertThat(await(queue.status()).ready()).isZero();
    }

    @Test
    void anEarlierReceiptLeavesWhatAConsumerHoldsAlone() {
        broker.publish(queue, "0");
        Message first = receive(1).get(0);
        broker.passMs(VISIBILITY_MS + 1);
        Collector consumer = new Collector();
        await(queue.subscribe(options(1), consumer));
        await().until(() -> consumer.bodies().size() == 1);
        assertThat(extend(first, 0)).isEqualTo(Receipts.Outcome.NOT_IN_FLIGHT);
        assertThat(extend(first, 1000)).isEqualTo(Receipts.Outcome.NOT_IN_FLIGHT);
        broker.passMs(1001);
        assertThat(await(queue.status()).inFlight()).isEqualTo(1);
        queue.settle(settle(Settlement.Outcome.ACK, consumer.received().toArray(Collector.Received[]::new)));
        await().until(() -> await(queue.status()).inFlight() == 0);
        assertThat(consumer.bodies()).containsExactly("0");
        assertThat(receive(1)).isEmpty();
    }

    @Test
    void aDeadlineMovesBothWays() {
        broker.publish(queue, "0");
        Message message = receive(1).get(0);
        assertThat(extend(message, 100_000)).isEqualTo(Receipts.Outcome.DONE);
        broker.passMs(VISIBILITY_MS + 1);
        assertThat(receive(1)).isEmpty();
        assertThat(extend(message, 0)).isEqualTo(Receipts.Outcome.DONE);
        assertThat(receive(1).get(0).before()).isEqualTo(1);
    }

    @Test
    void aSendWakesWhoCameFirst() {
        Reception first = queue.receive(new ReceiveOptions(10, 1 << 20, VISIBILITY_MS, 20_000));
        Reception second = queue.receive(new ReceiveOptions(10, 1 << 20, VISIBILITY_MS, 20_000));
        await(queue.status());
        broker.publish(queue, "0");
        assertThat(bodies(messages(first))).containsExactly("0");
        assertThat(second.answer()).isNotDone();
        broker.passMs(20_001);
        assertThat(messages(second)).isEmpty();
    }

    @Test
    void thousandsWhoseTimeIsOverAtOnceDoNotHoldUpOthers() throws InterruptedException {
        ReceiveOptions waiting = new ReceiveOptions(1, 1 << 20, VISIBILITY_MS, 20_000);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch inTurn = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        int many = 5_000;
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            boolean first = i == 0;
            answers.add(queue.receive(waiting).answer().thenAccept(nothing -> {
                order.add("empty");
                if (first) {
                    inTurn.countDown();
                    QueueBroker.pause(goOn);
                }
            }));
        }
        await(queue.status());
        broker.passMs(20_001);
        assertThat(inTurn.await(20, TimeUnit.SECONDS)).isTrue();
        // Asked while the first of them is being told: answered before all of them are.
        CompletableFuture<?> asked = queue.status().thenAccept(status -> order.add("status"));
        goOn.countDown();
        await(asked);
        answers.forEach(QueueBroker::await);
        assertThat(order).hasSize(many + 1);
        assertThat(order.indexOf("status")).isLessThan(many / 2);
    }

    @Test
    void whoIsGoneTakesNothingAndWhatItTookWasNeverReceived() {
        Reception waiting = queue.receive(new ReceiveOptions(10, 1 << 20, VISIBILITY_MS, 20_000));
        waiting.cancel();
        assertThat(messages(waiting)).isEmpty();
        broker.publish(queue, "0");
        await(queue.status());
        broker.store.durabilityMode(DurabilityMode.MANUAL);
        Reception taken = queue.receive(new ReceiveOptions(10, 1 << 20, VISIBILITY_MS, 0));
        await().until(() -> await(queue.status()).inFlight() == 1);
        assertThat(taken.answer()).as("its journal is not durable").isNotDone();
        taken.cancel();
        broker.store.durabilityMode(DurabilityMode.IMMEDIATE);
        broker.store.makeDurable();
        assertThat(messages(taken)).isEmpty();
        assertThat(receive(1).get(0).before()).isZero();
    }

    @Test
    void noVisibilityIsReturnedAtOnceAndCounted() {
        broker.publish(queue, "0");
        assertThat(messages(queue.receive(new ReceiveOptions(10, 1 << 20, 0, 0))))
                .hasSize(1);
        broker.passMs(1);
        assertThat(receive(1).get(0).before()).isEqualTo(1);
    }

    @Test
    void inFlightOutlivesACrashWithItsTimeItsCountAndItsReceipt() {
        broker.publish(queue, "0", "1", "2");
        long firstMs = broker.clock.wallMs();
        List<Message> before = receive(3);
        assertThat(delete(before.get(0))).isEqualTo(Receipts.Outcome.DONE);
        reopened(broker.crashed());
        assertThat(receive(10)).as("hidden still").isEmpty();
        assertThat(delete(before.get(1))).isEqualTo(Receipts.Outcome.DONE);
        broker.passMs(VISIBILITY_MS + 1);
        Message again = receive(10).get(0);
        assertThat(again.body()).isEqualTo("2");
        assertThat(again.before()).isEqualTo(1);
        assertThat(again.firstMs()).isEqualTo(firstMs);
        reopened(broker.restarted());
        assertThat(delete(before.get(2))).isEqualTo(Receipts.Outcome.STALE);
        assertThat(delete(again)).isEqualTo(Receipts.Outcome.DONE);
        reopened(broker.restarted());
        assertThat(await(queue.status()).inFlight()).isZero();
        assertThat(await(queue.status()).ready()).isZero();
    }

    @Test
    void aConsumerAndReceiversShareAQueue() {
        Collector consumer = new Collector();
        await(queue.subscribe(options(1000), consumer));
        List<Reception> receivers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            receivers.add(queue.receive(new ReceiveOptions(10, 1 << 20, VISIBILITY_MS, 20_000)));
        }
        await(queue.status());
        broker.publish(
                queue, IntStream.range(0, 100).mapToObj(Integer::toString).toArray(String[]::new));
        int received = receivers.stream().mapToInt(one -> messages(one).size()).sum();
        assertThat(received).isEqualTo(50);
        await().until(() -> consumer.bodies().size() == 50);
        queue.settle(settle(Settlement.Outcome.RELEASE, consumer.received().toArray(Collector.Received[]::new)));
        await().until(() -> consumer.bodies().size() == 100);
    }

    @Test
    void whatAConnectionHeldComesBackAfterACrashAndWhatWasReceivedDoesNot() {
        Collector consumer = new Collector();
        MessageQueue.Subscription subscription = await(queue.subscribe(options(1), consumer));
        broker.publish(queue, "0", "1");
        await().until(() -> consumer.bodies().size() == 1);
        await(subscription.cancel());
        assertThat(bodies(receive(10))).containsExactly("1");
        reopened(broker.crashed());
        assertThat(bodies(receive(10))).containsExactly("0");
    }

    @Test
    void whatFailsTooOftenGoesToTheDeadLetterQueue() {
        MessageQueue dead = broker.queue("dead", JOURNALED);
        queue = broker.queue(
                "limited",
                Map.of(
                        "x-journaled",
                        true,
                        "x-delivery-limit",
                        1,
                        "x-dead-letter-exchange",
                        "",
                        "x-dead-letter-routing-key",
                        "dead"));
        broker.publish(queue, "0");
        receive(1);
        broker.passMs(VISIBILITY_MS + 1);
        receive(1);
        broker.passMs(VISIBILITY_MS + 1);
        await().until(() -> await(dead.status()).ready() == 1);
        assertThat(receive(1)).isEmpty();
    }

    @Test
    void clearingTakesEverythingDurably() {
        broker.publish(queue, "0", "1", "2");
        Message held = receive(1).get(0);
        await(queue.clear());
        assertThat(delete(held)).isEqualTo(Receipts.Outcome.GONE);
        broker.publish(queue, "3");
        reopened(broker.crashed());
        assertThat(bodies(receive(10))).containsExactly("3");
        assertThat(await(queue.status()).inFlight()).isEqualTo(1);
        await().until(() -> queue.inFlight() == 1);
    }

    @Test
    void manyWaitNextToEachOther() {
        List<Reception> waiting = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            waiting.add(queue.receive(new ReceiveOptions(1, 1 << 20, VISIBILITY_MS, 20_000)));
        }
        for (int i = 0; i < 10_000; i += 2) {
            waiting.get(i).cancel();
        }
        broker.publish(queue, "first");
        assertThat(bodies(messages(waiting.get(1)))).containsExactly("first");
        broker.passMs(20_001);
        assertThat(messages(waiting.get(9_999))).isEmpty();
    }

    @Test
    void whoWasServedIsNotRemembered() {
        broker.publish(queue, "0", "1", "2");
        assertThat(receive(1)).hasSize(1);
        await(queue.status());
        QueueCore core = Objects.requireNonNull(((QueueRuntime) queue).core());
        assertThat(core.receivers().isAnyDue()).isFalse();
    }
}

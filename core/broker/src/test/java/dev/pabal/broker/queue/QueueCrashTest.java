package dev.pabal.broker.queue;

import static dev.pabal.broker.queue.QueueBroker.await;
import static dev.pabal.broker.queue.QueueBroker.options;
import static dev.pabal.broker.queue.QueueBroker.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.broker.queue.QueueBroker.Collector;
import dev.pabal.broker.queue.Settlement.Outcome;
import dev.pabal.log.memory.MemoryLogStore.DurabilityMode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Random publishing, consuming and settling with a crash now and then: what was confirmed is there until it is settled, what was durably
 * settled does not come back, and nothing that was seen before comes without its flag.
 */
class QueueCrashTest {
    private static final int LIVES = 30;

    private final Random random;
    private final Map<String, CompletableFuture<?>> published = new HashMap<>();
    private final Set<String> confirmed = new HashSet<>();
    /** Settled, perhaps durably. */
    private final Set<String> settled = new HashSet<>();
    /** Settled, and a sync came after that. */
    private final Set<String> gone = new HashSet<>();

    private final Set<String> seen = new HashSet<>();
    private QueueBroker broker = new QueueBroker();
    private int next;

    QueueCrashTest() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        System.out.println("QueueCrashTest: -Dpabal.seed=" + seed);
        random = new Random(seed);
    }

    @Test
    void nothingConfirmedIsLostAndNothingSettledComesBack() {
        broker.queue("orders", Map.of("x-max-priority", 3));
        for (int life = 0; life < LIVES; life++) {
            live();
            if (random.nextInt(4) == 0) {
                broker.store.durabilityMode(DurabilityMode.IMMEDIATE);
                broker.store.makeDurable();
                await(broker.find("orders").status());
                published.keySet().forEach(this::confirm);
                broker = broker.restarted();
            } else {
                published.keySet().forEach(this::confirm);
                broker = broker.crashed();
            }
            published.clear();
            check();
        }
        broker.close();
    }

    private void confirm(String body) {
        if (published.get(body).isDone() && !published.get(body).isCompletedExceptionally()) {
            confirmed.add(body);
        }
    }

    private void live() {
        MessageQueue queue = broker.find("orders");
        Collector consumer = new Collector();
        await(queue.subscribe(options(Integer.MAX_VALUE), consumer));
        int handled = 0;
        broker.store.durabilityMode(DurabilityMode.MANUAL);
        int steps = 1 + random.nextInt(20);
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(4)) {
                case 0 -> publish(queue);
                case 1 -> handled = handle(queue, consumer, handled);
                case 2 -> {
                    await(queue.status());
                    Set<String> before = Set.copyOf(settled);
                    broker.passGathering(queue);
                    broker.store.makeDurable();
                    gone.addAll(before);
                    QueueBroker.settleDown(queue);
                }
                default -> ((RunningQueues) broker.broker.queues()).checkpoint();
            }
        }
        seen.addAll(consumer.bodies());
    }

    private void publish(MessageQueue queue) {
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            String body = "m" + next++;
            int priority = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : -1;
            published.put(body, broker.publishing(queue, QueueBroker.properties(priority, null, Map.of()), body));
        }
    }

    private int handle(MessageQueue queue, Collector consumer, int from) {
        List<Collector.Received> all = consumer.received();
        for (Collector.Received message : all.subList(from, all.size())) {
            assertThat(gone).doesNotContain(message.body());
            if (random.nextInt(3) != 0) {
                settled.add(message.body());
                queue.settle(settle(Outcome.ACK, message));
            } else if (random.nextInt(2) == 0) {
                queue.settle(settle(Outcome.RELEASE, message));
            }
        }
        return all.size();
    }

    private void check() {
        MessageQueue queue = broker.find("orders");
        Collector consumer = new Collector();
        MessageQueue.Subscription subscription = await(queue.subscribe(options(Integer.MAX_VALUE), consumer));
        await().untilAsserted(() -> {
            QueueStatus status = await(queue.status());
            assertThat(status.ready()).isZero();
            assertThat(consumer.received()).hasSize((int) status.inFlight());
        });
        Set<String> there = new HashSet<>();
        for (Collector.Received message : consumer.received()) {
            assertThat(there.add(message.body())).as("%s once", message.body()).isTrue();
            assertThat(gone).doesNotContain(message.body());
            if (seen.contains(message.body())) {
                assertThat(message.redelivered())
                        .as("%s was seen before", message.body())
                        .isTrue();
            }
        }
        Set<String> lost = new HashSet<>(confirmed);
        lost.removeAll(settled);
        lost.removeAll(there);
        assertThat(lost).as("confirmed and not settled").isEmpty();
        seen.addAll(there);
        // What came back was not settled durably, and may be settled again.
        settled.removeAll(there);
        subscription.close();
        await(queue.status());
    }
}

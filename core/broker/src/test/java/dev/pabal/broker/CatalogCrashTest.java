package dev.pabal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.catalog.Topic;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.log.memory.MemoryLogStore.DurabilityMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Changes of the catalog through crashes: what was answered is there afterwards, whatever was on its way. */
class CatalogCrashTest {
    private final long seed = Long.getLong("pabal.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** A change that was asked for, and what it must leave behind once it was answered. */
    private record Asked(CompletableFuture<?> answer, String name, int partitions) {}

    @Test
    void whatWasAnsweredOutlivesEveryCrash() {
        MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());
        try (TestBroker t = new TestBroker(store, Map.of())) {
            assertThat(t.broker.catalog().topics()).isEmpty();
        }
        for (int life = 0; life < 30; life++) {
            store = store.reopened();
            // The start itself may not wait: from here on, the disk syncs when this test says so.
            try (TestBroker t = new TestBroker(store, Map.of())) {
                store.durabilityMode(DurabilityMode.MANUAL);
                Map<String, Integer> before = sizes(t);
                List<Asked> asked = live(t, store, before.keySet());
                Map<String, Integer> answered = new HashMap<>(before);
                Map<String, List<Integer>> open = new HashMap<>();
                store = crash(t, store);
                for (Asked change : asked) {
                    if (change.answer.isDone() && !change.answer.isCompletedExceptionally()) {
                        answered.put(change.name, change.partitions);
                    } else {
                        open.computeIfAbsent(change.name, n -> new ArrayList<>())
                                .add(change.partitions);
                    }
                }
                check(store, answered, open);
            }
        }
    }

    private List<Asked> live(TestBroker t, MemoryLogStore store, Set<String> existing) {
        List<Asked> asked = new ArrayList<>();
        List<String> names = new ArrayList<>(existing);
        for (int step = 0; step < 30; step++) {
            if (random.nextInt(4) == 0) {
                store.makeDurable();
                turn(t);
            } else if (names.isEmpty() || random.nextBoolean()) {
                String name = "t" + random.nextInt(1_000_000);
                int count = random.nextInt(5) + 1;
                asked.add(new Asked(t.broker.topics().create(name, count, Map.of(), false), name, count));
            } else {
                String name = names.remove(random.nextInt(names.size()));
                Topic topic = t.broker.catalog().topic(name);
                UUID id = Objects.requireNonNull(topic).id();
                asked.add(new Asked(t.broker.topics().delete(id), name, 0));
            }
            turn(t);
        }
        return asked;
    }

    /** Lets the catalog's thread do what it was given. */
    private static void turn(TestBroker t) {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            t.broker.shard(0).loop().execute(() -> done.complete(null));
            TestBroker.await(done);
        }
    }

    /** Nothing that was not durable comes back. */
    private static MemoryLogStore crash(TestBroker t, MemoryLogStore store) {
        turn(t);
        MemoryLogStore after = store.reopened();
        after.durabilityMode(DurabilityMode.IMMEDIATE);
        return after;
    }

    private void check(MemoryLogStore store, Map<String, Integer> answered, Map<String, List<Integer>> open) {
        try (TestBroker t = new TestBroker(store, Map.of())) {
            Map<String, Integer> found = sizes(t);
            answered.forEach((name, partitions) -> {
                if (!open.containsKey(name)) {
                    assertThat(found.getOrDefault(name, 0))
                            .as(name + ", seed " + seed)
                            .isEqualTo(partitions);
                }
            });
            found.forEach((name, partitions) -> {
                if (!answered.containsKey(name)) {
                    assertThat(open.get(name)).as(name + ", seed " + seed).contains(partitions);
                }
            });
        }
    }

    private static Map<String, Integer> sizes(TestBroker t) {
        Map<String, Integer> sizes = new HashMap<>();
        t.broker.catalog().topics().forEach(topic -> sizes.put(topic.name(), topic.partitions()));
        return sizes;
    }
}

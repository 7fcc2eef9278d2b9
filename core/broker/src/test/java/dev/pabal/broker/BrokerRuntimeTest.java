package dev.pabal.broker;

import static dev.pabal.broker.TestBroker.await;
import static dev.pabal.broker.TestBroker.produce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.catalog.Topic;
import dev.pabal.log.LogRead;
import dev.pabal.log.memory.MemoryLogStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BrokerRuntimeTest {
    @Test
    void whatIsProducedIsRead() {
        try (TestBroker t = new TestBroker()) {
            Partition p = t.topic("orders", Map.of());
            assertThat(produce(p, Batches.of("a", "b")).baseOffset()).isZero();
            assertThat(produce(p, Batches.of("c")).baseOffset()).isEqualTo(2);
            try (LogRead read = await(p.read(0, Long.MAX_VALUE, 1 << 20))) {
                assertThat(read.sizeInBytes()).isPositive();
            }
            assertThat(p.log().durableEnd()).isEqualTo(3);
        }
    }

    @Test
    void topicsConfigsAndIdentityOutliveARestart() {
        MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());
        String cluster;
        Topic before;
        try (TestBroker t = new TestBroker(store, Map.of())) {
            cluster = t.broker.clusterId();
            produce(t.topic("kept", Map.of("retention.ms", "1000")), Batches.of("a"));
            Partition gone = t.topic("gone", Map.of());
            produce(gone, Batches.of("b"));
            await(t.broker.topics().delete(gone.topicId()));
            assertThat(gone.deleted()).isTrue();
            Topic kept = Objects.requireNonNull(t.broker.catalog().topic("kept"));
            before = await(t.broker.topics().grow(kept.id(), 3, false));
            await(t.broker.topics().setBrokerConfigs("", Map.of("message.max.bytes", "2000"), false));
            await(t.broker.topics().setGroupConfigs("g", Map.of("consumer.session.timeout.ms", "50000"), false));
        }
        store.close();
        try (TestBroker t = new TestBroker(store.reopened(), Map.of())) {
            assertThat(t.broker.clusterId()).isEqualTo(cluster).hasSize(22);
            assertThat(t.broker.catalog().topics()).containsExactly(before);
            Partition kept = Objects.requireNonNull(t.broker.partition("kept", 0));
            assertThat(kept.log().durableEnd()).isEqualTo(1);
            assertThat(kept.config().maxMessageBytes()).isEqualTo(2000);
            assertThat(kept.config().log().retentionMs()).isEqualTo(1000);
            assertThat(t.broker.partition("gone", 0)).isNull();
            assertThat(t.broker.catalog().groupConfigs("g")).containsEntry("consumer.session.timeout.ms", "50000");
        }
    }

    @Test
    void oneNameIsTakenOnceEvenAtTheSameMoment() {
        try (TestBroker t = new TestBroker()) {
            List<CompletableFuture<Topic>> creations = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                creations.add(t.broker.topics().create("same", 1, Map.of(), false));
            }
            long made = creations.stream()
                    .filter(c -> c.handle((topic, e) -> e == null).join())
                    .count();
            assertThat(made).isEqualTo(1);
        }
    }

    @Test
    void namesThatCollideAreRefused() {
        try (TestBroker t = new TestBroker()) {
            Partition first = t.topic("a.b", Map.of());
            refused(t.broker.topics().create("a_b", 1, Map.of(), false), Refusal.INVALID_NAME);
            await(t.broker.topics().delete(first.topicId()));
            t.topic("a_b", Map.of());
            refused(t.broker.topics().create("", 1, Map.of(), false), Refusal.INVALID_NAME);
            refused(t.broker.topics().create("..", 1, Map.of(), false), Refusal.INVALID_NAME);
            refused(t.broker.topics().create("x".repeat(250), 1, Map.of(), false), Refusal.INVALID_NAME);
            refused(t.broker.topics().create("a b", 1, Map.of(), false), Refusal.INVALID_NAME);
        }
    }

    @Test
    void badNumbersAndConfigsAreRefusedAndChangeNothing() {
        try (TestBroker t = new TestBroker()) {
            refused(t.broker.topics().create("t", 0, Map.of(), false), Refusal.INVALID_PARTITIONS);
            refused(t.broker.topics().create("t", 10_001, Map.of(), false), Refusal.POLICY);
            refused(t.broker.topics().create("t", 1, Map.of("no.such", "1"), false), Refusal.INVALID_CONFIG);
            refused(t.broker.topics().create("t", 1, Map.of("retention.ms", "x"), false), Refusal.INVALID_CONFIG);
            await(t.broker.topics().create("t", 1, Map.of(), true));
            assertThat(t.broker.catalog().topics()).isEmpty();
            Partition p = t.topic("t", Map.of());
            refused(t.broker.topics().grow(p.topicId(), 1, false), Refusal.INVALID_PARTITIONS);
        }
    }

    @Test
    void internalTopicsRefuseClientsButServeTheirOwner() {
        try (TestBroker t = new TestBroker()) {
            await(t.broker.topics().ensureInternal("__consumer_offsets", 2, Map.of("cleanup.policy", "compact")));
            Topic again = await(t.broker.topics().ensureInternal("__consumer_offsets", 9, Map.of()));
            assertThat(again.partitions()).isEqualTo(2);
            Partition p = Objects.requireNonNull(t.broker.partition("__consumer_offsets", 1));
            refused(p.produce(Batches.of("a"), null), Refusal.INTERNAL_TOPIC);
            assertThat(p.appendInternal(Batches.of("a")).baseOffset()).isZero();
        }
    }

    @Test
    void producerIdsAreNeverGivenTwice() {
        MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());
        Set<Long> ids = new HashSet<>();
        for (int start = 0; start < 3; start++) {
            try (TestBroker t = new TestBroker(store, Map.of())) {
                List<CompletableFuture<Long>> taken = new ArrayList<>();
                for (int i = 0; i < 1500; i++) {
                    taken.add(t.broker.newProducerId());
                }
                taken.forEach(id -> assertThat(ids.add(await(id))).isTrue());
            }
            store = store.reopened();
        }
        assertThat(ids).hasSize(4500);
    }

    @Test
    void aReaderWhoWaitsIsCalledOnceWhenRecordsAreDurable() {
        MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());
        try (TestBroker t = new TestBroker(store, Map.of())) {
            Partition p = t.topic("t", Map.of());
            CompletableFuture<Void> first = new CompletableFuture<>();
            List<String> calls = Collections.synchronizedList(new ArrayList<>());
            p.awaitDurable(0, () -> {
                calls.add("first");
                first.complete(null);
            });
            p.awaitDurable(0, () -> calls.add("cancelled")).cancel();
            p.awaitDurable(5, () -> calls.add("later"));
            assertThat(calls).isEmpty();
            produce(p, Batches.of("a"));
            await(first);
            p.awaitDurable(0, () -> calls.add("at once"));
            assertThat(calls).containsExactly("first", "at once");
            await(t.broker.topics().delete(p.topicId()));
            assertThat(calls).containsExactly("first", "at once", "later");
        }
    }

    @Test
    void aDeletedTopicRefusesEverything() {
        try (TestBroker t = new TestBroker()) {
            Partition p = t.topic("t", Map.of());
            await(t.broker.topics().delete(p.topicId()));
            refused(p.produce(Batches.of("a"), null), Refusal.UNKNOWN_TOPIC);
            refused(p.read(0, 1, 1), Refusal.UNKNOWN_TOPIC);
            refused(t.broker.topics().delete(p.topicId()), Refusal.UNKNOWN_TOPIC);
            assertThat(t.store.ids()).noneMatch(id -> id.owner().equals(p.topicId()));
        }
    }

    @Test
    void theBufferIsGivenBackExactlyOnceWhateverHappens() {
        try (TestBroker t = new TestBroker()) {
            Partition p = t.topic("t", Map.of());
            int[] released = new int[1];
            Runnable release = () -> released[0]++;
            await(p.produce(Batches.idempotent(7, 0, 0, "a"), release));
            await(p.produce(Batches.idempotent(7, 0, 0, "a"), release));
            refused(p.produce(Batches.idempotent(7, 0, 9, "a"), release), Refusal.OUT_OF_ORDER_SEQUENCE);
            refused(p.produce(ByteBuffer.allocate(70), release), Refusal.UNSUPPORTED_FORMAT);
            assertThat(released[0]).isEqualTo(4);
        }
    }

    static void refused(CompletableFuture<?> future, Refusal refusal) {
        assertThatThrownBy(() -> await(future))
                .isInstanceOfSatisfying(
                        BrokerException.class,
                        e -> assertThat(e.refusal()).as(e.getMessage()).isEqualTo(refusal));
    }
}

package dev.pabal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.broker.topology.PasswordHash;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.StoreIdentity;
import dev.pabal.catalog.User;
import dev.pabal.log.memory.MemoryLogStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the catalog's writer and the start do with virtual hosts, users and queues. */
class CatalogOfQueuesTest {
    private static Queue queue(String name, boolean durable) {
        return new Queue(
                UUID.randomUUID(),
                "/",
                name,
                name,
                Queue.Type.CLASSIC,
                Queue.View.OWNER,
                durable,
                false,
                null,
                Map.of(),
                0);
    }

    private static MemoryLogStore storeWith(List<CatalogChange> changes) {
        MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());
        List<CatalogChange> all = new ArrayList<>();
        all.add(new CatalogChange.StoreCreated(new StoreIdentity("abcdefghijklmnopqrstuv", 1, 2)));
        all.addAll(changes);
        new CatalogLog(store, new TestClock()).append(all).join();
        return store;
    }

    private static List<CatalogChange> stored(MemoryLogStore store) {
        List<CatalogChange> all = new ArrayList<>();
        new CatalogLog(store, new TestClock()).replay(all::add);
        return all;
    }

    @Test
    void aNewStoreHasAVirtualHostAndAGuest() {
        try (TestBroker t = new TestBroker()) {
            CatalogImage image = t.broker.catalog();
            assertThat(image.vhost("/")).isNotNull();
            assertThat(image.exchanges("/")).hasSize(7);
            User guest = image.user("guest");
            assertThat(guest.tags()).containsExactly("administrator");
            assertThat(PasswordHash.matches(guest.hashing(), guest.passwordHash(), "guest"))
                    .isTrue();
            assertThat(PasswordHash.matches(guest.hashing(), guest.passwordHash(), "Guest"))
                    .isFalse();
            assertThat(image.permission("guest", "/").configure()).isEqualTo(".*");
        }
    }

    @Test
    void aStoreOfAnEarlierVersionGetsThemAtItsNextStartAndOnlyOnce() {
        MemoryLogStore store = storeWith(List.of());
        for (int start = 0; start < 2; start++) {
            try (TestBroker t = new TestBroker(store, Map.of())) {
                assertThat(t.broker.catalog().user("guest")).isNotNull();
            }
            assertThat(stored(store)).hasSize(4);
        }
    }

    @Test
    void aGuestThatWasDeletedStaysAway() {
        MemoryLogStore store = storeWith(FirstChanges.ofVirtualHosts());
        new CatalogLog(store, new TestClock())
                .append(List.of(new CatalogChange.UserDeleted("guest"), new CatalogChange.VirtualHostDeleted("/")))
                .join();
        try (TestBroker t = new TestBroker(store, Map.of())) {
            assertThat(t.broker.catalog().users()).isEmpty();
            assertThat(t.broker.catalog().vhosts()).isEmpty();
        }
    }

    @Test
    void deletingTheTopicOfAQueueDeletesTheQueueWithItsBindings() {
        Queue queue = queue("orders", true);
        Binding binding = new Binding("/", "amq.direct", Binding.Kind.QUEUE, "orders", "k", Map.of());
        Binding toTopic = new Binding("/", "amq.direct", Binding.Kind.TOPIC, "orders", "k", Map.of());
        List<CatalogChange> changes = new ArrayList<>(FirstChanges.ofVirtualHosts());
        changes.add(new CatalogChange.QueueCreated(queue));
        changes.add(new CatalogChange.BindingCreated(binding, true));
        changes.add(new CatalogChange.BindingCreated(toTopic, true));
        MemoryLogStore store = storeWith(changes);
        try (TestBroker t = new TestBroker(store, Map.of())) {
            assertThat(t.broker.partition("orders", 0)).isNotNull();
            assertThatThrownBy(() -> TestBroker.await(t.broker.topics().grow(queue.id(), 2, false)))
                    .hasMessageContaining("one partition");
            assertThatThrownBy(() -> TestBroker.await(
                            t.broker.topics().setConfigs(queue.id(), Map.of("cleanup.policy", "compact"), false)))
                    .hasMessageContaining("queue");
            TestBroker.await(t.broker.topics().delete(queue.id()));
            CatalogImage image = t.broker.catalog();
            assertThat(image.queue("/", "orders")).isNull();
            assertThat(image.topic("orders")).isNull();
            assertThat(image.bindingsFrom("/", "amq.direct")).isEmpty();
            assertThat(t.broker.partition("orders", 0)).isNull();
        }
        try (TestBroker t = new TestBroker(store, Map.of())) {
            assertThat(t.broker.catalog().queues()).isEmpty();
        }
    }

    @Test
    void whatDoesNotOutliveTheProcessIsShownButNotWrittenAndKeepsItsTurn() {
        MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());
        Queue kept = queue("kept", true);
        Queue gone = queue("gone", false);
        try (TestBroker t = new TestBroker(store, Map.of())) {
            CatalogWriter writer = new CatalogWriter(
                    t.broker.shard(0),
                    new CatalogLog(store, t.clock),
                    t.broker.catalog(),
                    (image, changes) -> CompletableFuture.completedFuture(null));
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            var first = writer.submit(draft -> plan(new CatalogChange.QueueCreated(kept)), false)
                    .thenRun(() -> order.add("kept"));
            var second = writer.submit(
                            draft -> {
                                assertThat(draft.image().queue("/", "kept")).isNotNull();
                                return plan(new CatalogChange.QueueCreated(gone));
                            },
                            false)
                    .thenRun(() -> order.add("gone"));
            TestBroker.await(first);
            TestBroker.await(second);
            assertThat(order).containsExactly("kept", "gone");
        }
        assertThat(stored(store))
                .filteredOn(CatalogChange.QueueCreated.class::isInstance)
                .containsExactly(new CatalogChange.QueueCreated(kept));
    }

    @Test
    void aPlanThatContradictsItselfLeavesNothingBehind() {
        try (TestBroker t = new TestBroker()) {
            CatalogWriter writer = new CatalogWriter(
                    t.broker.shard(0),
                    new CatalogLog(t.store, t.clock),
                    t.broker.catalog(),
                    (image, changes) -> CompletableFuture.completedFuture(null));
            Queue queue = queue("q", true);
            assertThatThrownBy(() -> TestBroker.await(writer.submit(
                            draft -> plan(new CatalogChange.QueueCreated(queue), new CatalogChange.QueueCreated(queue)),
                            false)))
                    .isInstanceOf(IllegalStateException.class);
            TestBroker.await(writer.submit(
                    draft -> {
                        assertThat(draft.image().queues()).isEmpty();
                        return plan(new CatalogChange.QueueCreated(queue));
                    },
                    false));
        }
    }

    private static CatalogWriter.Plan<String> plan(CatalogChange... changes) {
        return new CatalogWriter.Plan<>(List.of(changes), "");
    }
}

package dev.pabal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.catalog.Binding;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.StoreIdentity;
import dev.pabal.catalog.Topic;
import dev.pabal.catalog.User;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.log.seam.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The catalog's log says the same before and after it was made short. */
class CatalogReplayTest {
    private final MemoryLogStore store = new MemoryLogStore();
    private final CatalogLog log = new CatalogLog(store, Clock.SYSTEM);
    private final List<UUID> gone = new ArrayList<>();

    private static CatalogReplay replay(CatalogLog log) {
        CatalogReplay replay = new CatalogReplay();
        log.replay(replay::apply);
        return replay;
    }

    private static Queue queue(String name) {
        return new Queue(
                UUID.randomUUID(),
                "/",
                name,
                name,
                Queue.Type.CLASSIC,
                Queue.View.OWNER,
                true,
                false,
                null,
                Map.of("x-max-length", 10L),
                0);
    }

    private void write() {
        log.append(FirstChanges.ofStore(new StoreIdentity("c", 1, 4))).join();
        log.append(FirstChanges.ofVirtualHosts()).join();
        for (int i = 0; i < 100; i++) {
            Queue queue = queue("short-lived");
            gone.add(queue.id());
            log.append(List.of(new CatalogChange.QueueCreated(queue), new CatalogChange.QueueDeleted(queue.id(), true)))
                    .join();
        }
        Queue queue = queue("orders");
        log.append(List.of(
                        new CatalogChange.QueueCreated(queue),
                        new CatalogChange.TopicConfigsSet(queue.id(), Map.of("retention.ms", "7")),
                        new CatalogChange.TopicCreated(new Topic(UUID.randomUUID(), "t", 3, 1, Map.of(), false)),
                        new CatalogChange.ExchangeCreated(
                                new Exchange(UUID.randomUUID(), "/", "x", "topic", true, false, false, Map.of())),
                        new CatalogChange.BindingCreated(
                                new Binding("/", "x", Binding.Kind.QUEUE, "orders", "a.#", Map.of()), true),
                        new CatalogChange.UserSet(new User("u", "", "", List.of())),
                        new CatalogChange.PermissionSet(new Permission("u", "/", "c", "w", "r")),
                        new CatalogChange.BrokerConfigsSet("", Map.of("a", "b")),
                        new CatalogChange.GroupConfigsSet("g", Map.of("c", "d")),
                        new CatalogChange.ProducerIdsReserved(5_000)))
                .join();
    }

    @Test
    void aLongLogOfLittleIsMadeShort() {
        write();
        CatalogReplay before = replay(log);
        assertThat(before.shorter(1_000)).isEmpty();
        List<CatalogChange> shorter = before.shorter(100);
        assertThat(shorter).hasSizeBetween(10, 40);
        log.replace(shorter);
        CatalogReplay after = replay(log);
        assertThat(after.image().sameContent(before.image())).isTrue();
        assertThat(after.deleted()).isEmpty();
        assertThat(after.anyVhost()).isTrue();
        assertThat(after.shorter(0)).as("it is short now").isEmpty();
        log.append(List.of(new CatalogChange.UserDeleted("u"))).join();
        CatalogLog next = new CatalogLog(store.reopened(), Clock.SYSTEM);
        CatalogImage last = replay(next).image();
        assertThat(last.user("u")).isNull();
        assertThat(last.topic("orders").configs()).containsEntry("retention.ms", "7");
    }

    @Test
    void aCrashBeforeTheOldOnesGoChangesNothing() {
        write();
        CatalogReplay before = replay(log);
        // The one append that replaces all, without the trim behind it.
        log.append(before.shorter(100)).join();
        CatalogReplay after = replay(log);
        assertThat(after.image().sameContent(before.image())).isTrue();
        assertThat(after.deleted()).containsAll(gone);
    }
}

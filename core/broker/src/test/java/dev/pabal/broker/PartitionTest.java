package dev.pabal.broker;

import static dev.pabal.broker.BrokerRuntimeTest.refused;
import static dev.pabal.broker.TestBroker.NOW_MS;
import static dev.pabal.broker.TestBroker.await;
import static dev.pabal.broker.TestBroker.produce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.log.memory.MemoryLogStore.DurabilityMode;
import dev.pabal.message.BatchCheck;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.compress.Compression;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PartitionTest {
    private static ByteBuffer stored(Partition p, long offset) {
        try (LogRead read = await(p.read(offset, Long.MAX_VALUE, 1 << 20))) {
            ByteBuffer first = read.buffers().get(0);
            ByteBuffer copy = ByteBuffer.allocate(BatchHeader.sizeInBytes(first, first.position()));
            copy.put(first.slice(first.position(), copy.capacity())).flip();
            return copy;
        }
    }

    @Test
    void recordsAreFoundByTheirTime() {
        try (TestBroker t = new TestBroker()) {
            Partition p = t.topic("t", Map.of());
            assertThat(await(p.offsetForTimestamp(0))).isEqualTo(Partition.FoundOffset.NONE);
            assertThat(await(p.offsetOfMaxTimestamp())).isEqualTo(Partition.FoundOffset.NONE);
            produce(p, Batches.timed(10, 20, 30));
            produce(p, Batches.timed(90, 40, 90));
            produce(p, Batches.timed(50));
            assertThat(await(p.offsetForTimestamp(0)).offset()).isZero();
            assertThat(await(p.offsetForTimestamp(21)).offset()).isEqualTo(2);
            assertThat(await(p.offsetForTimestamp(31)))
                    .isEqualTo(new Partition.FoundOffset(3, 90, p.log().epoch()));
            assertThat(await(p.offsetForTimestamp(91))).isEqualTo(Partition.FoundOffset.NONE);
            assertThat(await(p.offsetOfMaxTimestamp()).offset()).isEqualTo(3);
            assertThat(await(p.deleteRecords(2))).isEqualTo(2);
            assertThat(await(p.offsetForTimestamp(0)).offset()).isEqualTo(2);
        }
    }

    @Test
    void theBrokersTimeIsStampedWhereTheTopicWantsIt() {
        try (TestBroker t = new TestBroker()) {
            Partition p = t.topic("t", Map.of("message.timestamp.type", "LogAppendTime"));
            Partition.Produced first = produce(p, Batches.idempotent(1, 0, 0, "a"));
            assertThat(first.logAppendTimeMs()).isEqualTo(NOW_MS);
            t.clock.nowMs += 1000;
            assertThat(produce(p, Batches.idempotent(1, 0, 0, "a"))).isEqualTo(first);
            ByteBuffer stored = stored(p, 0);
            assertThat(BatchHeader.maxTimestamp(stored, 0)).isEqualTo(NOW_MS);
            assertThat(BatchCheck.check(stored)).isEqualTo(BatchCheck.Verdict.GOOD);
            assertThat(produce(t.topic("own", Map.of()), Batches.of("a")).logAppendTimeMs())
                    .isEqualTo(-1);
        }
    }

    @Test
    void timesTooFarAwayAreRefused() {
        try (TestBroker t = new TestBroker()) {
            Partition p = t.topic("t", Map.of("message.timestamp.before.max.ms", "1000"));
            refused(p.produce(Batches.timed(NOW_MS + 3_600_001), null), Refusal.INVALID_TIMESTAMP);
            refused(p.produce(Batches.timed(NOW_MS - 1001), null), Refusal.INVALID_TIMESTAMP);
            // Only a look inside finds the second.
            refused(p.produce(Batches.timed(NOW_MS, NOW_MS - 1001, NOW_MS), null), Refusal.INVALID_TIMESTAMP);
            produce(p, Batches.timed(NOW_MS - 1000, NOW_MS + 3_600_000));
            ByteBuffer stamped = Batches.timed(NOW_MS);
            BatchCheck.stampAppendTime(stamped, NOW_MS);
            refused(p.produce(stamped, null), Refusal.INVALID_TIMESTAMP);
        }
    }

    @Test
    void theTopicsCodecHolds() {
        try (TestBroker t = new TestBroker()) {
            Partition zstd = t.topic("zstd", Map.of("compression.type", "zstd"));
            produce(zstd, Batches.of(Compression.gzip().build(), "a", "b"));
            assertThat(BatchCheck.codec(stored(zstd, 0))).isEqualTo(4);
            assertThat(BatchHeader.recordCount(stored(zstd, 0), 0)).isEqualTo(2);
            Partition kept = t.topic("kept", Map.of());
            produce(kept, Batches.of(Compression.gzip().build(), "a", "b"));
            assertThat(BatchCheck.codec(stored(kept, 0))).isEqualTo(1);
        }
    }

    @Test
    void batchesThatBreakARuleAreRefused() {
        try (TestBroker t = new TestBroker()) {
            Partition p = t.topic("t", Map.of("max.message.bytes", "100"));
            refused(p.produce(Batches.of("x".repeat(100)), null), Refusal.BATCH_TOO_LARGE);
            ByteBuffer flipped = Batches.of("a");
            flipped.put(flipped.limit() - 1, (byte) 9);
            refused(p.produce(flipped, null), Refusal.CORRUPT_BATCH);
            ByteBuffer moved = Batches.of("a");
            BatchHeader.setBaseOffset(moved, 0, 5);
            refused(p.produce(moved, null), Refusal.INVALID_BATCH);
            refused(p.produce(ByteBuffer.allocate(10), null), Refusal.CORRUPT_BATCH);
            Partition compacted = t.topic("c", Map.of("cleanup.policy", "compact"));
            refused(compacted.produce(Batches.of("no key"), null), Refusal.INVALID_BATCH);
            produce(compacted, Batches.timed(1));
            assertThat(p.log().durableEnd()).isZero();
        }
    }

    @Test
    void repeatedBatchesGetTheFirstAnswerEvenAfterACrash() {
        MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());
        try (TestBroker t = new TestBroker(store, Map.of())) {
            Partition p = t.topic("t", Map.of());
            for (int i = 0; i < 8; i++) {
                assertThat(produce(p, Batches.idempotent(7, 0, i, "v")).baseOffset())
                        .isEqualTo(i);
            }
        }
        try (TestBroker t = new TestBroker(store.reopened(), Map.of())) {
            Partition p = Objects.requireNonNull(t.broker.partition("t", 0));
            assertThat(produce(p, Batches.idempotent(7, 0, 5, "v")).baseOffset())
                    .isEqualTo(5);
            refused(p.produce(Batches.idempotent(7, 0, 9, "v"), null), Refusal.OUT_OF_ORDER_SEQUENCE);
            assertThat(produce(p, Batches.idempotent(7, 0, 8, "v")).baseOffset())
                    .isEqualTo(8);
            assertThat(await(p.producers())).hasSize(1);
        }
    }

    @Test
    void nothingIsAnsweredBeforeItIsDurable() {
        MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states(), DurabilityMode.MANUAL);
        CompletableFuture<TestBroker> starting = CompletableFuture.supplyAsync(() -> new TestBroker(store, Map.of()));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            store.makeDurable();
            return starting.isDone();
        });
        try (TestBroker t = await(starting)) {
            CompletableFuture<?> created = t.broker.topics().create("t", 1, Map.of(), false);
            long before = store.stats().appends();
            Awaitility.await().until(() -> store.stats().appends() > before - 1 && appended(store));
            assertThat(created).isNotDone();
            assertThat(t.broker.partition("t", 0)).isNull();
            store.makeDurable();
            await(created);
            Partition p = Objects.requireNonNull(t.broker.partition("t", 0));
            CompletableFuture<?> first = p.produce(Batches.idempotent(1, 0, 0, "a"), null);
            CompletableFuture<?> again = p.produce(Batches.idempotent(1, 0, 0, "a"), null);
            CompletableFuture<Void> seen = new CompletableFuture<>();
            p.awaitDurable(0, () -> seen.complete(null));
            Awaitility.await().until(() -> p.log().appendedEnd() == 1);
            // The shard's thread has seen both batches once it answers this.
            CompletableFuture<Void> turn = new CompletableFuture<>();
            p.shard().execute(() -> turn.complete(null));
            await(turn);
            assertThat(first).isNotDone();
            assertThat(again).isNotDone();
            assertThat(seen).isNotDone();
            store.makeDurable();
            assertThat(await(again)).isEqualTo(await(first));
            await(seen);
        }
        try (TestBroker t = new TestBroker(store.reopened(), Map.of())) {
            assertThat(t.broker.partition("t", 0)).isNotNull();
        }
    }

    private static boolean appended(MemoryLogStore store) {
        var catalog = store.find(CatalogLog.ID);
        return catalog != null && catalog.appendedEnd() > catalog.durableEnd();
    }

    @Test
    void aFullDiskRefusesAndTheBrokerLivesOn() {
        MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());
        try (TestBroker t = new TestBroker(store, Map.of())) {
            Partition p = t.topic("t", Map.of());
            store.refuseAppends(LogException.Reason.DISK_FULL);
            refused(p.produce(Batches.of("a"), null), Refusal.DISK_FULL);
            refused(t.broker.topics().create("u.v", 1, Map.of(), false), Refusal.DISK_FULL);
            store.refuseAppends(null);
            produce(p, Batches.of("a"));
            t.topic("u.v", Map.of());
            assertThat(p.log().durableEnd()).isEqualTo(1);
        }
    }

    @Test
    void aDeletionThatACrashInterruptedIsCarriedOn() {
        MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());
        UUID id;
        try (TestBroker t = new TestBroker(store, Map.of())) {
            Partition p = t.topic("t", Map.of());
            id = p.topicId();
            await(t.broker.topics().delete(id));
        }
        // As if the catalog's record had been written and the process had ended before the data went.
        MemoryLogStore after = store.reopened();
        after.open(new LogId(id, 0), LogConfig.DEFAULT).append(Batches.of("a"), null);
        LogId stranger = new LogId(new UUID(1, 1), 0);
        after.open(stranger, LogConfig.DEFAULT).append(Batches.of("a"), null);
        try (TestBroker t = new TestBroker(after, Map.of())) {
            assertThat(t.store.ids()).noneMatch(log -> log.owner().equals(id));
            // What the catalog never knew is nobody's to remove.
            assertThat(t.store.ids()).contains(stranger);
        }
    }
}

package dev.pabal.broker.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.broker.BrokerRuntime;
import dev.pabal.broker.Shard;
import dev.pabal.broker.TestClock;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.log.memory.MemoryLogStore.DurabilityMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checkpoints go on beside a queue that cannot be loaded, and a replay still finds what the journal had of it. */
class RepeatedEntriesTest {
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());
    private final Log journalLog = store.open(new LogId(new UUID(7, 1), 0), LogConfig.DEFAULT);
    private final Log checkpointLog = store.open(new LogId(new UUID(7, 2), 0), LogConfig.DEFAULT);

    @AfterEach
    void stop() {
        loop.shutdownNow();
    }

    @Test
    void entriesOfAnUnreadableQueueAreWrittenAgainAfterTheMarker() {
        UUID unreadable = new UUID(9, 9);
        ShardLink link = new ShardLink(new Shard(0, loop, () -> true));
        TestClock clock = new TestClock();
        ViewJournal journal = new ViewJournal(journalLog, link, clock, () -> {});
        List<byte[]> entries = List.of("one".getBytes(UTF_8), "two".getBytes(UTF_8));
        assertThat(journal.repeat(unreadable, entries)).isTrue();
        long before = journalLog.appendedEnd();
        Checkpoints checkpoints = new Checkpoints(
                checkpointLog, journal, link, clock, () -> true, () -> journal.repeat(unreadable, entries));
        checkpoints.want();
        while (checkpoints.step()) {
            assertThat(checkpointLog.appendedEnd()).isLessThan(100);
        }

        assertThat(checkpointLog.appendedEnd()).isPositive();
        // Before the journal is trimmed, and after.
        assertThat(found(unreadable)).containsExactly(entries.get(0), entries.get(1));
        journalLog.trim(before).join();
        assertThat(found(unreadable)).containsExactly(entries.get(0), entries.get(1));
    }

    @Test
    void manyEntriesAreRepeatedInSeveralAppendsAndCountOnlyWhenAllAreThere() {
        UUID unreadable = new UUID(9, 9);
        ShardLink link = new ShardLink(new Shard(0, loop, () -> true));
        ViewJournal journal = new ViewJournal(journalLog, link, new TestClock(), () -> {});
        List<byte[]> before = List.of("before".getBytes(UTF_8));
        assertThat(journal.repeat(unreadable, before)).isTrue();
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            entries.add(new byte[100_000 + i]);
        }
        long from = journalLog.appendedEnd();
        store.durabilityMode(DurabilityMode.MANUAL);
        assertThat(journal.repeat(unreadable, entries)).isTrue();

        long end = journalLog.appendedEnd();
        assertThat(end - from).isGreaterThan(3);
        for (long upTo = from + 1; upTo < end; upTo++) {
            store.makeDurable(journalLog.id(), upTo);
            assertThat(found(unreadable)).as("with some of them").containsExactly(before.get(0));
        }
        store.makeDurable();
        assertThat(found(unreadable)).containsExactlyElementsOf(entries);
        for (long offset = from; offset < end; offset++) {
            try (LogRead read = journalLog.read(offset, offset + 1, 1).join()) {
                assertThat(read.sizeInBytes()).isLessThan(ViewJournal.FLUSH_BYTES + 200_000);
            }
        }
    }

    private List<byte[]> found(UUID queue) {
        return Objects.requireNonNull(
                        StoredViews.read(checkpointLog, journalLog).find(queue))
                .entries();
    }
}

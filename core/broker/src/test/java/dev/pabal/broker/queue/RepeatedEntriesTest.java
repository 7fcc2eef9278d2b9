package dev.pabal.broker.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.broker.BrokerRuntime;
import dev.pabal.broker.Shard;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogId;
import dev.pabal.log.memory.MemoryLogStore;
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
        QueueBroker.TestClock clock = new QueueBroker.TestClock();
        ViewJournal journal = new ViewJournal(journalLog, link, clock);
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

    private List<byte[]> found(UUID queue) {
        return Objects.requireNonNull(
                        StoredViews.read(checkpointLog, journalLog).find(queue))
                .entries();
    }
}

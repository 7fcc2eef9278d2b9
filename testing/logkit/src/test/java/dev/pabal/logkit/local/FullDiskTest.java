package dev.pabal.logkit.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pabal.log.Append;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import dev.pabal.log.local.LocalLogStore;
import dev.pabal.log.local.LocalOptions;
import dev.pabal.log.segment.SegmentFiles;
import dev.pabal.log.segment.SegmentOptions;
import dev.pabal.logkit.Batches;
import dev.pabal.logkit.LogReader;
import dev.pabal.logkit.ManualClock;
import dev.pabal.logkit.RecordingState;
import dev.pabal.logkit.disk.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A full disk refuses appends before they are taken, loses nothing, lets everything else go on, and heals by itself. */
class FullDiskTest {
    private static final LogId FIRST = new LogId(new UUID(1, 1), 0);
    private static final LogId SECOND = new LogId(new UUID(1, 1), 1);
    private static final LocalOptions OPTIONS = new LocalOptions(
                    64 << 10, 16 << 10, 64 << 10, 32 << 10, 128 << 10, 60_000, 128 << 10, 5_000, true)
            .withoutThreads();

    /** The batches' timestamps are 0: retention by time would take them. */
    private static final LogConfig KEPT = LogConfig.DEFAULT.keepForever();

    private final ManualClock clock = new ManualClock(1_700_000_000_000L);
    private final SimulatedDisk disk = new SimulatedDisk(3);

    private LocalLogStore open() throws IOException {
        SegmentFiles segments = new SegmentFiles(disk, clock, new NoCompaction(), SegmentOptions.DEFAULT);
        return LocalLogStore.open(disk, clock, id -> new RecordingState(), segments, OPTIONS);
    }

    private static void work(LocalLogStore store) {
        while (store.doWork()) {
            // until there is nothing to do
        }
    }

    private static List<Append> appendUntilRefused(LocalLogStore store, Log log) {
        List<Append> taken = new ArrayList<>();
        while (true) {
            LogException[] refused = new LogException[1];
            refused[0] = catchThrowableOfType(
                    LogException.class, () -> taken.add(log.append(Batches.ofSize(8_000, taken.size()), null)));
            if (refused[0] != null) {
                assertThat(refused[0].reason()).isEqualTo(Reason.DISK_FULL);
                return taken;
            }
            work(store);
            assertThat(taken.size()).as("appends on a disk of 2 MiB").isLessThan(300);
        }
    }

    @Test
    void whatWasTakenIsThereAndADeletionMakesRoom() throws IOException {
        disk.capacityInBytes(2 << 20);
        LocalLogStore store = open();
        Log log = store.open(FIRST, KEPT);
        List<Append> taken = appendUntilRefused(store, log);
        assertThat(taken).hasSizeGreaterThan(50).allMatch(append -> append.durable()
                .isDone());
        assertThat(store.stats().writable()).isFalse();
        assertThat(store.failure()).isNotDone();
        assertThat(LogReader.readAll(log, 1 << 20).size()).isEqualTo(taken.size());

        store.delete(List.of(FIRST));
        for (int second = 0; second < 10; second++) {
            work(store);
            clock.advanceMs(1_000);
        }
        work(store);
        assertThat(store.stats().writable()).isTrue();
        Log second = store.open(SECOND, KEPT);
        Append append = second.append(Batches.of("there is room again"), null);
        work(store);
        assertThat(append.durable()).isCompleted();
        store.close();
    }

    @Test
    void somebodyElseFillsTheDiskAndNothingIsLost() throws IOException {
        LocalLogStore store = open();
        Log log = store.open(FIRST, KEPT);
        List<Append> taken = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            taken.add(log.append(Batches.ofSize(8_000, i), null));
        }
        disk.capacityInBytes(1);
        for (int second = 0; second < 5; second++) {
            work(store);
            clock.advanceMs(1_000);
        }
        assertThat(store.failure()).isNotDone();
        LogException refused = catchThrowableOfType(LogException.class, () -> log.append(Batches.of("no room"), null));
        assertThat(refused.reason()).isEqualTo(Reason.DISK_FULL);

        disk.capacityInBytes(Long.MAX_VALUE);
        for (int second = 0; second < 3; second++) {
            clock.advanceMs(1_000);
            work(store);
        }
        assertThat(taken)
                .allMatch(
                        append -> append.durable().isDone() && !append.durable().isCompletedExceptionally());
        taken.add(log.append(Batches.of("room"), null));
        work(store);
        assertThat(LogReader.readAll(log, 1 << 20).size()).isEqualTo(taken.size());
        store.close();
        Log again = open().open(FIRST, KEPT);
        assertThat(LogReader.readAll(again, 1 << 20).size()).isEqualTo(taken.size());
    }
}

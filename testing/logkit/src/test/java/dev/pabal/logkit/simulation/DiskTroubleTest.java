package dev.pabal.logkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.log.Append;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import dev.pabal.log.LogStore;
import dev.pabal.logkit.Batches;
import dev.pabal.logkit.LogReader;
import dev.pabal.logkit.ManualClock;
import dev.pabal.logkit.RecordingState;
import dev.pabal.logkit.disk.DiskOperation;
import dev.pabal.logkit.disk.SimulatedDisk;
import dev.pabal.logkit.simulation.StoreStarter.Running;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Failing and full disks: what was acknowledged stays true, and what cannot be promised is refused. */
class DiskTroubleTest {
    private static final LogId ID = new LogId(new UUID(3, 3), 0);

    private final ManualClock clock = new ManualClock(1_700_000_000_000L);
    private final SimulatedDisk disk = new SimulatedDisk(8);

    private Running start(SimulatedDisk on) throws IOException {
        return LocalStores.start(on, clock, id -> new RecordingState());
    }

    private static void settle(Running running) {
        for (int i = 0; i < 1_000 && running.work(); i++) {
            assertThat(i).isLessThan(999);
        }
    }

    private static Log open(LogStore store) {
        return store.open(ID, LogConfig.DEFAULT.keepForever());
    }

    @Test
    void afterAFailedSyncNothingIsAcknowledged() throws Exception {
        Running running = start(disk);
        Log log = open(running.store());
        Append before = log.append(Batches.of("before"), null);
        settle(running);
        assertThat(before.durable()).isCompleted();
        disk.failAt(DiskOperation.SYNC, 1, name -> name.startsWith("journal"));
        Append failed = log.append(Batches.of("failed"), null);
        settle(running);
        assertThat(running.store().failure()).isCompletedExceptionally();
        assertThat(failed.durable()).isCompletedExceptionally();
        assertThat(log.durableEnd()).isEqualTo(1);
        long syncs = disk.operations(DiskOperation.SYNC);
        assertThatThrownBy(() -> log.append(Batches.of("after"), null))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
        settle(running);
        running.store().close();
        assertThat(disk.operations(DiskOperation.SYNC)).as("never tried again").isEqualTo(syncs);
        assertThat(LogReader.values(LogReader.readAll(open(start(disk.crash()).store()), 1_000)))
                .startsWith("before");
    }

    @Test
    void whatAKilledProcessHadNotSyncedIsSyncedBeforeItIsServed() throws Exception {
        Running running = start(disk);
        Log log = open(running.store());
        settle(running);
        disk.failAt(DiskOperation.SYNC, 1, name -> name.startsWith("journal"));
        log.append(Batches.of("written and not synced"), null);
        settle(running);
        SimulatedDisk killed = disk.kill();
        SimulatedDisk broken = killed.copy(9);
        broken.failAt(DiskOperation.SYNC, 1, name -> name.matches("journal-\\d+"));
        assertThatThrownBy(() -> start(broken)).isInstanceOf(IOException.class);
        assertThat(LogReader.readAll(open(start(killed).store()), 1_000)).hasSize(1);
    }

    @Test
    void aFailedSegmentSyncStopsTheStoreToo() throws Exception {
        Running running = start(disk);
        Log log = open(running.store());
        log.append(Batches.of("a"), null);
        settle(running);
        disk.failAt(DiskOperation.SYNC, 1, name -> name.startsWith("segment"));
        clock.advanceMs(11_000);
        settle(running);
        assertThat(running.store().failure()).isCompletedExceptionally();
        assertThat(LogReader.values(LogReader.readAll(open(start(disk.crash()).store()), 1_000)))
                .containsExactly("a");
    }

    @Test
    void aFailedSegmentSyncStopsTheStoreOnAFullDiskAsWell() throws Exception {
        Running running = start(disk);
        Log log = open(running.store());
        log.append(Batches.of("a"), null);
        settle(running);
        disk.capacityInBytes(900 << 10); // so little that a failed write would be put down to it, and enough to write
        disk.failAt(DiskOperation.SYNC, 1, name -> name.startsWith("segment"));
        clock.advanceMs(11_000);
        settle(running);
        assertThat(running.store().failure()).isCompletedExceptionally();
    }

    @Test
    void aFullDiskRefusesAppendsAndGoesOnWhenThereIsSpaceAgain() throws Exception {
        Running running = start(disk);
        Log log = open(running.store());
        settle(running);
        disk.capacityInBytes(900 << 10);
        int taken = fill(running, log);
        assertThat(taken).isPositive();
        assertThat(running.store().failure()).isNotDone();
        // Reads and trims go on, and the word holds through a power cut on the full disk.
        assertThat(LogReader.readAll(log, 5_000)).hasSize(taken);
        CompletableFuture<Long> trimmed = log.trim(1);
        settle(running);
        assertThat(trimmed).isCompletedWithValue(1L);
        SimulatedDisk again = disk.crash();
        running = start(again);
        log = open(running.store());
        assertThat(LogReader.readAll(log, 5_000)).hasSize(taken - 1);
        assertThat(log.startOffset()).isEqualTo(1);
        again.capacityInBytes(Long.MAX_VALUE);
        clock.advanceMs(2_000);
        settle(running);
        Append after = log.append(Batches.of("there is space again"), null);
        settle(running);
        assertThat(after.durable()).isCompleted();
    }

    @Test
    void itHealsWithoutARestart() throws Exception {
        Running running = start(disk);
        Log log = open(running.store());
        settle(running);
        disk.capacityInBytes(900 << 10);
        int taken = fill(running, log);
        disk.capacityInBytes(Long.MAX_VALUE);
        clock.advanceMs(2_000);
        settle(running);
        Append after = log.append(Batches.of("there is space again"), null);
        settle(running);
        assertThat(after.durable()).isCompleted();
        assertThat(LogReader.readAll(log, 5_000)).hasSize(taken + 1);
    }

    /** Appends until the disk is full; every append that was taken becomes durable. */
    private int fill(Running running, Log log) {
        for (int i = 0; i < 2_000; i++) {
            clock.advanceMs(500);
            Append append;
            try {
                append = log.append(Batches.ofSize(3_000, i), null);
            } catch (LogException e) {
                assertThat(e.reason()).isEqualTo(Reason.DISK_FULL);
                return i;
            }
            settle(running);
            assertThat(append.durable()).as("append %s", i).isCompleted();
        }
        throw new AssertionError("the disk never became full");
    }

    @Test
    void aFullDiskCanBeEmptiedByDeleting() throws Exception {
        Running running = start(disk);
        Log log = open(running.store());
        settle(running);
        disk.capacityInBytes(900 << 10);
        fill(running, log);
        CompletableFuture<Void> deleted = running.store().delete(List.of(ID));
        settle(running);
        assertThat(deleted).isCompleted();
        for (int i = 0; i < 5; i++) {
            clock.advanceMs(11_000);
            settle(running);
        }
        LogId other = new LogId(new UUID(4, 4), 0);
        Append append = running.store().open(other, LogConfig.DEFAULT).append(Batches.of("room"), null);
        settle(running);
        assertThat(append.durable()).isCompleted();
    }
}

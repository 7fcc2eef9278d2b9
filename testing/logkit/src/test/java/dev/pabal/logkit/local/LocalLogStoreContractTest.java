package dev.pabal.logkit.local;

import dev.pabal.log.LogState;
import dev.pabal.log.LogStore;
import dev.pabal.log.local.LocalLogStore;
import dev.pabal.log.local.LocalOptions;
import dev.pabal.log.seam.Clock;
import dev.pabal.log.segment.SegmentFiles;
import dev.pabal.log.segment.SegmentOptions;
import dev.pabal.logkit.LogStoreContract;
import dev.pabal.logkit.ManualClock;
import dev.pabal.logkit.StoreUnderTest;
import dev.pabal.logkit.disk.SimulatedDisk;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The local store keeps the contract, on a disk that loses what was not synced. */
class LocalLogStoreContractTest extends LogStoreContract {
    private static final LocalOptions OPTIONS =
            new LocalOptions(16 << 20, 1 << 20, 16 << 20, 4 << 20, 16 << 20, 60_000, 1 << 20, 5_000, true);

    @Override
    protected StoreUnderTest start(LogState.Factory states, Clock clock) throws IOException {
        return new Subject(states, clock);
    }

    private static final class Subject implements StoreUnderTest {
        private final LogState.Factory states;
        private final Clock clock;
        private SimulatedDisk disk = new SimulatedDisk(Long.getLong("pabal.seed", 1));
        private HeldFileStore files;
        private LocalLogStore store;

        Subject(LogState.Factory states, Clock clock) throws IOException {
            this.states = states;
            this.clock = clock;
            this.files = new HeldFileStore(disk);
            this.store = open();
        }

        private LocalLogStore open() throws IOException {
            files = new HeldFileStore(disk);
            SegmentFiles segments = new SegmentFiles(files, clock, new NoCompaction(), SegmentOptions.DEFAULT);
            return LocalLogStore.open(files, clock, states, segments, OPTIONS);
        }

        @Override
        public LogStore store() {
            return store;
        }

        @Override
        public LogStore restart() throws IOException {
            store.close();
            store = open();
            return store;
        }

        @Override
        public LogStore crash() throws IOException {
            SimulatedDisk found = disk.crash();
            files.hold(false);
            store.close();
            disk = found;
            store = open();
            return store;
        }

        @Override
        public boolean holdDurability() {
            files.hold(true);
            return true;
        }

        @Override
        public void releaseDurability() {
            files.hold(false);
        }

        @Override
        public void flush() throws Exception {
            store.flush().get(60, TimeUnit.SECONDS);
        }

        @Override
        public boolean applyRetention() throws Exception {
            // Segments look at a log once in a while only.
            ((ManualClock) clock).advanceMs(SegmentOptions.DEFAULT.retentionIntervalMs());
            store.upkeep().get(60, TimeUnit.SECONDS);
            return true;
        }

        @Override
        public void close() {
            files.hold(false);
            store.close();
        }
    }
}

package dev.pabal.logkit.simulation;

import dev.pabal.log.LogState;
import dev.pabal.log.LogStore;
import dev.pabal.log.seam.Clock;
import dev.pabal.logkit.LogStoreContract;
import dev.pabal.logkit.StoreUnderTest;
import dev.pabal.logkit.disk.GuardedFileStore;
import dev.pabal.logkit.disk.SimulatedDisk;
import java.io.IOException;

/** The local store keeps the contract on a disk that loses what was not synced. */
class LocalStoreOnSimulatedDiskContractTest extends LogStoreContract {
    @Override
    protected StoreUnderTest start(LogState.Factory states, Clock clock) throws IOException {
        return new Subject(states, clock);
    }

    private static final class Subject implements StoreUnderTest {
        private final LogState.Factory states;
        private final Clock clock;
        private SimulatedDisk disk = new SimulatedDisk(11);
        private GuardedFileStore guard = new GuardedFileStore(disk);
        private LogStore store;

        Subject(LogState.Factory states, Clock clock) throws IOException {
            this.states = states;
            this.clock = clock;
            this.store = LocalStores.open(guard, clock, states);
        }

        private LogStore startAgain() throws IOException {
            guard = new GuardedFileStore(disk);
            store = LocalStores.open(guard, clock, states);
            return store;
        }

        @Override
        public LogStore store() {
            return store;
        }

        @Override
        public LogStore restart() throws IOException {
            store.close();
            return startAgain();
        }

        @Override
        public LogStore crash() throws IOException {
            guard.kill();
            disk = disk.crash();
            store.close();
            return startAgain();
        }

        @Override
        public boolean holdDurability() {
            guard.holdSyncs();
            return true;
        }

        @Override
        public void releaseDurability() {
            guard.releaseSyncs();
        }

        @Override
        public void close() {
            guard.releaseSyncs();
            store.close();
        }
    }
}

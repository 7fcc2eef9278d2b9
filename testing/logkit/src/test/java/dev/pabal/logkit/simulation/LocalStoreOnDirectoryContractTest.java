package dev.pabal.logkit.simulation;

import dev.pabal.log.LogState;
import dev.pabal.log.LogStore;
import dev.pabal.log.local.LocalLogStore;
import dev.pabal.log.local.LocalOptions;
import dev.pabal.log.seam.Clock;
import dev.pabal.log.seam.DiskFileStore;
import dev.pabal.logkit.LogStoreContract;
import dev.pabal.logkit.ManualClock;
import dev.pabal.logkit.StoreUnderTest;
import dev.pabal.logkit.disk.GuardedFileStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The local store keeps the contract in a real directory, where a crash is one of the process and data moves to segments all the time. */
class LocalStoreOnDirectoryContractTest extends LogStoreContract {
    /** Every drain is a small one: what is read is cold soon. */
    private static final LocalOptions OPTIONS =
            new LocalOptions(16 << 20, 1 << 20, 16 << 20, 4 << 10, 256 << 10, 1_000, 0, 1_000, true);

    @TempDir
    Path directory;

    @Override
    protected StoreUnderTest start(LogState.Factory states, Clock clock) throws IOException {
        return new Subject(directory, states, (ManualClock) clock);
    }

    private static final class Subject implements StoreUnderTest {
        private final Path directory;
        private final LogState.Factory states;
        private final ManualClock clock;
        private DiskFileStore files;
        private GuardedFileStore guard;
        private LogStore store;

        Subject(Path directory, LogState.Factory states, ManualClock clock) throws IOException {
            this.directory = directory;
            this.states = states;
            this.clock = clock;
            this.files = DiskFileStore.open(directory);
            this.guard = new GuardedFileStore(files);
            this.store = LocalLogStore.open(guard, clock, states, LocalStores.segments(guard, clock), OPTIONS);
        }

        private LogStore startAgain() throws IOException {
            files.close();
            files = DiskFileStore.open(directory);
            guard = new GuardedFileStore(files);
            store = LocalLogStore.open(guard, clock, states, LocalStores.segments(guard, clock), OPTIONS);
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
        public void close() throws IOException {
            guard.releaseSyncs();
            store.close();
            files.close();
        }
    }
}

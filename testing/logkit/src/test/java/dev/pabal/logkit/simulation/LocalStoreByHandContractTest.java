package dev.pabal.logkit.simulation;

import dev.pabal.log.LogState;
import dev.pabal.log.LogStore;
import dev.pabal.log.seam.Clock;
import dev.pabal.logkit.LogStoreContract;
import dev.pabal.logkit.ManualClock;
import dev.pabal.logkit.StoreUnderTest;
import dev.pabal.logkit.disk.SimulatedDisk;
import dev.pabal.logkit.simulation.StoreStarter.Running;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** The local store without threads of its own: the test decides when it is flushed to segments and when retention looks at it. */
class LocalStoreByHandContractTest extends LogStoreContract {
    @Override
    protected StoreUnderTest start(LogState.Factory states, Clock clock) throws IOException {
        return new Subject(states, (ManualClock) clock);
    }

    @Override
    protected int largestAppendInBytes() {
        return 96 << 10;
    }

    private static final class Subject implements StoreUnderTest {
        private final LogState.Factory states;
        private final ManualClock clock;
        private final Thread pump = new Thread(this::pump, "store-by-hand");
        private SimulatedDisk disk = new SimulatedDisk(12);
        private Running running;
        private volatile boolean stopped;

        Subject(LogState.Factory states, ManualClock clock) throws IOException {
            this.states = states;
            this.clock = clock;
            this.running = LocalStores.start(disk, clock, states);
            pump.setDaemon(true);
            pump.start();
        }

        private void pump() {
            while (!stopped) {
                boolean worked;
                synchronized (this) {
                    worked = !stopped && running.work();
                }
                if (!worked) {
                    LockSupport.parkNanos(20_000);
                }
            }
        }

        @Override
        public LogStore store() {
            return running.store();
        }

        /** A closing store without threads works on its caller's, and never on two at a time. */
        @Override
        public synchronized void stop() {
            stopped = true;
            running.store().close();
        }

        @Override
        public synchronized LogStore restart() throws IOException {
            running.store().close();
            disk = disk.kill();
            running = LocalStores.start(disk, clock, states);
            return running.store();
        }

        @Override
        public synchronized LogStore crash() throws IOException {
            disk = disk.crash();
            running.store().close();
            running = LocalStores.start(disk, clock, states);
            return running.store();
        }

        @Override
        public synchronized void flush() {
            letPass(11_000);
        }

        @Override
        public synchronized boolean applyRetention() {
            letPass(6_000);
            return true;
        }

        /** Time for a checkpoint, or for upkeep, and then for all that it leads to. */
        private void letPass(long ms) {
            settle();
            clock.advanceMs(ms);
            settle();
        }

        private void settle() {
            int left = 100_000;
            while (running.work() && left > 0) {
                left--;
            }
        }

        @Override
        public void close() throws InterruptedException {
            stopped = true;
            pump.join(60_000);
            running.store().close();
        }
    }
}

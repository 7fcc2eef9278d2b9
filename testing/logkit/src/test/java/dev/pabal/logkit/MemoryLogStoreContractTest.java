package dev.pabal.logkit;

import dev.pabal.log.LogState;
import dev.pabal.log.LogStore;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.log.memory.MemoryLogStore.DurabilityMode;
import dev.pabal.log.seam.Clock;

/** The store on the heap keeps the contract, and so can stand in for the real one in other modules' tests. */
class MemoryLogStoreContractTest extends LogStoreContract {
    @Override
    protected StoreUnderTest start(LogState.Factory states, Clock clock) {
        return new Subject(new MemoryLogStore(states));
    }

    private static final class Subject implements StoreUnderTest {
        private MemoryLogStore store;

        Subject(MemoryLogStore store) {
            this.store = store;
        }

        @Override
        public LogStore store() {
            return store;
        }

        @Override
        public LogStore restart() {
            store.close();
            return crash();
        }

        @Override
        public LogStore crash() {
            store = store.reopened();
            return store;
        }

        @Override
        public boolean holdDurability() {
            store.durabilityMode(DurabilityMode.MANUAL);
            return true;
        }

        @Override
        public void releaseDurability() {
            store.durabilityMode(DurabilityMode.IMMEDIATE);
            store.makeDurable();
        }

        @Override
        public void close() {
            store.close();
        }
    }
}

package dev.pabal.server;

import dev.pabal.broker.BrokerRuntime;
import dev.pabal.log.LogStore;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.server.config.PabalConfig;

/** Opens the store in the data directory. */
final class StoreOpening {
    private StoreOpening() {}

    static LogStore open(PabalConfig config) {
        return new MemoryLogStore(BrokerRuntime.states());
    }
}

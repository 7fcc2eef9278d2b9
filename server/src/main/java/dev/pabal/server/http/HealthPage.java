package dev.pabal.server.http;

import dev.pabal.log.LogStore;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The page {@code /health}: 200 while the broker serves and can write, 503 while it starts or stops, while the disk has no room, or after the
 * store has failed.
 *
 * <pre>{@code {"status":"up","store":"writable"}}</pre>
 */
public final class HealthPage implements Supplier<HttpPage> {
    private final LogStore store;
    private final BooleanSupplier serving;

    /** @param serving whether the broker has started and is not stopping */
    public HealthPage(LogStore store, BooleanSupplier serving) {
        this.store = store;
        this.serving = serving;
    }

    @Override
    public HttpPage get() {
        if (!serving.getAsBoolean()) {
            return page(503, "down", "not serving");
        }
        if (store.failure().isCompletedExceptionally()) {
            return page(503, "down", "failed");
        }
        return store.stats().writable() ? page(200, "up", "writable") : page(503, "degraded", "disk full");
    }

    private static HttpPage page(int status, String state, String storeState) {
        return new HttpPage(
                status, "application/json", "{\"status\":\"" + state + "\",\"store\":\"" + storeState + "\"}\n");
    }
}

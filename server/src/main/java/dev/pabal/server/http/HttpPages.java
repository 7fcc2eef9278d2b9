package dev.pabal.server.http;

import dev.pabal.admin.AdminApi;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The paths that the HTTP listener serves.
 *
 * @param quick pages that are made at once, on the event loop
 * @param slow pages that take a while (milliseconds) and are made by {@code executor}
 * @param api serves what begins with {@link AdminApi#PREFIX}, by {@code executor}; null: nobody does
 * @param executor bounded in threads; may refuse by {@link java.util.concurrent.RejectedExecutionException}, which is answered with 503
 */
public record HttpPages(
        Map<String, Supplier<HttpPage>> quick,
        Map<String, Supplier<HttpPage>> slow,
        @Nullable AdminApi api,
        Executor executor) {
    public HttpPages {
        quick = Map.copyOf(quick);
        slow = Map.copyOf(slow);
    }
}

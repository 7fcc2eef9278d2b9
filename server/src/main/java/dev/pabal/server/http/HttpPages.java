package dev.pabal.server.http;

import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The paths that the HTTP listener serves.
 *
 * @param quick pages that are made at once, on the event loop
 * @param slow pages that take a while (milliseconds) and are made by {@code executor}
 * @param executor bounded in threads; may refuse by {@link java.util.concurrent.RejectedExecutionException}, which is answered with 503
 */
public record HttpPages(
        Map<String, Supplier<HttpPage>> quick, Map<String, Supplier<HttpPage>> slow, Executor executor) {
    public HttpPages {
        quick = Map.copyOf(quick);
        slow = Map.copyOf(slow);
    }
}

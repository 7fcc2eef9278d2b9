package dev.pabal.kafka.wire;

import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.Endpoint;
import dev.pabal.kafka.KafkaLimits;
import dev.pabal.kafka.KafkaMetrics;
import java.util.Collection;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** What all connections of one listener share. Any thread. */
final class Wire {
    private final @Nullable ApiHandler[] handlers = new ApiHandler[ApiKeys.values().length + 16];
    private final Supplier<Endpoint> advertised;
    private final KafkaLimits limits;
    private final KafkaMetrics metrics;
    private final RequestMemory memory;
    private final UnsentReads unsent = new UnsentReads();

    Wire(Collection<ApiHandler> served, Supplier<Endpoint> advertised, KafkaLimits limits, KafkaMetrics metrics) {
        for (ApiHandler handler : served) {
            int key = handler.apiKey().id;
            if (handlers[key] != null) {
                throw new IllegalArgumentException("two handlers for " + handler.apiKey());
            }
            handlers[key] = handler;
        }
        this.advertised = advertised;
        this.limits = limits;
        this.metrics = metrics;
        this.memory = new RequestMemory(limits.requestMemoryBytes(), metrics);
    }

    /** The handler of an API, null where it is not served. */
    @Nullable
    ApiHandler handler(int apiKey) {
        return apiKey >= 0 && apiKey < handlers.length ? handlers[apiKey] : null;
    }

    Endpoint advertised() {
        return advertised.get();
    }

    KafkaLimits limits() {
        return limits;
    }

    KafkaMetrics metrics() {
        return metrics;
    }

    RequestMemory memory() {
        return memory;
    }

    UnsentReads unsent() {
        return unsent;
    }
}

package dev.pabal.server.metrics;

import dev.pabal.kafka.KafkaMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens on the Kafka listener, for the metrics page. Counting costs a few additions for each request and no lock; an API has
 * its meters from its first request on.
 */
public final class KafkaMeters implements KafkaMetrics, MeterSource {
    private static final ApiKeys[] APIS = ApiKeys.values();

    private final PerApi[] apis = new PerApi[APIS.length];
    private final boolean[] bound = new boolean[APIS.length];
    private final Map<Rejection, LongAdder> rejections = new EnumMap<>(Rejection.class);
    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder memory = new LongAdder();
    private @Nullable MeterRegistry registry;

    public KafkaMeters() {
        for (int i = 0; i < APIS.length; i++) {
            apis[i] = new PerApi();
        }
        for (Rejection why : Rejection.values()) {
            rejections.put(why, new LongAdder());
        }
    }

    @Override
    public void connectionOpened() {
        opened.increment();
    }

    @Override
    public void connectionClosed() {
        closed.increment();
    }

    @Override
    public void connectionRejected(Rejection why) {
        rejections.get(why).increment();
    }

    @Override
    public void request(ApiKeys api, int sizeInBytes) {
        PerApi counts = apis[api.ordinal()];
        counts.requests.increment();
        counts.requestBytes.add(sizeInBytes);
    }

    @Override
    public void response(ApiKeys api, int sizeInBytes, long durationNs) {
        PerApi counts = apis[api.ordinal()];
        counts.responses.increment();
        counts.responseBytes.add(sizeInBytes);
        counts.durationNs.add(durationNs);
    }

    @Override
    public void requestFailed(ApiKeys api) {
        apis[api.ordinal()].failures.increment();
    }

    @Override
    public void requestMemory(long deltaInBytes) {
        memory.add(deltaInBytes);
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        registry = meters;
        Gauge.builder("pabal.kafka.connections", this, m -> m.opened.sum() - m.closed.sum())
                .description("Open connections")
                .register(meters);
        FunctionCounter.builder("pabal.kafka.connections.opened", opened, LongAdder::sum)
                .description("Connections taken since the start")
                .register(meters);
        Gauge.builder("pabal.kafka.request.memory", memory, LongAdder::sum)
                .baseUnit("bytes")
                .description("Memory that requests take now")
                .register(meters);
        rejections.forEach(
                (why, count) -> FunctionCounter.builder("pabal.kafka.connections.rejected", count, LongAdder::sum)
                        .tags("reason", why.name().toLowerCase(Locale.ROOT))
                        .description("Connections refused or closed by the broker")
                        .register(meters));
    }

    @Override
    public void refresh() {
        MeterRegistry meters = Objects.requireNonNull(registry, "bound before the first scrape");
        for (int i = 0; i < APIS.length; i++) {
            if (!bound[i] && apis[i].requests.sum() > 0) {
                bound[i] = true;
                apis[i].bindTo(meters, Tags.of("api", APIS[i].name));
            }
        }
    }

    /** What is counted of one API. */
    private static final class PerApi {
        private final LongAdder requests = new LongAdder();
        private final LongAdder requestBytes = new LongAdder();
        private final LongAdder responses = new LongAdder();
        private final LongAdder responseBytes = new LongAdder();
        private final LongAdder durationNs = new LongAdder();
        private final LongAdder failures = new LongAdder();

        void bindTo(MeterRegistry meters, Tags tags) {
            counter(meters, "pabal.kafka.request", "bytes", "Received requests", requestBytes, tags);
            counter(meters, "pabal.kafka.response", "bytes", "Sent answers", responseBytes, tags);
            counter(
                    meters,
                    "pabal.kafka.requests.failed",
                    null,
                    "Requests answered by an error as a whole",
                    failures,
                    tags);
            FunctionTimer.builder(
                            "pabal.kafka.requests",
                            this,
                            p -> p.responses.sum(),
                            p -> p.durationNs.sum(),
                            TimeUnit.NANOSECONDS)
                    .tags(tags)
                    .description("Requests answered and the time from their arrival to the answer")
                    .register(meters);
        }

        private static void counter(
                MeterRegistry meters, String name, @Nullable String unit, String meaning, LongAdder count, Tags tags) {
            FunctionCounter.builder(name, count, LongAdder::sum)
                    .baseUnit(unit)
                    .tags(tags)
                    .description(meaning)
                    .register(meters);
        }
    }
}

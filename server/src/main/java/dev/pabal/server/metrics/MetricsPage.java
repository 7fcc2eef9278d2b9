package dev.pabal.server.metrics;

import dev.pabal.server.http.HttpPage;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The page {@code /metrics} in Prometheus' text format. The registry is made at the first scrape: a start does not pay for it. */
public final class MetricsPage implements Supplier<HttpPage> {
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final List<MeterSource> sources;
    private @Nullable PrometheusMeterRegistry registry;

    public MetricsPage(List<MeterSource> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public synchronized HttpPage get() {
        PrometheusMeterRegistry meters = registry;
        if (meters == null) {
            meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            for (MeterSource source : sources) {
                source.bindTo(meters);
            }
            registry = meters;
        }
        for (MeterSource source : sources) {
            source.refresh();
        }
        return new HttpPage(200, CONTENT_TYPE, meters.scrape());
    }
}

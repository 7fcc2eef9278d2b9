package dev.pabal.server.metrics;

import io.micrometer.core.instrument.MeterRegistry;

/** Meters over figures that some part keeps. Called by one thread at a time. */
public interface MeterSource {
    /** Registers the meters; called once, before the first scrape. */
    void bindTo(MeterRegistry registry);

    /** Reads figures that several meters share; called before each scrape. */
    default void refresh() {}
}

package dev.pabal.kafka;

import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Serves one API. What it says of its versions is what ApiVersions advertises: a handler that is not listed is not advertised, and a request
 * for it gets Kafka's error.
 *
 * <p>Called on the connection's event loop: it never blocks.
 */
public interface ApiHandler {
    ApiKeys apiKey();

    /** The oldest version served. */
    default short minVersion() {
        return apiKey().oldestVersion();
    }

    /** The newest version served. */
    default short maxVersion() {
        return apiKey().latestVersion(false);
    }

    /** Serves the request; an exception thrown is answered as {@link KafkaRequest#fail} would. */
    void handle(KafkaRequest request);
}

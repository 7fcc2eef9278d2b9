package dev.pabal.kafka;

/**
 * Bounds of the Kafka listener. Memory follows bytes received, never a length field.
 *
 * @param maxRequestBytes largest request taken, in bytes ({@code socket.request.max.bytes})
 * @param requestMemoryBytes bytes that requests may take in memory together; beyond it sockets are not read
 * @param maxInFlight produce requests of one connection that may be under way at once
 * @param maxConnections connections in all
 * @param maxConnectionsPerAddress connections from one address
 * @param idleTimeoutMs a connection that sends nothing for so long is closed ({@code connections.max.idle.ms})
 * @param slowRequestTimeoutMs in this time a request under way must bring {@link #MIN_REQUEST_BYTES_PER_S} on average, or be whole
 * @param maxFetchBytes largest answer to a fetch ({@code fetch.max.bytes})
 * @param maxFetchSessions incremental fetch sessions kept ({@code max.incremental.fetch.session.cache.slots})
 */
public record KafkaLimits(
        int maxRequestBytes,
        long requestMemoryBytes,
        int maxInFlight,
        int maxConnections,
        int maxConnectionsPerAddress,
        long idleTimeoutMs,
        long slowRequestTimeoutMs,
        int maxFetchBytes,
        int maxFetchSessions) {

    /** A request that arrives more slowly than this is given up. */
    public static final int MIN_REQUEST_BYTES_PER_S = 1024;

    public KafkaLimits {
        if (maxRequestBytes < 1024 || requestMemoryBytes < 1 << 20 || maxInFlight < 1 || maxConnections < 1) {
            throw new IllegalArgumentException("limits are too small to serve anybody");
        }
    }

    /** Kafka's own limits where it has one; a quarter of the heap for requests. */
    public static KafkaLimits defaults() {
        return new KafkaLimits(
                100 << 20,
                Math.max(8L << 20, Runtime.getRuntime().maxMemory() / 4),
                100,
                10_000,
                10_000,
                600_000,
                30_000,
                55 << 20,
                1_000);
    }
}

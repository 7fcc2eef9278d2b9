package dev.pabal.sqs;

/**
 * Bounds of the SQS listener. Memory follows bytes received, never a length field.
 *
 * @param maxBodyBytes largest body of a request: a batch of SQS's 1 MiB as JSON escapes or base64 may blow it up
 * @param maxHeaderBytes all headers of a request together, and its first line
 * @param memoryBytes bytes that requests and unsent replies may take in memory together; beyond it requests are refused with 503
 * @param maxConnections connections in all
 * @param idleTimeoutMs a connection without a request for so long is closed
 * @param slowTimeoutMs in this time a request under way must bring {@link #MIN_BYTES_PER_S} on average, or be whole; and a reply must be
 *     taken on
 */
public record SqsLimits(
        int maxBodyBytes,
        int maxHeaderBytes,
        long memoryBytes,
        int maxConnections,
        long idleTimeoutMs,
        long slowTimeoutMs) {
    /** A request that arrives more slowly than this is given up. */
    public static final int MIN_BYTES_PER_S = 1024;

    public SqsLimits {
        if (maxBodyBytes < 1024 || maxHeaderBytes < 1024 || memoryBytes < maxBodyBytes || maxConnections < 1) {
            throw new IllegalArgumentException("limits are too small to serve anybody");
        }
    }

    /** Room for SQS's own limits; an eighth of the heap for requests, of which each is there as bytes,
     * as texts and as records for a while. */
    public static SqsLimits defaults() {
        return new SqsLimits(
                8 << 20, 16 << 10, Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 8), 20_000, 300_000, 30_000);
    }
}

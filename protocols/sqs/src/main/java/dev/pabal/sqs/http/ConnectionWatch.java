package dev.pabal.sqs.http;

import dev.pabal.sqs.SqsLimits;
import org.jspecify.annotations.Nullable;

/** Decides when a connection is given up: no request for too long, a request that trickles in, or a reply that nobody takes. Pure; one thread. */
final class ConnectionWatch {
    private final SqsLimits limits;
    private long lastActivityMs;
    private long requests;
    private long receivedAtCheck;
    private long requestsAtCheck = -1;
    private long unsentAtCheck;

    ConnectionWatch(SqsLimits limits, long nowMs) {
        this.limits = limits;
        this.lastActivityMs = nowMs;
    }

    /** A request came whole, or its reply was sent. */
    void progress(long nowMs) {
        requests++;
        lastActivityMs = nowMs;
    }

    /** How long in ms until the next {@link #check}. */
    long checkAfterMs() {
        return Math.min(limits.slowTimeoutMs(), limits.idleTimeoutMs());
    }

    /**
     * To be called every {@link #checkAfterMs}.
     *
     * @param receivedBytes what came in all since the connection began
     * @param underWay whether a request waits for its reply
     * @param partial whether a part of a request was received and the rest is being read
     * @param unsentBytes what of replies waits to be sent
     * @return why the connection should be closed, or null
     */
    @Nullable
    String check(long nowMs, long receivedBytes, boolean underWay, boolean partial, long unsentBytes) {
        if (underWay) {
            lastActivityMs = nowMs;
        }
        boolean sameRequest = partial && requestsAtCheck == requests;
        long bytes = receivedBytes - receivedAtCheck;
        boolean sameUnsent = unsentBytes > 0 && unsentBytes == unsentAtCheck;
        requestsAtCheck = partial ? requests : -1;
        receivedAtCheck = receivedBytes;
        unsentAtCheck = unsentBytes;
        if (sameRequest && bytes < checkAfterMs() * SqsLimits.MIN_BYTES_PER_S / 1000) {
            return "its request trickles in";
        }
        if (sameUnsent) {
            return "it does not take its reply";
        }
        return nowMs - lastActivityMs >= limits.idleTimeoutMs() ? "it was idle" : null;
    }
}

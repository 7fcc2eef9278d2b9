package dev.pabal.kafka.wire;

import dev.pabal.kafka.KafkaLimits;
import dev.pabal.kafka.KafkaMetrics.Rejection;
import org.jspecify.annotations.Nullable;

/** Decides when a connection is given up: nothing sent for too long, or a request that trickles in. Pure; one thread. */
final class ConnectionWatch {
    private final KafkaLimits limits;
    private long lastActivityMs;
    private long receivedBytes;
    private long requestsTaken;
    private long receivedAtCheck;
    private long requestsAtCheck = -1;

    ConnectionWatch(KafkaLimits limits, long nowMs) {
        this.limits = limits;
        this.lastActivityMs = nowMs;
    }

    void received(int bytes, long nowMs) {
        receivedBytes += bytes;
        lastActivityMs = nowMs;
    }

    void requestTaken() {
        requestsTaken++;
    }

    /** How long in ms until the next {@link #check}. */
    long checkAfterMs() {
        return Math.min(limits.slowRequestTimeoutMs(), limits.idleTimeoutMs());
    }

    /**
     * To be called every {@link #checkAfterMs}.
     *
     * @param underWay whether requests wait for their answers
     * @param partial whether a part of a request was received and the rest is being read
     * @return why the connection should be closed, or null
     */
    @Nullable
    Rejection check(long nowMs, boolean underWay, boolean partial) {
        if (underWay) {
            lastActivityMs = nowMs;
        }
        boolean sameRequest = partial && requestsAtCheck == requestsTaken;
        long bytes = receivedBytes - receivedAtCheck;
        requestsAtCheck = partial ? requestsTaken : -1;
        receivedAtCheck = receivedBytes;
        long least = checkAfterMs() * KafkaLimits.MIN_REQUEST_BYTES_PER_S / 1000;
        if (sameRequest && bytes < least) {
            return Rejection.SLOW;
        }
        return nowMs - lastActivityMs >= limits.idleTimeoutMs() ? Rejection.IDLE : null;
    }
}

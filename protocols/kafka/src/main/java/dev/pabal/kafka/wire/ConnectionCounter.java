package dev.pabal.kafka.wire;

import dev.pabal.kafka.KafkaLimits;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections against the limits, in all and for each address. Any thread. */
final class ConnectionCounter {
    private final KafkaLimits limits;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

    ConnectionCounter(KafkaLimits limits) {
        this.limits = limits;
    }

    /** Counts one more; false where it is one too many and was not counted. */
    boolean enter(InetAddress address) {
        if (open.incrementAndGet() > limits.maxConnections()) {
            open.decrementAndGet();
            return false;
        }
        if (byAddress.merge(address, 1, Integer::sum) > limits.maxConnectionsPerAddress()) {
            leave(address);
            return false;
        }
        return true;
    }

    void leave(InetAddress address) {
        open.decrementAndGet();
        byAddress.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
    }
}

package dev.pabal.kafka.admin;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import java.util.HashSet;
import java.util.List;

/** Which replica assignments one node can keep: exactly itself. */
final class ReplicaAssignments {
    private ReplicaAssignments() {}

    /**
     * Checks the replicas that a client wants for one partition.
     *
     * @throws BrokerException {@link Refusal#INVALID_ASSIGNMENT}
     */
    static void check(List<Integer> replicas, int nodeId) {
        if (replicas.isEmpty()) {
            throw new BrokerException(
                    Refusal.INVALID_ASSIGNMENT, "The manual partition assignment includes an empty replica list.");
        }
        if (new HashSet<>(replicas).size() < replicas.size()) {
            throw new BrokerException(
                    Refusal.INVALID_ASSIGNMENT,
                    "The manual partition assignment includes the broker " + replicas.get(0) + " more than once.");
        }
        for (int replica : replicas) {
            if (replica != nodeId) {
                throw new BrokerException(
                        Refusal.INVALID_ASSIGNMENT,
                        "The manual partition assignment includes broker " + replica
                                + ", but no such broker is registered.");
            }
        }
    }
}

package dev.pabal.kafka.data;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Partition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a partition is served, for metadata: one whose stored data was refused is shown without a leader, and hides no other.
 *
 * @param epoch the leader epoch, -1 where there is no leader
 */
record LeaderState(Errors error, int epoch) {
    private static final LeaderState NONE = new LeaderState(Errors.LEADER_NOT_AVAILABLE, -1);

    static LeaderState of(@Nullable Partition partition) {
        if (partition == null) {
            return NONE;
        }
        try {
            return new LeaderState(Errors.NONE, partition.log().epoch());
        } catch (BrokerException e) {
            return NONE;
        }
    }

    boolean present() {
        return error == Errors.NONE;
    }
}

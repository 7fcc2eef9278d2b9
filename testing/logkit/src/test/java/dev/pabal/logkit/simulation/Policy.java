package dev.pabal.logkit.simulation;

import dev.pabal.log.Durability;
import dev.pabal.log.LogConfig;

/** The policies of a simulated log. */
enum Policy {
    /** Synced, and nothing is ever removed. */
    KEEP(Durability.FSYNC, false, -1),
    /** Not synced. */
    UNSYNCED(Durability.OS, false, -1),
    /** Gone with the process. */
    VOLATILE(Durability.MEMORY, false, -1),
    /** Only the last record of each key must stay. */
    COMPACT(Durability.FSYNC, true, -1),
    /** Only so many bytes must stay. */
    RETAIN(Durability.FSYNC, false, 4_000);

    final Durability durability;
    final long retentionBytes;
    private final boolean compacts;

    Policy(Durability durability, boolean compacts, long retentionBytes) {
        this.durability = durability;
        this.compacts = compacts;
        this.retentionBytes = retentionBytes;
    }

    LogConfig config(long segmentBytes) {
        LogConfig d = LogConfig.DEFAULT;
        boolean deletes = retentionBytes >= 0;
        return new LogConfig(
                durability, deletes, compacts, -1, retentionBytes, segmentBytes, 60_000, 0, 0, Long.MAX_VALUE, 0.1);
    }
}

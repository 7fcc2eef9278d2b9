package dev.pabal.log;

/**
 * What a store needs to know of a log's policies. Immutable; handed to {@link LogStore#open} and {@link Log#configure}.
 *
 * @param durability what an acknowledged append has survived
 * @param deletes whether retention by time and size applies (Kafka: {@code cleanup.policy} contains {@code delete})
 * @param compacts whether only the last record of each key is kept ({@code cleanup.policy} contains {@code compact})
 * @param retentionMs age in ms, by a batch's largest timestamp, beyond which data may go; -1 = no limit
 * @param retentionBytes stored bytes beyond which the oldest data may go; -1 = no limit
 * @param segmentBytes bytes after which a segment of this log's own is sealed
 * @param segmentMs age in ms after which a segment of this log's own is sealed
 * @param deleteRetentionMs how long in ms compaction keeps a tombstone
 * @param minCompactionLagMs compaction leaves records younger than this many ms alone
 * @param maxCompactionLagMs a record is compacted at the latest after this many ms
 * @param minCleanableRatio compaction runs when this share (0 to 1) of the bytes is new since the last run
 */
public record LogConfig(
        Durability durability,
        boolean deletes,
        boolean compacts,
        long retentionMs,
        long retentionBytes,
        long segmentBytes,
        long segmentMs,
        long deleteRetentionMs,
        long minCompactionLagMs,
        long maxCompactionLagMs,
        double minCleanableRatio) {

    /** Kafka's defaults, with {@code fsync}: seven days, no size limit, segments of 1 GiB or seven days. */
    public static final LogConfig DEFAULT = new LogConfig(
            Durability.FSYNC,
            true,
            false,
            604_800_000L,
            -1L,
            1L << 30,
            604_800_000L,
            86_400_000L,
            0L,
            Long.MAX_VALUE,
            0.5);

    /** Nothing is ever removed by age or size: for the broker's own logs. */
    public LogConfig keepForever() {
        return new LogConfig(
                durability,
                false,
                compacts,
                -1,
                -1,
                segmentBytes,
                segmentMs,
                deleteRetentionMs,
                minCompactionLagMs,
                maxCompactionLagMs,
                minCleanableRatio);
    }

    /** The same policies with compaction on and retention by age and size off. */
    public LogConfig compacted() {
        return new LogConfig(
                durability,
                false,
                true,
                -1,
                -1,
                segmentBytes,
                segmentMs,
                deleteRetentionMs,
                minCompactionLagMs,
                maxCompactionLagMs,
                minCleanableRatio);
    }

    /** The same policies with another promise. */
    public LogConfig withDurability(Durability promise) {
        return new LogConfig(
                promise,
                deletes,
                compacts,
                retentionMs,
                retentionBytes,
                segmentBytes,
                segmentMs,
                deleteRetentionMs,
                minCompactionLagMs,
                maxCompactionLagMs,
                minCleanableRatio);
    }
}

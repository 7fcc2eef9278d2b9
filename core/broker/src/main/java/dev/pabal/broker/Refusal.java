package dev.pabal.broker;

/** Why the broker refused; each protocol maps these to its own error codes. */
public enum Refusal {
    UNKNOWN_TOPIC,
    UNKNOWN_PARTITION,
    TOPIC_EXISTS,
    INVALID_NAME,
    INVALID_PARTITIONS,
    INVALID_REPLICATION,
    INVALID_CONFIG,
    INVALID_REQUEST,
    /** The topic is the broker's own. */
    INTERNAL_TOPIC,
    /** A batch that is torn, wrongly checksummed, or whose header contradicts itself. */
    CORRUPT_BATCH,
    /** A batch whose content breaks a rule (count, magic, codec, control bit). */
    INVALID_BATCH,
    UNSUPPORTED_COMPRESSION,
    BATCH_TOO_LARGE,
    INVALID_TIMESTAMP,
    OFFSET_OUT_OF_RANGE,
    OUT_OF_ORDER_SEQUENCE,
    DUPLICATE_SEQUENCE,
    INVALID_PRODUCER_EPOCH,
    UNKNOWN_PRODUCER,
    /** The log's stored data is corrupt: it is not served and not removed. */
    CORRUPT_LOG,
    /** The disk is full or failing: nothing can be written now. */
    STORAGE,
    FENCED,
    TIMED_OUT,
    SHUTTING_DOWN
}

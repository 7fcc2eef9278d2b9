package dev.pabal.broker;

/** Why the broker refused; each protocol maps these to its own error codes. */
public enum Refusal {
    UNKNOWN_TOPIC,
    UNKNOWN_PARTITION,
    TOPIC_EXISTS,
    INVALID_NAME,
    INVALID_PARTITIONS,
    INVALID_REPLICATION,
    /** Replicas on nodes that are not there. */
    INVALID_ASSIGNMENT,
    INVALID_CONFIG,
    INVALID_REQUEST,
    /** The topic is the broker's own. */
    INTERNAL_TOPIC,
    /** A batch that is torn, wrongly checksummed, or whose header contradicts itself. */
    CORRUPT_BATCH,
    /** A batch whose content breaks a rule (count, control bit, sequence, key). */
    INVALID_BATCH,
    /** A message set of a format older than record batches (magic 0 or 1), or newer than known. */
    UNSUPPORTED_FORMAT,
    /** A transactional batch outside of an open transaction. */
    NOT_IN_TRANSACTION,
    /** The topic's own policy forbids what was asked. */
    POLICY,
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

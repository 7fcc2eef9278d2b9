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
    /** The disk is failing: nothing can be written. */
    STORAGE,
    /** The disk has no room for it now; what was refused can be tried again unchanged. */
    DISK_FULL,
    FENCED,
    /** No such exchange, queue, binding, virtual host, user or policy (AMQP 404). */
    NOT_FOUND,
    /** The name is reserved, or the user may not (AMQP 403). */
    ACCESS_REFUSED,
    /** It belongs to another connection alone (AMQP 405). */
    RESOURCE_LOCKED,
    /** A condition does not hold, or what is there differs from what was declared (AMQP 406). */
    PRECONDITION_FAILED,
    /** The request cannot be carried out at all (AMQP 503). */
    COMMAND_INVALID,
    /** A limit of the configuration is reached (AMQP 530). */
    NOT_ALLOWED,
    /** The queue is full and rejects what is published. */
    QUEUE_FULL,
    TIMED_OUT,
    SHUTTING_DOWN
}

package dev.pabal.broker.queue;

import java.nio.ByteBuffer;

/**
 * A copy of a message.
 *
 * @param offset its offset in the log
 * @param redelivered whether it was handed out before
 * @param record the stored record, from 0 to limit
 * @param baseTimestampMs base timestamp of its batch
 */
public record PeekedMessage(long offset, boolean redelivered, ByteBuffer record, long baseTimestampMs) {}

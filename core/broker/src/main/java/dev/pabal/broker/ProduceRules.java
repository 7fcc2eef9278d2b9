package dev.pabal.broker;

import dev.pabal.log.BatchHeader;
import dev.pabal.message.BatchCheck;
import dev.pabal.message.Recompression;
import dev.pabal.message.RecordSearch;
import java.nio.ByteBuffer;

/** What a batch of a client must be before a partition takes it, in Kafka's order and words. Pure. */
final class ProduceRules {
    /** A record without a timestamp. */
    private static final long NO_TIMESTAMP = -1;

    private static final String KEEP_CODEC = "producer";

    private ProduceRules() {}

    /**
     * Checks all that needs neither the log nor the producers' state.
     *
     * @param batch from position to limit
     * @return the batch to append: the same, or a new one in the topic's own codec
     * @throws BrokerException where the batch is refused
     */
    static ByteBuffer check(ByteBuffer batch, TopicConfig config, long nowMs) {
        if (batch.remaining() > config.maxMessageBytes()) {
            throw tooLarge(batch.remaining(), config);
        }
        BatchCheck.Verdict verdict = BatchCheck.check(batch);
        if (verdict != BatchCheck.Verdict.GOOD) {
            throw refusal(verdict, batch);
        }
        if (BatchCheck.transactional(batch)) {
            throw new BrokerException(Refusal.NOT_IN_TRANSACTION, "Record was not part of an ongoing transaction");
        }
        checkTimestamps(batch, config, nowMs);
        if (config.log().compacts() || (!config.logAppendTime() && config.timestampBeforeMaxMs() != Long.MAX_VALUE)) {
            checkRecords(batch, config, nowMs);
        }
        return inCodec(batch, config);
    }

    private static BrokerException refusal(BatchCheck.Verdict verdict, ByteBuffer batch) {
        int at = batch.position();
        return switch (verdict) {
            case GOOD -> throw new IllegalStateException("a good batch is not refused");
            case TORN ->
                new BrokerException(
                        Refusal.CORRUPT_BATCH,
                        "The record batch is cut short or its length does not agree with its bytes");
            case CHECKSUM ->
                new BrokerException(
                        Refusal.CORRUPT_BATCH,
                        "Record is corrupt (stored crc = " + Integer.toUnsignedLong(BatchHeader.crc(batch, at)) + ")");
            case NOT_ALONE ->
                new BrokerException(
                        Refusal.INVALID_BATCH,
                        "Produce requests must contain exactly one record batch for each partition");
            case FORMAT ->
                new BrokerException(Refusal.UNSUPPORTED_FORMAT, "Only record batches of magic version 2 are taken");
            case BASE_OFFSET ->
                new BrokerException(
                        Refusal.INVALID_BATCH,
                        "The baseOffset of the record batch should be 0, but it is "
                                + BatchHeader.baseOffset(batch, at));
            case COUNT ->
                new BrokerException(
                        Refusal.INVALID_BATCH,
                        "Inconsistent batch offset range [0, " + BatchHeader.lastOffsetDelta(batch, at)
                                + "] and count of records " + BatchHeader.recordCount(batch, at));
            case CONTROL ->
                new BrokerException(Refusal.INVALID_BATCH, "Clients are not allowed to write control records");
            case SEQUENCE ->
                new BrokerException(
                        Refusal.INVALID_BATCH,
                        "Invalid sequence number " + BatchHeader.baseSequence(batch, at)
                                + " in record batch with producerId " + BatchHeader.producerId(batch, at));
            case CODEC ->
                new BrokerException(
                        Refusal.UNSUPPORTED_COMPRESSION,
                        "No compression codec has the number " + BatchCheck.codec(batch));
        };
    }

    private static void checkTimestamps(ByteBuffer batch, TopicConfig config, long nowMs) {
        if (config.logAppendTime()) {
            return;
        }
        int at = batch.position();
        if ((BatchHeader.attributes(batch, at) & BatchHeader.ATTR_LOG_APPEND_TIME) != 0) {
            throw new BrokerException(
                    Refusal.INVALID_TIMESTAMP,
                    "Invalid timestamp type in message. Producer should not set timestamp type to LogAppendTime.");
        }
        checkTimestamp(BatchHeader.baseTimestamp(batch, at), config, nowMs);
        checkTimestamp(BatchHeader.maxTimestamp(batch, at), config, nowMs);
    }

    private static void checkTimestamp(long timestampMs, TopicConfig config, long nowMs) {
        if (timestampMs == NO_TIMESTAMP) {
            return;
        }
        long ageMs = nowMs - timestampMs;
        if (ageMs > config.timestampBeforeMaxMs() || -ageMs > config.timestampAfterMaxMs()) {
            throw new BrokerException(
                    Refusal.INVALID_TIMESTAMP,
                    "Timestamp " + timestampMs + " of message is out of range. The timestamp should be within ["
                            + (nowMs - config.timestampBeforeMaxMs()) + ", " + (nowMs + config.timestampAfterMaxMs())
                            + "]");
        }
    }

    /** Looks inside, where a topic's config asks for what the header does not say. */
    private static void checkRecords(ByteBuffer batch, TopicConfig config, long nowMs) {
        RecordSearch.Inside inside;
        try {
            inside = RecordSearch.inspect(batch, batch.position());
        } catch (IllegalArgumentException e) {
            throw new BrokerException(Refusal.CORRUPT_BATCH, e.getMessage(), e);
        }
        if (config.log().compacts() && inside.firstWithoutKey() >= 0) {
            throw new BrokerException(
                    Refusal.INVALID_BATCH,
                    "Compacted topic cannot accept message without key (record " + inside.firstWithoutKey() + ")");
        }
        if (!config.logAppendTime() && inside.minTimestampMs() != Long.MAX_VALUE) {
            checkTimestamp(inside.minTimestampMs(), config, nowMs);
        }
    }

    private static ByteBuffer inCodec(ByteBuffer batch, TopicConfig config) {
        String codec = config.compressionType();
        if (codec.equals(KEEP_CODEC) || Recompression.codec(codec) == BatchCheck.codec(batch)) {
            return batch;
        }
        ByteBuffer anew;
        try {
            anew = Recompression.recompress(batch, codec, maxUnpackedBytes(config));
        } catch (IllegalArgumentException e) {
            throw new BrokerException(Refusal.CORRUPT_BATCH, e.getMessage(), e);
        }
        if (anew.remaining() > config.maxMessageBytes()) {
            throw tooLarge(anew.remaining(), config);
        }
        return anew;
    }

    /** Unpacked records may take far more than the batch, but not without bound. */
    private static int maxUnpackedBytes(TopicConfig config) {
        return (int) Math.min(Integer.MAX_VALUE - 64L, Math.max(64L << 20, 16L * config.maxMessageBytes()));
    }

    private static BrokerException tooLarge(int bytes, TopicConfig config) {
        return new BrokerException(
                Refusal.BATCH_TOO_LARGE,
                "The record batch size is " + bytes + " bytes which exceeds the maximum configured value of "
                        + config.maxMessageBytes() + ".");
    }
}

package dev.pabal.broker;

import dev.pabal.log.Durability;
import dev.pabal.log.LogConfig;

/**
 * A topic's configs as they hold: its own, else the broker's dynamic defaults, else the static ones. Parsed once at each change.
 *
 * @param log what the store needs
 * @param maxMessageBytes largest batch taken, in bytes ({@code max.message.bytes})
 * @param logAppendTime whether the broker stamps records ({@code message.timestamp.type})
 * @param timestampBeforeMaxMs how far in ms a record's timestamp may lie in the past ({@code message.timestamp.before.max.ms})
 * @param timestampAfterMaxMs how far in ms it may lie in the future ({@code message.timestamp.after.max.ms})
 * @param compressionType codec the broker stores in ({@code compression.type}); {@code producer} keeps the producer's
 */
public record TopicConfig(
        LogConfig log,
        int maxMessageBytes,
        boolean logAppendTime,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        String compressionType) {
    /** The same for a log that does not outlive the process. */
    TopicConfig inMemory() {
        return new TopicConfig(
                log.withDurability(Durability.MEMORY),
                maxMessageBytes,
                logAppendTime,
                timestampBeforeMaxMs,
                timestampAfterMaxMs,
                compressionType);
    }
}

package dev.pabal.broker;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.Log;
import dev.pabal.log.LogRead;
import dev.pabal.message.RecordSearch;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds records by their time: the log finds the batch, and here one looks inside. */
final class TimestampSearch {
    /** Looks into a batch. */
    @FunctionalInterface
    private interface Look {
        RecordSearch.@Nullable Found into(ByteBuffer batch, int at);
    }

    private TimestampSearch() {}

    /** The first record at or after a time in ms. */
    static CompletableFuture<Partition.FoundOffset> firstAtOrAfter(Log log, long timestampMs) {
        long start = log.startOffset();
        return log.batchByTimestamp(timestampMs)
                .thenCompose(base ->
                        look(log, base, (batch, at) -> RecordSearch.firstAtOrAfter(batch, at, timestampMs, start)));
    }

    /** The first record with the log's largest time. */
    static CompletableFuture<Partition.FoundOffset> ofMaxTimestamp(Log log) {
        return log.batchOfMaxTimestamp().thenCompose(base -> look(log, base, RecordSearch::withMaxTimestamp));
    }

    private static CompletableFuture<Partition.FoundOffset> look(Log log, long base, Look look) {
        if (base < 0) {
            return CompletableFuture.completedFuture(Partition.FoundOffset.NONE);
        }
        // The batch may begin before the start of the log, which a deletion of records moved into it.
        long from = Math.max(base, log.startOffset());
        return log.read(from, from + 1, 1).thenApply(read -> {
            try (read) {
                return found(read, look);
            }
        });
    }

    private static Partition.FoundOffset found(LogRead read, Look look) {
        if (read.buffers().isEmpty()) {
            return Partition.FoundOffset.NONE;
        }
        ByteBuffer batch = read.buffers().get(0);
        int at = batch.position();
        RecordSearch.Found found;
        try {
            found = look.into(batch, at);
        } catch (IllegalArgumentException e) {
            throw new BrokerException(Refusal.CORRUPT_BATCH, e.getMessage(), e);
        }
        int epoch = BatchHeader.epoch(batch, at);
        if (found == null) {
            // The producer's header promised a later time than any of its records has: the batch's end is the nearest
            // answer.
            return new Partition.FoundOffset(
                    BatchHeader.lastOffset(batch, at), BatchHeader.maxTimestamp(batch, at), epoch);
        }
        return new Partition.FoundOffset(found.offset(), found.timestampMs(), epoch);
    }
}

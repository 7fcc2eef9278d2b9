package dev.pabal.kafka.data;

import dev.pabal.broker.Partition;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.log.Log;
import dev.pabal.log.LogRead;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One partition that a consumer reads: from where, and what was found last. Kept by a fetch session from one request to the next. Touched by
 * one fetch at a time, on its loop.
 */
final class FetchTarget {
    private final Key key;
    private final PartitionLookup lookup;
    private long offset;
    private int maxBytes;
    private int knownEpoch;
    private @Nullable Partition partition;

    // What was found when it was last looked at.
    private Errors error = Errors.NONE;
    private long durableEnd = -1;
    private long startOffset = -1;
    private LogRead read = LogRead.EMPTY;

    // What the consumer was told last, for incremental answers.
    private long toldDurableEnd = -1;
    private long toldStartOffset = -1;

    // Whether there may be something new to tell.
    private boolean dirty;
    private boolean removed;
    private Partition.@Nullable Waiter waiter;

    FetchTarget(Key key, PartitionLookup lookup) {
        this.key = key;
        this.lookup = lookup;
    }

    /** Which partition, as the consumer calls it: by name, or by id from version 13 on. */
    record Key(@Nullable String topic, Uuid topicId, int index) {}

    Key key() {
        return key;
    }

    void ask(FetchPartition asked) {
        offset = asked.fetchOffset();
        maxBytes = asked.partitionMaxBytes();
        knownEpoch = asked.currentLeaderEpoch();
    }

    /**
     * Looks at the partition and begins to read where there is something to read.
     *
     * @param room bytes that the answer has left
     * @return the read, or null where there is nothing to wait for
     */
    @Nullable
    CompletableFuture<LogRead> look(int room) {
        releaseRead();
        Partition at = find();
        if (at == null) {
            return null;
        }
        try {
            Log log = at.log();
            error = PartitionLookup.checkEpoch(at, knownEpoch);
            if (error != Errors.NONE) {
                return null;
            }
            startOffset = log.startOffset();
            durableEnd = log.durableEnd();
            if (offset < startOffset || offset > log.appendedEnd()) {
                error = Errors.OFFSET_OUT_OF_RANGE;
                return null;
            }
            int bytes = Math.min(maxBytes, room);
            return offset >= durableEnd || bytes <= 0 ? null : at.read(offset, Long.MAX_VALUE, bytes);
        } catch (RuntimeException e) {
            error = KafkaErrors.of(e);
            return null;
        }
    }

    private @Nullable Partition find() {
        Partition at = partition;
        if (at != null && !at.deleted()) {
            return at;
        }
        durableEnd = -1;
        startOffset = -1;
        Topic topic = lookup.topic(key.topic, key.topicId);
        at = topic == null ? null : lookup.partition(topic, key.index);
        if (at == null) {
            error = topic == null ? PartitionLookup.unknown(key.topicId) : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        partition = at;
        return at;
    }

    /**
     * Takes what {@link #look} began to read.
     *
     * @param room bytes that the answer has left
     * @param first whether the answer holds nothing yet: its first batch may then be larger than the room
     */
    void take(@Nullable LogRead result, @Nullable Throwable failure, int room, boolean first) {
        if (result == null) {
            error = failure == null ? Errors.UNKNOWN_SERVER_ERROR : KafkaErrors.of(failure);
        } else if (result.sizeInBytes() > room && !first) {
            result.close();
        } else {
            read = result;
        }
    }

    void releaseRead() {
        LogRead was = read;
        read = LogRead.EMPTY;
        was.close();
    }

    /** The records found; from here on they belong to the caller. */
    LogRead takeRead() {
        LogRead found = read;
        read = LogRead.EMPTY;
        return found;
    }

    /** The most that the consumer takes of this partition at once. */
    int maxBytes() {
        return maxBytes;
    }

    int foundBytes() {
        return read.sizeInBytes();
    }

    Errors error() {
        return error;
    }

    boolean failed() {
        return error != Errors.NONE;
    }

    long durableEnd() {
        return failed() ? -1 : durableEnd;
    }

    long startOffset() {
        return failed() ? -1 : startOffset;
    }

    /** Whether all that is durable has been read. */
    boolean atEnd() {
        return !failed() && offset >= durableEnd;
    }

    /** Whether there is anything that the consumer was not told yet. */
    boolean hasNews() {
        return failed() || foundBytes() > 0 || durableEnd != toldDurableEnd || startOffset != toldStartOffset;
    }

    void told() {
        toldDurableEnd = durableEnd;
        toldStartOffset = startOffset;
    }

    /** Has {@code news} run once when there is more than was found last. */
    void watch(Runnable news) {
        Partition at = partition;
        if (waiter == null && at != null) {
            waiter = at.awaitDurable(durableEnd, news);
        }
    }

    /** The watch has done its work. */
    void noticed() {
        waiter = null;
    }

    void unwatch() {
        if (waiter != null) {
            waiter.cancel();
            waiter = null;
        }
    }

    boolean dirty() {
        return dirty;
    }

    void dirty(boolean value) {
        dirty = value;
    }

    boolean removed() {
        return removed;
    }

    void remove() {
        removed = true;
        unwatch();
    }
}

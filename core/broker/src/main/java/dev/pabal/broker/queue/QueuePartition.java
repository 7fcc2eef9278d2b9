package dev.pabal.broker.queue;

import dev.pabal.broker.Partition;
import dev.pabal.queue.IndexEntry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a queue asks of its partition beyond what everybody may ask. */
public interface QueuePartition extends Partition {
    /**
     * Appends a queue's messages on the caller's thread, in one order with everything else that is appended here.
     *
     * @return completes when the log's durability promise holds; fails with a {@code BrokerException}
     */
    CompletableFuture<Produced> publish(PublishBatch batch);

    /** Names who is told of appends from now on; null for nobody. One at most. */
    void watch(@Nullable Watcher watcher);

    /** Sees what happens to a partition's log. Must be short and must not throw. */
    interface Watcher {
        /**
         * What is out of the ordinary about records that are about to be appended, on the publisher's thread.
         *
         * @param batch one record batch, from its position on
         * @param given what the publisher says
         */
        default List<IndexEntry> index(ByteBuffer batch, List<IndexEntry> given) {
            return given;
        }

        /**
         * Records are about to be appended from offset {@code base} on. Called under the partition's append order, so one after another and
         * before {@link #durable} covers them.
         *
         * <p>May throw a {@code BrokerException}: then they are not appended, and {@link #refused} is not called.
         *
         * @param bodyBytes bytes of their bodies, estimated where nobody knows
         * @param nowMs wall time
         * @param index what is out of the ordinary about them, offsets counted from 0 within the batch
         */
        void appending(long base, int records, long bodyBytes, long nowMs, List<IndexEntry> index);

        /** What {@link #appending} announced last did not come about. Called under the same order. */
        void refused();

        /** The durable end has moved. On a thread of the store. */
        void durable();

        /** Somebody moved the log's start. On any thread. */
        void trimmed();
    }
}

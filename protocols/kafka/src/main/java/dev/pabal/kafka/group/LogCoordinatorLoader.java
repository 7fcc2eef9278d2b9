package dev.pabal.kafka.group;

import dev.pabal.broker.Partition;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.log.Log;
import dev.pabal.log.LogRead;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a part of the coordinator back to what its log says.
 *
 * <p>A load never throws: a coordinator whose loader throws stays loading for ever, one whose load fails says so. Empty logs are done on the
 * caller's thread; all else is read and replayed on the executor, which it may block for as long as {@code readTimeoutMs} per read.
 */
final class LogCoordinatorLoader implements CoordinatorLoader<CoordinatorRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(LogCoordinatorLoader.class);

    private final OffsetsTopic topic;
    private final Executor executor;
    private final int readBytes;
    private final long readTimeoutMs;
    private final IntConsumer onFailure;
    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private volatile boolean closed;

    /**
     * @param readBytes bytes read at a time
     * @param readTimeoutMs bound in ms of each wait for the log
     * @param onFailure told of each partition that could not be loaded
     */
    LogCoordinatorLoader(
            OffsetsTopic topic, Executor executor, int readBytes, long readTimeoutMs, IntConsumer onFailure) {
        this.topic = topic;
        this.executor = executor;
        this.readBytes = readBytes;
        this.readTimeoutMs = readTimeoutMs;
        this.onFailure = onFailure;
    }

    @Override
    public CompletableFuture<LoadSummary> load(TopicPartition at, CoordinatorPlayback<CoordinatorRecord> playback) {
        long queuedMs = System.currentTimeMillis();
        CompletableFuture<LoadSummary> done = new CompletableFuture<>();
        try {
            Partition partition = topic.partition(at.partition());
            Log log = partition.log();
            if (log.startOffset() == log.appendedEnd() && log.appendedEnd() == 0) {
                done.complete(new LoadSummary(queuedMs, queuedMs, 0, 0, 0));
            } else {
                executor.execute(() -> complete(done, new Replay(partition, playback, queuedMs)));
            }
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(new NotCoordinatorException("the broker is stopping"));
        } catch (RuntimeException e) {
            fail(done, at, e);
        }
        return done;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void complete(CompletableFuture<LoadSummary> done, Replay replay) {
        try {
            done.complete(replay.run());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            done.completeExceptionally(new NotCoordinatorException("the broker is stopping"));
        } catch (Throwable e) {
            fail(done, new TopicPartition(OffsetsTopic.NAME, replay.partition.index()), e);
        }
    }

    private void fail(CompletableFuture<LoadSummary> done, TopicPartition at, Throwable failure) {
        LOG.error(
                "groups kept in {} cannot be loaded and are not served; it is tried again, see the log's own message for the cause: {}",
                at,
                failure.toString());
        onFailure.accept(at.partition());
        done.completeExceptionally(KafkaErrors.of(failure).exception(failure.getMessage()));
    }

    /** One load on its way. */
    private final class Replay {
        private final Partition partition;
        private final CoordinatorPlayback<CoordinatorRecord> playback;
        private final long queuedMs;
        private long next;
        private long records;
        private long bytes;

        Replay(Partition partition, CoordinatorPlayback<CoordinatorRecord> playback, long queuedMs) {
            this.partition = partition;
            this.playback = playback;
            this.queuedMs = queuedMs;
        }

        LoadSummary run() throws Exception {
            long startMs = System.currentTimeMillis();
            Log log = partition.log();
            long end = log.appendedEnd();
            awaitDurable(end);
            next = log.startOffset();
            while (next < end && !closed) {
                try (LogRead read = partition.read(next, end, readBytes).get(readTimeoutMs, TimeUnit.MILLISECONDS)) {
                    if (read.sizeInBytes() == 0) {
                        break; // Compaction left nothing but a gap up to the end.
                    }
                    for (ByteBuffer buffer : read.buffers()) {
                        replay(buffer);
                    }
                }
            }
            if (closed) {
                throw new InterruptedException();
            }
            if (next < end || bytes == 0) {
                playback.updateLastWrittenOffset(end);
            }
            playback.updateLastCommittedOffset(end);
            return new LoadSummary(startMs, System.currentTimeMillis(), startMs - queuedMs, records, bytes);
        }

        /** A coordinator that loads anew after a failure may find its own last appends not durable yet. */
        private void awaitDurable(long end) throws Exception {
            if (partition.log().durableEnd() >= end) {
                return;
            }
            CompletableFuture<Void> durable = new CompletableFuture<>();
            Partition.Waiter waiter = partition.awaitDurable(end - 1, () -> durable.complete(null));
            try {
                durable.get(readTimeoutMs, TimeUnit.MILLISECONDS);
            } finally {
                waiter.cancel();
            }
        }

        private void replay(ByteBuffer buffer) {
            bytes += buffer.remaining();
            for (MutableRecordBatch batch :
                    MemoryRecords.readableRecords(buffer.slice()).batches()) {
                batch.ensureValid();
                if (batch.isControlBatch()) {
                    replayMarkers(batch);
                } else {
                    replayRecords(batch);
                }
                // Offsets told to the coordinator only ever grow; it refuses one that does not.
                next = batch.nextOffset();
                playback.updateLastWrittenOffset(next);
            }
        }

        private void replayRecords(MutableRecordBatch batch) {
            for (Record record : batch) {
                records++;
                CoordinatorRecord decoded;
                try {
                    decoded = serde.deserialize(record.key(), record.hasValue() ? record.value() : null);
                } catch (Deserializer.UnknownRecordTypeException e) {
                    LOG.warn(
                            "record {} of {}-{} has type {}, which this version does not know; it is kept and not applied",
                            record.offset(),
                            partition.topic(),
                            partition.index(),
                            e.unknownType());
                    continue;
                }
                playback.replay(record.offset(), batch.producerId(), batch.producerEpoch(), decoded);
            }
        }

        private void replayMarkers(MutableRecordBatch batch) {
            for (Record record : batch) {
                records++;
                ControlRecordType type = ControlRecordType.parse(record.key());
                if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
                    playback.replayEndTransactionMarker(
                            batch.producerId(),
                            batch.producerEpoch(),
                            type == ControlRecordType.COMMIT ? TransactionResult.COMMIT : TransactionResult.ABORT);
                }
            }
        }
    }
}

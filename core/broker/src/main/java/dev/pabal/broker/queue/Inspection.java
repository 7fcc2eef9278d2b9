package dev.pabal.broker.queue;

import dev.pabal.log.LogRead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Looks at a queue without changing it. */
final class Inspection {
    private static final int MOST_PEEKED = 10_000;
    /** Copies of more than this are not made at once. */
    private static final long MOST_BYTES = 64 << 20;

    private Inspection() {}

    /** On the shard's thread. */
    static QueueStatus status(QueueCore core, QueueRuntime.Figures figures) {
        List<QueueStatus.Consumer> consumers = new ArrayList<>();
        for (ConsumerSlot slot : core.consumers().all()) {
            consumers.add(new QueueStatus.Consumer(
                    slot.options, slot.active(), core.view().inFlight(slot.number)));
        }
        return new QueueStatus(
                core.view().ready(),
                core.view().readyBytes(),
                core.view().inFlight(),
                core.view().delayed(),
                consumers,
                figures.published,
                figures.delivered,
                figures.acknowledged,
                figures.redelivered);
    }

    /** On the shard's thread; the answer comes once the messages were read, on any thread. */
    static void peek(
            QueueCore core, QueuePartition partition, int limit, CompletableFuture<List<PeekedMessage>> answer) {
        new Peek(core, partition, limit, answer).next();
    }

    /** Reads one message after another. */
    private static final class Peek {
        private final QueuePartition partition;
        private final CompletableFuture<List<PeekedMessage>> answer;
        private final List<Long> offsets = new ArrayList<>();
        private final List<Boolean> seen = new ArrayList<>();
        private final List<PeekedMessage> found = new ArrayList<>();
        private long bytes;
        private int next;

        Peek(QueueCore core, QueuePartition partition, int limit, CompletableFuture<List<PeekedMessage>> answer) {
            this.partition = partition;
            this.answer = answer;
            core.view().peek(Math.min(limit, MOST_PEEKED), core.nowMs(), offset -> {
                offsets.add(offset);
                seen.add(core.view().redelivered(offset));
            });
        }

        /** Goes on as long as reads are complete at once; otherwise their completion goes on. */
        void next() {
            while (next < offsets.size() && bytes < MOST_BYTES) {
                long offset = offsets.get(next);
                CompletableFuture<LogRead> reading = partition.read(offset, offset + 1, 1);
                if (!reading.isDone()) {
                    reading.whenComplete((read, error) -> {
                        if (take(read, error)) {
                            next();
                        }
                    });
                    return;
                }
                if (!take(reading)) {
                    return;
                }
            }
            answer.complete(List.copyOf(found));
        }

        private boolean take(CompletableFuture<LogRead> done) {
            try {
                return take(done.join(), null);
            } catch (RuntimeException e) {
                return take(null, e);
            }
        }

        private boolean take(@Nullable LogRead read, @Nullable Throwable error) {
            if (read == null) {
                answer.completeExceptionally(error == null ? new IllegalStateException("no read") : error);
                return false;
            }
            int index = next++;
            if (read.sizeInBytes() == 0) {
                read.close();
                return true;
            }
            BatchWalk walk = new BatchWalk(read);
            try {
                if (walk.find(offsets.get(index))) {
                    found.add(copy(walk, offsets.get(index), seen.get(index)));
                    bytes += walk.sizeInBytes();
                }
            } catch (IllegalArgumentException e) {
                // Cannot be decoded: it is passed over here, and discarded when its turn comes.
            } finally {
                walk.retained().release();
            }
            return true;
        }

        private static PeekedMessage copy(BatchWalk walk, long offset, boolean redelivered) {
            ByteBuffer record = ByteBuffer.allocate(walk.sizeInBytes());
            record.put(0, walk.buffer(), walk.position(), walk.sizeInBytes());
            return new PeekedMessage(offset, redelivered, record, walk.baseTimestampMs());
        }
    }
}

package dev.pabal.broker.queue;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.Refusal;
import dev.pabal.log.BatchHeader;
import dev.pabal.log.Log;
import dev.pabal.log.LogException;
import dev.pabal.log.LogRead;
import dev.pabal.queue.QueueView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a queue's view to life: from its pieces and entries, and from the log where the view had not looked yet. Where nothing has to be
 * read, it is done at once. On the shard's thread, save for the reads.
 */
final class QueueLoad {
    private static final Logger LOG = LoggerFactory.getLogger(QueueLoad.class);
    private static final int READ_BYTES = 1 << 20;

    private final QueueRuntime queue;
    private final ShardQueues shard;
    private final Log log;
    private final QueueCore core;
    private final IndexScan scan;
    private final @Nullable StoredView stored;
    private long from;
    private final long end;

    private QueueLoad(QueueRuntime queue, ShardQueues shard, Log log, @Nullable StoredView stored) {
        this.queue = queue;
        this.shard = shard;
        this.log = log;
        this.core = new QueueCore(queue, shard, log);
        this.stored = stored;
        this.scan =
                new IndexScan(queue.definition(), queue.settings(), queue.host().deadLetterRoutes());
        this.end = log.durableEnd();
        QueueView view = core.view();
        if (stored != null) {
            stored.restore(view);
        }
        view.recovered(stored == null || shard.cleanStop(), end, core.nowMs());
        view.logStart(log.startOffset(), core.nowMs());
        view.flush(core.nowMs());
        this.from = Math.max(view.indexedTo(), log.startOffset());
    }

    /** Begins; the queue is told when it is over. */
    static void begin(QueueRuntime queue, ShardQueues shard) {
        StoredView stored = shard.takeStored(queue.id());
        QueueLoad load;
        try {
            load = new QueueLoad(queue, shard, queue.partition().log(), stored);
        } catch (RuntimeException e) {
            shard.putBack(queue.id(), stored);
            LOG.error("{} cannot be loaded; nothing was removed: {}", queue, e.getMessage(), e);
            queue.notLoaded(e);
            return;
        }
        shard.loadBegun();
        load.next();
    }

    private void next() {
        try {
            while (from < end) {
                CompletableFuture<LogRead> reading = log.read(from, end, READ_BYTES);
                if (!reading.isDone() || reading.isCompletedExceptionally()) {
                    reading.whenComplete(this::hop);
                    return;
                }
                take(reading.join());
            }
            if (!queue.isDeleted() && !shard.isStopped()) {
                core.view().appended(end, -1, core.nowMs());
                core.view().logStart(log.startOffset(), core.nowMs());
                // the recovery ends here: what arrives from now on was never handed out before
                core.view().flush(core.nowMs());
                core.loaded(end, stored == null ? List.of() : stored.pieceKeys());
            }
        } catch (RuntimeException e) {
            // Whatever it was: who waits for the queue must hear of it.
            failed(e);
            return;
        }
        ended();
    }

    private void ended() {
        if (queue.isDeleted()) {
            drop();
        } else if (shard.isStopped()) {
            core.close();
            queue.notLoaded(new BrokerException(Refusal.SHUTTING_DOWN, "The broker is shutting down."));
        } else {
            shard.loadEnded(core, stored);
            queue.loaded(core);
        }
    }

    /** The queue was deleted meanwhile: what is stored of it goes, too. */
    private void drop() {
        core.close();
        shard.loadFailed(queue.id(), stored);
        shard.forgetStored(queue.id());
    }

    /** On a thread of the store. */
    private void hop(@Nullable LogRead read, @Nullable Throwable error) {
        try {
            shard.post(() -> came(read, error));
        } catch (RejectedExecutionException e) {
            if (read != null) {
                read.close();
            }
        }
    }

    private void came(@Nullable LogRead read, @Nullable Throwable error) {
        if (read == null && isBusy(error)) {
            shard.afterAMoment(this::next);
            return;
        }
        if (read == null) {
            failed(error == null ? new IllegalStateException("no read") : error);
            return;
        }
        try {
            take(read);
        } catch (RuntimeException e) {
            failed(e);
            return;
        }
        next();
    }

    private static boolean isBusy(@Nullable Throwable error) {
        Throwable cause = error == null ? null : Cause.of(error);
        return cause instanceof LogException e && e.reason() == LogException.Reason.BUSY;
    }

    private void take(LogRead read) {
        try (read) {
            if (read.sizeInBytes() == 0) {
                from = end;
            }
            for (ByteBuffer buffer : read.buffers()) {
                int at = buffer.position();
                while (at < buffer.limit()) {
                    take(buffer, at);
                    at += BatchHeader.sizeInBytes(buffer, at);
                }
            }
        }
    }

    private void take(ByteBuffer buffer, int at) {
        long next = BatchHeader.nextOffset(buffer, at);
        if (next <= from) {
            return;
        }
        long bodyBytes = scan.batch(buffer, at, from, core.view()::index);
        core.view().appended(next, bodyBytes, BatchHeader.maxTimestamp(buffer, at));
        from = next;
    }

    private void failed(Throwable error) {
        if (queue.isDeleted()) {
            drop();
            return;
        }
        shard.loadFailed(queue.id(), stored);
        core.close();
        Throwable cause = Cause.of(error);
        LOG.error(
                "{} cannot be loaded because its log cannot be read; nothing was removed. Check the disk: {}",
                queue,
                cause.toString());
        queue.notLoaded(new BrokerException(Refusal.CORRUPT_LOG, String.valueOf(cause.getMessage())));
    }
}

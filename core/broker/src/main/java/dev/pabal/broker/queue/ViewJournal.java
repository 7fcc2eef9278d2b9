package dev.pabal.broker.queue;

import dev.pabal.log.Append;
import dev.pabal.log.Log;
import dev.pabal.log.LogException;
import dev.pabal.log.seam.Clock;
import dev.pabal.message.PlainBatch;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of a shard's views: gathers their entries until they are to be appended, all at once. For the shard's thread; only {@link #hop}
 * runs on the store's.
 */
final class ViewJournal {
    private static final Logger LOG = LoggerFactory.getLogger(ViewJournal.class);
    /** Entries that are appended before the turn is over. */
    private static final int FLUSH_BYTES = 1 << 20;

    /** Appended together. */
    private record Flush(Append append, long upTo, List<QueueCore> views) {}

    private final Log log;
    private final ShardLink shard;
    private final Clock clock;
    private final JournalFrames frames = new JournalFrames();
    private final ArrayDeque<Flush> flushes = new ArrayDeque<>();
    private final AtomicBoolean posted = new AtomicBoolean();
    private List<QueueCore> contributors = new ArrayList<>();
    /** What an append refused; it goes first. */
    private byte @Nullable [] refused;

    /** Monotonic time at which the first of what has gathered came. */
    private long gatherNs;

    private long lastNumber;
    /** Views' numbers of an earlier generation mean nothing any more. */
    private int generation = 1;

    private int lastName;
    private long bytesSinceMarker;

    ViewJournal(Log log, ShardLink shard, Clock clock) {
        this.log = log;
        this.shard = shard;
        this.clock = clock;
    }

    /** Takes an entry of a view; {@link QueueCore#journalDurable} is called with at least the number returned. */
    long add(QueueCore view, ByteBuffer entry) {
        if (frames.isEmpty()) {
            gatherNs = clock.monotonicNs();
        }
        JournalName name = view.journalName;
        if (name.generation != generation) {
            name.generation = generation;
            name.number = ++lastName;
            frames.announce(name.number, view.id());
        }
        frames.entry(name.number, entry);
        if (!name.contributes) {
            name.contributes = true;
            contributors.add(view);
        }
        lastNumber++;
        if (frames.sizeInBytes() >= FLUSH_BYTES && refused == null) {
            flush();
        }
        return lastNumber;
    }

    /** Whether nothing waits to be appended. */
    boolean isEmpty() {
        return frames.isEmpty() && refused == null;
    }

    /** Bytes that have gathered. */
    int sizeInBytes() {
        return frames.sizeInBytes();
    }

    /** For how long the oldest entry has waited, in whole ms. */
    long ageMs() {
        return (clock.monotonicNs() - gatherNs) / 1_000_000;
    }

    /** Appends entries once more that a queue which cannot be loaded has in front of the marker; false where the log refuses. */
    boolean repeat(UUID queue, List<byte[]> entries) {
        int number = ++lastName;
        frames.again(number, queue);
        for (byte[] entry : entries) {
            frames.entry(number, ByteBuffer.wrap(entry));
        }
        return flush();
    }

    /** Appends what has gathered. Returns false where the log refused: then it is kept, and the call is to be repeated later. */
    boolean flush() {
        if (isEmpty()) {
            return true;
        }
        byte[] bytes = join(refused, frames.take());
        Append append = append(PlainBatch.of(List.of(bytes), clock.wallMs()));
        if (append == null) {
            refused = bytes;
            return false;
        }
        refused = null;
        bytesSinceMarker += bytes.length;
        contributors.forEach(view -> view.journalName.contributes = false);
        flushes.add(new Flush(append, lastNumber, contributors));
        contributors = new ArrayList<>(Math.max(4, contributors.size()));
        if (append.durable().isDone()) {
            shard.soon(this::tellDurable);
        } else {
            append.durable().whenComplete((nothing, error) -> hop(error));
        }
        return true;
    }

    private static byte[] join(byte @Nullable [] first, byte[] second) {
        if (first == null) {
            return second;
        }
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    /** Settling frees space, so it may use what is kept in reserve. */
    private @Nullable Append append(ByteBuffer batch) {
        try {
            return log.append(batch, null);
        } catch (LogException e) {
            if (e.reason() == LogException.Reason.DISK_FULL) {
                return appendFromReserve(batch);
            }
            if (e.reason() != LogException.Reason.CLOSED) {
                LOG.error(
                        "the journal of shard {} cannot be written; it is tried again: {}",
                        shard.index(),
                        e.getMessage());
            }
            return null;
        }
    }

    private @Nullable Append appendFromReserve(ByteBuffer batch) {
        try {
            return log.appendFromReserve(batch, null);
        } catch (LogException e) {
            LOG.warn(
                    "the disk is full: what shard {} settled is not on disk yet, and its queues deliver no more until it is: {}",
                    shard.index(),
                    e.getMessage());
            return null;
        }
    }

    /** On a thread of the store. */
    private void hop(@Nullable Throwable error) {
        if (error == null && posted.compareAndSet(false, true)) {
            try {
                shard.post(() -> {
                    posted.set(false);
                    tellDurable();
                });
            } catch (RejectedExecutionException e) {
                LOG.debug("shard {} has ended", shard.index());
            }
        }
    }

    private void tellDurable() {
        Flush first = flushes.peek();
        while (first != null && first.append().durable().isDone()) {
            flushes.remove();
            if (!first.append().durable().isCompletedExceptionally()) {
                long upTo = first.upTo();
                first.views().forEach(view -> view.journalDurable(upTo));
            }
            first = flushes.peek();
        }
    }

    /**
     * From here on views are announced anew: returns the offset that a replay may begin at once what follows is checkpointed; -1 where entries
     * are still to be appended that belong before it.
     */
    long mark() {
        if (!flush()) {
            return -1;
        }
        generation++;
        lastName = 0;
        bytesSinceMarker = 0;
        return log.appendedEnd();
    }

    /** Whether something waits for an append that was refused. */
    boolean isRefused() {
        return refused != null;
    }

    /** Bytes of entries since the last {@link #mark}. */
    long bytesSinceMarker() {
        return bytesSinceMarker;
    }

    /** The last word of a shard that stops in order. */
    void stopped() {
        frames.stopped(log.epoch());
        flush();
    }

    /** Forgets entries before the marker, which are not needed for a replay any more. */
    void trim(long marker) {
        if (marker > log.startOffset() && marker <= log.durableEnd()) {
            log.trim(marker).whenComplete((start, error) -> {
                if (error != null) {
                    LOG.warn("the journal of shard {} could not be trimmed: {}", shard.index(), error.getMessage());
                }
            });
        }
    }

    /** A view's place in the journal; kept by the view's core. */
    static final class JournalName {
        private int generation;
        private int number;
        private boolean contributes;
    }
}

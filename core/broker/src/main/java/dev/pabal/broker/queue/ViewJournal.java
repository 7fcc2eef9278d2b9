package dev.pabal.broker.queue;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.log.Append;
import dev.pabal.log.Log;
import dev.pabal.log.LogException;
import dev.pabal.log.seam.Clock;
import dev.pabal.message.PlainBatch;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of a shard's views: gathers their entries until they are to be appended, all at once. While the disk is full they are kept and
 * tried again; once the store has failed, or refuses them for good, nothing is kept any more. Either way {@link #trouble} says what those are
 * to be told who wait. For the shard's thread; only {@link #hop} runs on the store's.
 */
final class ViewJournal {
    private static final Logger LOG = LoggerFactory.getLogger(ViewJournal.class);
    /** Entries that are appended before the turn is over; an append is one entry larger at most, which is far less than any log refuses. */
    static final int FLUSH_BYTES = 1 << 20;

    /** For how long nobody is told that the disk is full: it may have room again soon. */
    static final long FULL_PATIENCE_MS = 10_000;
    /** For how long a disk may take over what was appended, before those who wait for it are told. */
    static final long SYNC_PATIENCE_MS = 60_000;

    /** To be appended together. */
    private record Chunk(byte[] bytes, long upTo, List<QueueCore> views) {}

    /** Appended together. */
    private record Flush(Append append, long upTo, List<QueueCore> views, long appendedNs) {}

    private final Log log;
    private final ShardLink shard;
    private final Clock clock;
    private final Runnable noticed;
    private final JournalFrames frames = new JournalFrames();
    private final ArrayDeque<Flush> flushes = new ArrayDeque<>();
    private final AtomicBoolean posted = new AtomicBoolean();
    private List<QueueCore> contributors = new ArrayList<>();
    /** What is to be appended as it is, oldest first: more than one only where the log refuses. */
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>(1);

    /** Monotonic time of the first refusal since the last append; meaningless while {@link #full} is not set. */
    private long fullNs;

    private boolean full;
    /** Nothing will become durable any more. */
    private @Nullable BrokerException failure;

    /** Monotonic time at which the first of what has gathered came. */
    private long gatherNs;

    private long lastNumber;
    /** Views' numbers of an earlier generation mean nothing any more. */
    private int generation = 1;

    private int lastName;
    private long bytesSinceMarker;

    /** @param noticed run, on the shard's thread, when the store is found to have failed */
    ViewJournal(Log log, ShardLink shard, Clock clock, Runnable noticed) {
        this.log = log;
        this.noticed = noticed;
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
        contributes(view);
        lastNumber++;
        if (failure != null) {
            frames.clear();
        } else if (frames.sizeInBytes() >= FLUSH_BYTES) {
            seal();
            if (!full) {
                flush();
            }
        }
        return lastNumber;
    }

    /** What has gathered is to be appended as it is. */
    private void seal() {
        if (frames.isEmpty()) {
            return;
        }
        contributors.forEach(view -> view.journalName.contributes = false);
        chunks.add(new Chunk(frames.take(), lastNumber, contributors));
        contributors = new ArrayList<>(Math.max(4, contributors.size()));
    }

    /** Whether nothing waits to be appended. */
    boolean isEmpty() {
        return frames.isEmpty() && chunks.isEmpty();
    }

    /** Whether nothing waits to be appended or to become durable. */
    boolean isSettled() {
        return isEmpty() && flushes.isEmpty();
    }

    /** Bytes that have gathered. */
    int sizeInBytes() {
        return frames.sizeInBytes();
    }

    /** For how long the oldest entry has waited, in whole ms. */
    long ageMs() {
        return passedMs(gatherNs);
    }

    /**
     * Appends entries once more that a queue which cannot be loaded has in front of the marker; false where the log refuses. However many they
     * are, a replay takes all of them or those that were there before.
     */
    boolean repeat(UUID queue, List<byte[]> entries) {
        int number = ++lastName;
        frames.again(number, queue);
        for (byte[] entry : entries) {
            frames.entry(number, ByteBuffer.wrap(entry));
            if (frames.sizeInBytes() >= FLUSH_BYTES) {
                seal();
            }
        }
        frames.whole(number);
        return flush();
    }

    /** Appends what has gathered. Returns false where the log refused: then it is kept, and the call is to be repeated later. */
    boolean flush() {
        if (failure != null) {
            frames.clear();
            return false;
        }
        seal();
        while (!chunks.isEmpty()) {
            Chunk chunk = chunks.element();
            Append append = append(PlainBatch.of(List.of(chunk.bytes()), clock.wallMs()));
            if (append == null) {
                return false;
            }
            chunks.remove();
            bytesSinceMarker += chunk.bytes().length;
            flushes.add(new Flush(append, chunk.upTo(), chunk.views(), clock.monotonicNs()));
            if (append.durable().isDone()) {
                shard.soon(this::tellDurable);
            } else {
                append.durable().whenComplete((nothing, error) -> hop());
            }
        }
        return true;
    }

    /** Settling frees space, so it may use what is kept in reserve. */
    private @Nullable Append append(ByteBuffer batch) {
        try {
            Append append = appendAnyhow(batch);
            if (full) {
                full = false;
                LOG.info("the disk has room again: what shard {} settled meanwhile is appended", shard.index());
            }
            return append;
        } catch (LogException e) {
            if (e.reason() == LogException.Reason.DISK_FULL) {
                full(e);
            } else {
                fail(e);
            }
            return null;
        }
    }

    private Append appendAnyhow(ByteBuffer batch) {
        try {
            return log.append(batch, null);
        } catch (LogException e) {
            if (e.reason() == LogException.Reason.DISK_FULL) {
                return log.appendFromReserve(batch, null);
            }
            throw e;
        }
    }

    private void full(LogException why) {
        if (!full) {
            full = true;
            fullNs = clock.monotonicNs();
            LOG.warn(
                    "the disk is full: what shard {} settled is not on disk yet, and its queues deliver no more until it is: {}",
                    shard.index(),
                    why.getMessage());
        }
    }

    /** Nothing of this or of what follows will become durable. */
    private void fail(Throwable why) {
        if (failure != null) {
            return;
        }
        boolean closed =
                why instanceof LogException e && e.reason() == LogException.Reason.CLOSED && e.getCause() == null;
        if (closed) {
            failure = new BrokerException(Refusal.SHUTTING_DOWN, "The broker is shutting down.");
        } else {
            failure = new BrokerException(
                    Refusal.STORAGE, "what queues settle cannot be stored any more: " + why.getMessage(), why);
            LOG.error(
                    "the journal of shard {} cannot be written: its queues deliver and settle nothing more, and whoever waits is told so."
                            + " Nothing was removed; check the disk, then restart the broker: {}",
                    shard.index(),
                    why.getMessage());
        }
        chunks.forEach(chunk -> chunk.views().forEach(this::contributes));
        chunks.clear();
        frames.clear();
    }

    private void contributes(QueueCore view) {
        JournalName name = view.journalName;
        if (!name.contributes) {
            name.contributes = true;
            contributors.add(view);
        }
    }

    /** What those are to be told who wait for the journal; null while that makes progress, or may soon. */
    @Nullable
    BrokerException trouble() {
        if (failure != null) {
            return failure;
        }
        if (full && passedMs(fullNs) >= FULL_PATIENCE_MS) {
            return new BrokerException(
                    Refusal.DISK_FULL, "the disk is full: what queues settle is stored once there is room again");
        }
        Flush oldest = flushes.peek();
        if (oldest != null && passedMs(oldest.appendedNs()) >= SYNC_PATIENCE_MS) {
            return new BrokerException(Refusal.TIMED_OUT, "the disk has not answered for a minute");
        }
        return null;
    }

    /** Whether nothing will become durable any more. */
    boolean hasFailed() {
        return failure != null;
    }

    /** Shows the views whose entries are not durable; some perhaps more than once. */
    void forEachUndurable(Consumer<QueueCore> visitor) {
        List<QueueCore> views = new ArrayList<>(contributors);
        chunks.forEach(chunk -> views.addAll(chunk.views()));
        flushes.forEach(flush -> views.addAll(flush.views()));
        if (failure != null) {
            contributors.forEach(view -> view.journalName.contributes = false);
            contributors.clear();
        }
        views.forEach(visitor);
    }

    private long passedMs(long sinceNs) {
        return (clock.monotonicNs() - sinceNs) / 1_000_000;
    }

    /** On a thread of the store. */
    private void hop() {
        if (posted.compareAndSet(false, true)) {
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
            if (first.append().durable().isCompletedExceptionally()) {
                first.views().forEach(this::contributes);
                fail(Objects.requireNonNull(first.append()
                        .durable()
                        .handle((nothing, error) -> error)
                        .join()));
                noticed.run();
            } else {
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
        return failure != null || !chunks.isEmpty();
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

package dev.pabal.log.local;

import dev.pabal.log.BatchCompactor;
import dev.pabal.log.Durability;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import dev.pabal.log.LogState;
import dev.pabal.log.LogStore;
import dev.pabal.log.journal.GroupFormat;
import dev.pabal.log.journal.JournalFiles;
import dev.pabal.log.journal.JournalPosition;
import dev.pabal.log.journal.JournalReader;
import dev.pabal.log.journal.JournalWriter;
import dev.pabal.log.seam.Clock;
import dev.pabal.log.seam.DirectoryInUseException;
import dev.pabal.log.seam.DiskFileStore;
import dev.pabal.log.seam.FileStore;
import dev.pabal.log.segment.SegmentFiles;
import dev.pabal.log.segment.SegmentOptions;
import dev.pabal.log.segment.SegmentStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps logs on the local disk: one journal for all, synced once for all that arrives together, and segments behind it.
 *
 * <p>Two threads do the work: {@code pabal-journal} makes appends durable and calls back, {@code pabal-flusher} moves them on to segments and
 * writes checkpoints. Without threads ({@link LocalOptions#withoutThreads}) the owner calls {@link #doWork}.
 */
public final class LocalLogStore implements LogStore {
    /** Largest append that may use the reserve of a full disk. */
    private static final int MAX_RESERVED_BYTES = 64 << 10;

    private static final long CLOSE_WAIT_SECONDS = 30;
    /** How long the journal's thread looks for more before it sleeps: about what waking it up again costs. */
    private static final long JOURNAL_SPIN_NS = 30_000;

    private final LocalOptions options;
    private final SegmentStore segments;
    private final LogState.Factory states;
    private final Map<LogId, LocalLog> logs = new ConcurrentHashMap<>();
    private final PendingQueue queue = new PendingQueue();
    private final Failure failure = new Failure();
    private final SlabPool pool;
    private final VolatileMemory volatileMemory;
    private final Space space;
    private final JournalFiles journalFiles;
    private final JournalWriter writer;
    private final GroupCommit groupCommit;
    private final Drain drain;
    private final Flusher flusher;
    private final @Nullable AgentThread journalThread;
    private final @Nullable AgentThread flusherThread;
    private final LongAdder appends = new LongAdder();
    private final LongAdder appendedBytes = new LongAdder();
    private final Commits commits = new StoreCommits();
    private final Commits volatileCommits = new VolatileCommits();
    private final int epoch;
    /** The directory to be unlocked at the end, where this store opened it. */
    private @Nullable DiskFileStore disk;

    private volatile boolean closing;
    private boolean closed;

    private LocalLogStore(
            FileStore files, Clock clock, LogState.Factory states, SegmentStore segments, LocalOptions options)
            throws IOException {
        this.options = options;
        this.segments = segments;
        this.states = states;
        this.pool = new SlabPool(options.slabBytes(), options.tailBytes());
        this.volatileMemory = new VolatileMemory(options.slabBytes(), options.tailBytes() / 2);
        this.space = new Space(files, options.reserveBytes());
        this.journalFiles = new JournalFiles(files, options.journalFileBytes(), options.spareJournalFiles());
        List<Long> numbers = JournalFiles.numbers(files);
        Checkpoint start = startOf(files, clock, numbers);
        this.epoch = start.clean() ? start.epoch() : start.epoch() + 1;
        segments.load(start.manifest());
        this.drain = new Drain(segments, space, start.journal());
        Checkpointer checkpointer = new Checkpointer(
                files,
                segments,
                journalFiles,
                drain,
                logs.values(),
                this::barrier,
                this::syncedSequence,
                start.store(),
                epoch);
        this.flusher = new Flusher(
                options,
                clock,
                segments,
                journalFiles,
                pool,
                volatileMemory,
                space,
                failure,
                drain,
                checkpointer,
                this::trimmed);
        TailMemory memory = new TailMemory(pool);
        space.refresh();
        JournalPosition end = recover(files, start, numbers, memory);
        long firstNeeded = start.clean() ? Long.MAX_VALUE : start.journal().file();
        long newFile = journalFiles.start(firstNeeded, end.file());
        this.writer = new JournalWriter(journalFiles, start.store(), end.sequence());
        JournalPosition replayFrom = start.clean() ? new JournalPosition(newFile, 0, end.sequence()) : start.journal();
        if (start.clean()) {
            drain.startAt(replayFrom);
        }
        start.opened(epoch, replayFrom).save(files);
        logs.values().forEach(LocalLog::start);
        this.groupCommit = new GroupCommit(queue, memory, writer, flusher, failure);
        if (options.threads()) {
            journalThread = new AgentThread("pabal-journal", groupCommit, JOURNAL_SPIN_NS, this::died);
            flusherThread = new AgentThread("pabal-flusher", flusher, 0, this::died);
            flusher.wakeWith(flusherThread::wake, journalThread::wake);
            volatileMemory.wakeWith(flusherThread::wake);
        } else {
            journalThread = null;
            flusherThread = null;
        }
    }

    /**
     * Opens the store in {@code files}, creating it where there is none, and recovers what the last run left.
     *
     * @param states makes the state attached to each log
     * @param segments where batches go from memory; closed with the store
     * @throws LogException {@link Reason#CORRUPT} where stored data does not match its checksums: nothing was changed then
     * @throws IOException where the disk refuses
     */
    public static LocalLogStore open(
            FileStore files, Clock clock, LogState.Factory states, SegmentStore segments, LocalOptions options)
            throws IOException {
        try {
            LocalLogStore store = new LocalLogStore(files, clock, states, segments, options);
            if (store.journalThread != null && store.flusherThread != null) {
                store.journalThread.start();
                store.flusherThread.start();
            }
            return store;
        } catch (IOException | RuntimeException e) {
            segments.close();
            throw e;
        }
    }

    /**
     * Opens the store in a directory of the real disk, which is locked until the store is closed.
     *
     * @param compactor looks inside batches of compacted logs
     * @throws DirectoryInUseException where another store holds the directory; the message is for people
     */
    public static LocalLogStore open(
            Path directory, Clock clock, LogState.Factory states, BatchCompactor compactor, LocalOptions options)
            throws IOException {
        DiskFileStore disk = DiskFileStore.open(directory);
        try {
            SegmentFiles segments = new SegmentFiles(disk, clock, compactor, SegmentOptions.DEFAULT);
            LocalLogStore store = open(disk, clock, states, segments, options);
            store.disk = disk;
            return store;
        } catch (IOException | RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    private static Checkpoint startOf(FileStore files, Clock clock, List<Long> journalNumbers) throws IOException {
        Checkpoint stored = Checkpoint.load(files);
        if (stored != null) {
            return stored;
        }
        if (!journalNumbers.isEmpty()) {
            throw new LogException(
                    Reason.CORRUPT,
                    "The data directory holds journal files but no checkpoint file. Nothing was changed; restore the directory from a copy, or start with an empty one.");
        }
        // Only to tell this store's groups from what else may lie in a file: nothing depends on how random it is.
        long store = new SplittableRandom(clock.wallMs() ^ Long.rotateLeft(clock.monotonicNs(), 32)).nextLong();
        Checkpoint first =
                new Checkpoint(store, true, 0, new JournalPosition(0, 0, 1), 0, List.of(), ByteBuffer.allocate(0));
        // Before the journal's first file: a crash between the two would leave a journal that no checkpoint vouches
        // for.
        first.save(files);
        return first;
    }

    /** Makes the logs that are known and replays the journal; returns the place behind it. */
    private JournalPosition recover(FileStore files, Checkpoint start, List<Long> numbers, TailMemory memory)
            throws IOException {
        Recovery recovery = new Recovery(logs, this::newLog, memory, flusher);
        recovery.load(start);
        removeVolatile();
        if (start.clean()) {
            return start.journal();
        }
        try (JournalReader journal = new JournalReader(files, numbers, start.store(), start.journal())) {
            recovery.replay(journal, start);
            // What a killed process had written and not synced was read all the same, and is durable only from here on.
            JournalFiles.sync(files, journal.position().file());
            return journal.position();
        }
    }

    /**
     * Segments may hold logs that the checkpoint does not name: those that lived in memory when the last run ended, and those whose deletion
     * the journal holds. Nobody will ask for either.
     */
    private void removeVolatile() {
        segments.delete(
                segments.ids().stream().filter(id -> !logs.containsKey(id)).toList());
    }

    private LocalLog newVolatileLog(LogId id, LogConfig config) {
        return new VolatileLog(id, config, states.create(id), volatileCommits, segments, volatileMemory, flusher::mark);
    }

    private LocalLog newLog(LogId id) {
        // Until it is opened nobody knows its policies, so nothing of it is ever removed.
        return new LocalLog(id, LogConfig.DEFAULT.keepForever(), states.create(id), commits, segments);
    }

    @Override
    public Log open(LogId id, LogConfig config) {
        if (closing) {
            throw new LogException(Reason.CLOSED, "the store is closed");
        }
        LocalLog log = logs.computeIfAbsent(id, unknown -> {
            LocalLog made =
                    config.durability() == Durability.MEMORY ? newVolatileLog(unknown, config) : newLog(unknown);
            made.start();
            return made;
        });
        log.configure(config);
        return log;
    }

    @Override
    public @Nullable Log find(LogId id) {
        return logs.get(id);
    }

    @Override
    public Collection<LogId> ids() {
        return List.copyOf(logs.keySet());
    }

    @Override
    public CompletableFuture<Void> delete(Collection<LogId> ids) {
        return CompletableFuture.allOf(ids.stream()
                .map(logs::get)
                .filter(Objects::nonNull)
                .map(this::delete)
                .toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<Void> delete(LocalLog log) {
        // Into the journal first: a checkpoint that finds the log gone must have its barrier behind the deletion.
        CompletableFuture<Void> deletion = log.delete();
        logs.remove(log.id(), log);
        return deletion;
    }

    /** Told by upkeep: retention moved the start of a log. */
    private void trimmed(LogId id, long startOffset) {
        LocalLog log = logs.get(id);
        if (log != null) {
            log.trimmed(startOffset);
        }
    }

    private CompletableFuture<Void> barrier() {
        Pending barrier = Pending.barrier();
        if (!commits.enqueue(barrier)) {
            barrier.completeExceptionally(new LogException(Reason.CLOSED, "the store is closed"));
        }
        return barrier.whenComplete((done, failed) -> flusher.wake());
    }

    /**
     * Moves everything that is durable to segments, writes a checkpoint and gives the memory of the tail back, so that reads come from the
     * disk. For an idle store, and for tests of cold reads.
     */
    public CompletableFuture<Void> flush() {
        return flusher.requestCheckpoint().thenCompose(done -> {
            Pending eviction = Pending.eviction();
            if (!commits.enqueue(eviction)) {
                eviction.completeExceptionally(new LogException(Reason.CLOSED, "the store is closed"));
            }
            return eviction;
        });
    }

    /** Applies retention and compaction to what segments hold now, instead of in a few seconds. */
    public CompletableFuture<Void> upkeep() {
        return flusher.requestUpkeep();
    }

    private long syncedSequence() {
        return writer.syncedSequence();
    }

    /**
     * Does one step of the journal's and of the flusher's work, on the caller; only for a store without threads.
     *
     * @return false where there was nothing to do
     */
    public boolean doWork() {
        return groupCommit.doWork() | flusher.doWork();
    }

    @Override
    public StoreStats stats() {
        return new StoreStats(
                drain.journalBytes(),
                space.unflushedBytes(),
                pool.allocatedBytes() + volatileMemory.allocatedBytes(),
                segments.segmentBytes(),
                segments.segmentFiles(),
                segments.openFiles(),
                writer.syncs(),
                appends.sum(),
                appendedBytes.sum(),
                space.usableBytes(),
                !closing && !failure.happened() && !space.isFull(journalFiles.bytesMissing()));
    }

    @Override
    public CompletableFuture<Void> failure() {
        return failure.future();
    }

    private void died(Thread thread, Throwable cause) {
        failure.fail("the thread " + thread.getName(), cause);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        closing = true;
        // An append that had begun before is in the queue after this; no other one begins.
        logs.values().forEach(LocalLog::settle);
        Pending last = Pending.barrier();
        if (queue.closeWith(last)) {
            awaitLast(last);
        }
        if (flusherThread != null && journalThread != null) {
            flusherThread.stop();
            journalThread.stop();
        }
        finish(last);
    }

    private void awaitLast(Pending last) {
        if (journalThread == null) {
            while (!last.isDone() && doWork()) {
                // each step brings it nearer
            }
            return;
        }
        journalThread.wake();
        try {
            last.get(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            Guard.warn("The store closes without having written all that was appended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish(Pending last) {
        volatileMemory.close();
        segments.delete(logs.values().stream()
                .filter(LocalLog::isVolatile)
                .map(LocalLog::id)
                .toList());
        try {
            if (!failure.happened() && last.isDone() && !last.isCompletedExceptionally()) {
                flusher.finish();
            } else {
                failure.fail("closing", new IOException("what was appended last could not be written in time"));
                groupCommit.doWork();
            }
        } catch (IOException e) {
            Guard.warn("The store closes without a last checkpoint: the next start reads the journal instead", e);
        }
        try (DiskFileStore unlocked = disk;
                segments) {
            groupCommit.close();
            journalFiles.close();
        } catch (IOException e) {
            Guard.warn("Closing files failed", e);
        }
    }

    /**
     * What logs ask of the store.
     *
     * <p>An append from the reserve is small and goes to what is left of the journal's file, which lies on the disk already; what does not fit
     * into that waits for room, as its segment does.
     */
    private class StoreCommits implements Commits {
        @Override
        public int epoch() {
            return epoch;
        }

        @Override
        public void checkAppend(int bytes, boolean fromReserve) {
            checkOpen(bytes);
            boolean reserved = fromReserve && bytes <= MAX_RESERVED_BYTES;
            if (!reserved) {
                checkRoom(bytes);
            }
            space.appended(bytes);
            count(bytes);
        }

        final void count(int bytes) {
            appends.increment();
            appendedBytes.add(bytes);
        }

        final void checkRoom(int bytes) {
            if (!space.takes(bytes, journalFiles.bytesMissing())) {
                throw new LogException(
                        Reason.DISK_FULL,
                        "the disk is full (%d bytes left): free some space and appends go on"
                                .formatted(space.usableBytes()));
            }
        }

        final void checkOpen(int bytes) {
            if (closing) {
                throw new LogException(Reason.CLOSED, "the store is closed");
            }
            LogException cause = failure.cause();
            if (cause != null) {
                throw new LogException(Reason.CLOSED, String.valueOf(cause.getMessage()), cause);
            }
            long padded = GroupFormat.paddedBytes((long) GroupFormat.HEADER_BYTES + GroupFormat.ENTRY_BYTES + bytes);
            if (padded > options.journalFileBytes()) {
                throw new LogException(
                        Reason.TOO_LARGE,
                        "an append of %d bytes is larger than a journal file of %d"
                                .formatted(bytes, options.journalFileBytes()));
            }
        }

        @Override
        public void released(LocalLog log) {
            flusher.released(log);
        }

        @Override
        public boolean enqueue(Pending pending) {
            boolean added = queue.add(pending);
            AgentThread thread = journalThread;
            if (added && thread != null) {
                if (queue.isEnough()) {
                    thread.hurry();
                } else {
                    thread.wake();
                }
            }
            return added;
        }
    }

    /** Logs that live in memory need the disk only where that runs short. */
    private final class VolatileCommits extends StoreCommits {
        @Override
        public void checkAppend(int bytes, boolean fromReserve) {
            checkOpen(bytes);
            if (volatileMemory.spillWanted()) {
                checkRoom(bytes);
            }
            count(bytes);
        }
    }
}

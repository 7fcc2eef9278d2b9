package dev.pabal.log.local;

import dev.pabal.log.LogException;
import dev.pabal.log.journal.JournalFiles;
import dev.pabal.log.seam.Clock;
import dev.pabal.log.segment.SegmentStore;
import java.io.IOException;
import java.io.SyncFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The flusher's agent: drains memory to segments, writes checkpoints, prepares journal files, watches the free space and keeps the segments
 * in shape.
 */
final class Flusher implements Agent {
    private static final long SECOND_NS = 1_000_000_000L;

    private final LocalOptions options;
    private final Clock clock;
    private final SegmentStore segments;
    private final JournalFiles journalFiles;
    private final SlabPool pool;
    private final VolatileMemory memory;
    private final Space space;
    private final Failure failure;
    private final Drain drain;
    private final Checkpointer checkpointer;
    private final SegmentStore.TrimListener trimmed;

    private volatile Runnable wake = () -> {};
    private volatile Runnable wakeJournal = () -> {};
    private final Queue<CompletableFuture<Void>> requested = new ConcurrentLinkedQueue<>();
    private final Queue<CompletableFuture<Void>> upkeepRequested = new ConcurrentLinkedQueue<>();
    /** Logs that released something segments do not know of. */
    private final Queue<LocalLog> released = new ConcurrentLinkedQueue<>();

    private final List<CompletableFuture<Void>> answered = new ArrayList<>();
    private volatile boolean changed;
    /** Files may go from the disk with the next checkpoint. */
    private boolean freeable;

    private long retryAtNs;
    private boolean waitsForRetry;
    private long nextSpaceCheckNs;
    private long nextUpkeepNs;
    private long nextCheckpointNs;
    private int upkeepFiles = -1;
    private long upkeepBytes = -1;

    Flusher(
            LocalOptions options,
            Clock clock,
            SegmentStore segments,
            JournalFiles journalFiles,
            SlabPool pool,
            VolatileMemory memory,
            Space space,
            Failure failure,
            Drain drain,
            Checkpointer checkpointer,
            SegmentStore.TrimListener trimmed) {
        this.options = options;
        this.clock = clock;
        this.segments = segments;
        this.journalFiles = journalFiles;
        this.pool = pool;
        this.memory = memory;
        this.space = space;
        this.failure = failure;
        this.drain = drain;
        this.checkpointer = checkpointer;
        this.trimmed = trimmed;
        long now = clock.monotonicNs();
        this.nextSpaceCheckNs = now + SECOND_NS;
        this.nextUpkeepNs = now + options.upkeepMs() * 1_000_000;
        this.nextCheckpointNs = now + options.checkpointMs() * 1_000_000;
    }

    /** How to wake the two threads, once they are there. */
    void wakeWith(Runnable flusherWake, Runnable journalWake) {
        wake = flusherWake;
        wakeJournal = journalWake;
    }

    void wake() {
        wake.run();
    }

    /** Journal's thread: a group is durable and published. */
    void offer(Group group) {
        drain.offer(group);
        changed = true;
        if (drain.waitingBytes() >= options.flushBytes()
                || drain.anyMarks()
                || journalFiles.wanted()
                || checkpointBytesReached()) {
            wake();
        }
    }

    /** Any thread. A change that no journal knows of; {@code stored} where it frees something in files. */
    void mark(Change change, boolean stored) {
        drain.mark(change);
        changed |= stored;
    }

    /** Any thread. Segments hear of what this log released within a second. */
    void released(LocalLog log) {
        released.add(log);
    }

    private void applyReleased() {
        for (LocalLog log = released.poll(); log != null; log = released.poll()) {
            log.tellReleased();
        }
    }

    /** Any thread. Drains and writes a checkpoint now, whatever the time; logs that live in memory go to segments as well. */
    CompletableFuture<Void> requestCheckpoint() {
        CompletableFuture<Void> request = new CompletableFuture<>();
        requested.add(request);
        wake();
        return request;
    }

    /** Any thread. Looks after retention and compaction now, until there is nothing left to do. */
    CompletableFuture<Void> requestUpkeep() {
        CompletableFuture<Void> request = new CompletableFuture<>();
        upkeepRequested.add(request);
        wake();
        return request;
    }

    /** Recovery: a group was read from the journal; what it holds must fit on the disk like everything appended. */
    void recovered(Group group) {
        space.appended(group.contentBytes());
        drain.offer(group);
        changed = true;
    }

    @Override
    public boolean doWork() {
        if (failure.happened()) {
            failRequests();
            return false;
        }
        try {
            return step();
        } catch (IOException e) {
            failure.fail("writing segments or a checkpoint", e);
        } catch (RuntimeException | Error e) {
            failure.fail("the flusher", e);
            throw e;
        } finally {
            if (failure.happened()) {
                wakeJournal.run();
            }
        }
        return false;
    }

    private boolean step() throws IOException {
        long now = clock.monotonicNs();
        if (now - nextSpaceCheckNs >= 0) {
            space.refresh();
            applyReleased();
            nextSpaceCheckNs = now + SECOND_NS;
        }
        boolean marked = !checkpointer.begun() && drain.applyMarks();
        freeable |= marked;
        if (waitsForRetry && now - retryAtNs < 0 && !checkpointer.barrierReached()) {
            return marked;
        }
        try {
            boolean worked = work(now) || marked;
            if (waitsForRetry) {
                waitsForRetry = false;
                space.block(false);
            }
            return worked;
        } catch (IOException e) {
            space.refresh();
            // A sync that failed is never tried again, full disk or not: what it should have kept may be gone.
            if (e instanceof SyncFailedException || !space.isShort()) {
                throw e;
            }
            diskFull(now, e);
            return false;
        }
    }

    /** Nothing is lost: memory and the journal hold it until there is space again. What can be given up is given up meanwhile. */
    private void diskFull(long now, IOException e) {
        if (!waitsForRetry) {
            Guard.warn("The disk is full: appends are refused until there is space again; nothing is lost", e);
        }
        space.block(true);
        waitsForRetry = true;
        retryAtNs = now + SECOND_NS;
        try {
            upkeep(now);
        } catch (IOException again) {
            return; // the next attempt is a second away
        }
        if (freeable && !checkpointer.begun()) {
            beginCheckpoint();
        }
    }

    private boolean work(long now) throws IOException {
        if (checkpointer.barrierReached()) {
            finishCheckpoint();
            return true;
        }
        boolean worked = pool.prepare();
        if (journalFiles.prepare()) {
            worked = true;
            wakeJournal.run();
        }
        if (memory.spillWanted()) {
            worked |= spill();
        }
        if (checkpointer.begun()) {
            return abandonIfStarved() || worked;
        }
        if (pool.starved() && drain.waitingBytes() > 0) {
            worked |= drainPiece(0);
        } else if (drain.waitingBytes() >= options.flushBytes()) {
            worked |= drainPiece(options.flushBytes() / 2);
        }
        if (checkpointDue(now)) {
            if (!requested.isEmpty()) {
                spillAll();
            }
            takeRequests();
            drainAll();
            beginCheckpoint();
            return true;
        }
        return upkeep(now) || worked;
    }

    /** Logs that live in memory only: no checkpoint has anything to say of them, so this may happen at any time. */
    private boolean spill() throws IOException {
        boolean more = memory.spill(segments, false);
        space.block(false);
        space.refresh();
        changed = true;
        return more;
    }

    private void beginCheckpoint() {
        freeable = false;
        checkpointer.begin();
    }

    /** The journal cannot reach the barrier before memory is drained: then the checkpoint begins anew. */
    private boolean abandonIfStarved() throws IOException {
        if (!pool.starved()) {
            return false;
        }
        checkpointer.abandon();
        drainAll();
        changed = true;
        nextCheckpointNs = clock.monotonicNs();
        return true;
    }

    private void finishCheckpoint() throws IOException {
        boolean written = checkpointer.finish();
        nextCheckpointNs = clock.monotonicNs() + options.checkpointMs() * 1_000_000;
        if (!written) {
            LogException closed = new LogException(LogException.Reason.CLOSED, "the store is closed");
            answered.forEach(request -> request.completeExceptionally(closed));
            answered.clear();
            return;
        }
        space.block(false);
        space.refresh();
        answered.forEach(request -> request.complete(null));
        answered.clear();
    }

    private void spillAll() throws IOException {
        boolean more = true;
        while (more) {
            more = memory.spill(segments, true);
        }
    }

    private void takeRequests() {
        for (CompletableFuture<Void> request = requested.poll(); request != null; request = requested.poll()) {
            answered.add(request);
        }
    }

    private void failRequests() {
        takeRequests();
        LogException cause = Objects.requireNonNull(failure.cause());
        answered.forEach(request -> request.completeExceptionally(cause));
        drain.failMarks(cause);
        memory.fail(cause);
        for (CompletableFuture<Void> r = upkeepRequested.poll(); r != null; r = upkeepRequested.poll()) {
            r.completeExceptionally(cause);
        }
        answered.clear();
    }

    private boolean checkpointBytesReached() {
        return drain.journalBytes() >= options.checkpointBytes();
    }

    private boolean checkpointDue(long now) {
        boolean frees = freeable && space.isFull(journalFiles.bytesMissing());
        if (checkpointBytesReached() || frees || !requested.isEmpty() || !answered.isEmpty()) {
            changed = false;
            return true;
        }
        if (now - nextCheckpointNs < 0) {
            return false;
        }
        nextCheckpointNs = now + options.checkpointMs() * 1_000_000;
        boolean due = changed;
        changed = false;
        return due;
    }

    private boolean drainPiece(long keepBytes) throws IOException {
        boolean drained = drain.drainPiece(keepBytes);
        if (drained) {
            space.block(false);
            space.refresh();
            wakeJournal.run();
        }
        return drained;
    }

    /** Recovery and checkpoints: moves everything that waits to segments. */
    void drainAll() throws IOException {
        while (drainPiece(0)) {
            // Files the journal waits for are not left to the end of a long row of pieces.
            journalFiles.prepare();
        }
    }

    private boolean upkeep(long now) throws IOException {
        if (now - nextUpkeepNs < 0 && upkeepRequested.isEmpty()) {
            return false;
        }
        applyReleased();
        boolean more = segments.upkeep(trimmed);
        if (!more) {
            for (CompletableFuture<Void> r = upkeepRequested.poll(); r != null; r = upkeepRequested.poll()) {
                r.complete(null);
            }
            nextUpkeepNs = now + options.upkeepMs() * 1_000_000;
        }
        if (segments.segmentFiles() != upkeepFiles || segments.segmentBytes() != upkeepBytes) {
            upkeepFiles = segments.segmentFiles();
            upkeepBytes = segments.segmentBytes();
            changed = true;
            freeable = true;
        }
        return more;
    }

    @Override
    public boolean hasWork() {
        if (failure.happened()) {
            return false;
        }
        if (!checkpointer.begun() && drain.anyMarks()) {
            return true;
        }
        if (checkpointer.barrierReached()) {
            return true;
        }
        return !waitsForRetry
                && (pool.wanted()
                        || memory.spillWanted()
                        || (!checkpointer.begun() && !upkeepRequested.isEmpty())
                        || journalFiles.wanted()
                        || (!checkpointer.begun() && !requested.isEmpty())
                        || (!checkpointer.begun() && drain.waitingBytes() >= options.flushBytes())
                        || (pool.starved() && drain.waitingBytes() > 0));
    }

    @Override
    public long idleNs() {
        long now = clock.monotonicNs();
        long next = Math.min(nextSpaceCheckNs, Math.min(nextUpkeepNs, nextCheckpointNs));
        return Math.max(1, Math.min(SECOND_NS, next - now));
    }

    /** After the threads have stopped, nothing being appended any more: drains everything and writes the last checkpoint. */
    void finish() throws IOException {
        checkpointer.abandon();
        drainAll();
        checkpointer.finishClean();
    }
}

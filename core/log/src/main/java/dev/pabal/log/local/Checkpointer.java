package dev.pabal.log.local;

import dev.pabal.log.journal.JournalFiles;
import dev.pabal.log.journal.JournalPosition;
import dev.pabal.log.seam.FileStore;
import dev.pabal.log.segment.SegmentStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints, in two steps, for a log's state may know of batches that are not durable yet: first the saves are taken, then, once a
 * barrier in the journal says that everything known to them is on disk, they are written. Nothing is drained between the two. The
 * flusher's.
 */
final class Checkpointer {
    private final FileStore files;
    private final SegmentStore segments;
    private final JournalFiles journalFiles;
    private final Drain drain;
    private final Collection<LocalLog> logs;
    private final Supplier<CompletableFuture<Void>> barrier;
    private final LongSupplier syncedSequence;
    private final long store;
    private final int epoch;

    private @Nullable CompletableFuture<Void> waitsFor;
    private List<ByteBuffer> rows = List.of();

    Checkpointer(
            FileStore files,
            SegmentStore segments,
            JournalFiles journalFiles,
            Drain drain,
            Collection<LocalLog> logs,
            Supplier<CompletableFuture<Void>> barrier,
            LongSupplier syncedSequence,
            long store,
            int epoch) {
        this.files = files;
        this.segments = segments;
        this.journalFiles = journalFiles;
        this.drain = drain;
        this.logs = logs;
        this.barrier = barrier;
        this.syncedSequence = syncedSequence;
        this.store = store;
        this.epoch = epoch;
    }

    /** Whether saves were taken that wait for their barrier. */
    boolean begun() {
        return waitsFor != null;
    }

    boolean barrierReached() {
        return waitsFor != null && waitsFor.isDone();
    }

    /** Takes the saves, as of what is drained now. */
    void begin() {
        collectRows();
        waitsFor = barrier.get();
    }

    /** Forgets the saves: the journal cannot reach the barrier before more is drained. */
    void abandon() {
        waitsFor = null;
        rows = List.of();
    }

    private void collectRows() {
        List<ByteBuffer> collected = new ArrayList<>();
        for (LocalLog log : logs) {
            ByteBuffer row = log.save();
            if (row != null) {
                collected.add(row);
            }
        }
        rows = collected;
    }

    /**
     * The barrier was reached: writes the checkpoint and lets go of what it makes needless.
     *
     * @return false where the barrier failed: what the saves know of may never reach the disk, so they are forgotten
     */
    boolean finish() throws IOException {
        boolean durable = waitsFor != null && !waitsFor.isCompletedExceptionally();
        if (!durable) {
            abandon();
            return false;
        }
        waitsFor = null;
        write(false);
        return true;
    }

    /** Nothing is appended any more and everything was drained: writes the last checkpoint. */
    void finishClean() throws IOException {
        collectRows();
        write(true);
    }

    private void write(boolean clean) throws IOException {
        segments.sync();
        JournalPosition position = drain.drainedTo();
        new Checkpoint(store, clean, epoch, position, syncedSequence.getAsLong(), rows, segments.manifest())
                .save(files);
        rows = List.of();
        drain.checkpointed();
        segments.checkpointed();
        journalFiles.recycleBefore(position.file());
    }
}

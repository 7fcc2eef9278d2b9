package dev.pabal.log.local;

import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.journal.JournalPosition;
import dev.pabal.log.segment.Run;
import dev.pabal.log.segment.SegmentStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Moves durable groups from memory to segments, in the order of the journal. The flusher's, but for {@link #offer} and the figures. */
final class Drain {
    /** What is gathered for one write at most, so that memory comes back step by step. */
    private static final long MAX_PIECE_BYTES = 32L << 20;

    private final SegmentStore segments;
    private final Space space;
    /** Groups handed over by the journal's thread; guarded by itself. */
    private final Deque<Group> offered = new ArrayDeque<>();
    /** Trims and deletions that segments do not know of yet: they need no space, and so never wait for any. */
    private final Queue<Change> marks = new ConcurrentLinkedQueue<>();
    /** Groups of the piece at hand, kept for another attempt if the disk refuses it. */
    private final List<Group> piece = new ArrayList<>();

    /** Bytes of journal, and so of memory, that hold what segments do not. */
    private final AtomicLong waitingBytes = new AtomicLong();
    /** Bytes of journal drained since the last checkpoint. */
    private volatile long drainedJournalBytes;

    private JournalPosition drainedTo;

    /** @param drainedTo the place in the journal where the first group to come starts, or an earlier one */
    Drain(SegmentStore segments, Space space, JournalPosition drainedTo) {
        this.segments = segments;
        this.space = space;
        this.drainedTo = drainedTo;
    }

    /** Takes a group that is durable and published. */
    void offer(Group group) {
        for (Change change : group.changes()) {
            if (!(change instanceof TailEntry)) {
                marks.add(change); // before the group, so that whoever drains it finds them
            }
        }
        waitingBytes.addAndGet(group.journalBytes());
        synchronized (offered) {
            offered.add(group);
        }
    }

    /** Takes a change that no group holds. */
    void mark(Change change) {
        marks.add(change);
    }

    /** Bytes of memory that wait for a segment. */
    long waitingBytes() {
        return waitingBytes.get();
    }

    /** Bytes of journal written since the last checkpoint. */
    long journalBytes() {
        return drainedJournalBytes + waitingBytes.get();
    }

    /** Where a new run of the store begins. */
    void startAt(JournalPosition position) {
        drainedTo = position;
    }

    /** The place in the journal before which segments hold everything. */
    JournalPosition drainedTo() {
        return drainedTo;
    }

    /** A checkpoint at {@link #drainedTo} was written. */
    void checkpointed() {
        drainedJournalBytes = 0;
    }

    /**
     * Writes one piece; false where nothing waits.
     *
     * @param keepBytes bytes of the newest that stay in memory: what is trimmed or released before its turn comes is never written
     * @throws IOException where the disk refuses: everything is kept, and the next call tries again
     */
    boolean drainPiece(long keepBytes) throws IOException {
        if (piece.isEmpty()) {
            gather(keepBytes);
        }
        if (piece.isEmpty()) {
            return false;
        }
        write();
        for (Group group : piece) {
            settle(group);
        }
        piece.clear();
        return true;
    }

    private void gather(long keepBytes) {
        long bytes = 0;
        long left = waitingBytes.get();
        synchronized (offered) {
            while (!offered.isEmpty() && bytes < MAX_PIECE_BYTES && left > keepBytes) {
                Group group = offered.remove();
                bytes += group.contentBytes();
                left -= group.journalBytes();
                piece.add(group);
            }
        }
    }

    private void write() throws IOException {
        Runs runs = new Runs();
        for (Group group : piece) {
            for (Change change : group.changes()) {
                if (change instanceof TailEntry entry) {
                    runs.add(entry);
                }
            }
        }
        // Deletions first: a log made anew under the same id may follow in the same piece.
        applyMarks();
        List<Run> toWrite = runs.toRuns(segments);
        if (!toWrite.isEmpty()) {
            segments.write(toWrite);
            runs.trimWritten(segments);
        }
    }

    boolean anyMarks() {
        return !marks.isEmpty();
    }

    /** Tells segments of trims and deletions; false where there are none. */
    boolean applyMarks() {
        boolean any = false;
        for (Change mark = marks.poll(); mark != null; mark = marks.poll()) {
            any = true;
            LogId id = mark.log().id();
            if (mark instanceof Change.Trim trim) {
                segments.trim(id, trim.offset());
                trim.applied().complete(trim.offset());
            } else {
                segments.delete(List.of(id));
            }
        }
        return any;
    }

    /** Nobody will tell segments any more. */
    void failMarks(LogException cause) {
        for (Change mark = marks.poll(); mark != null; mark = marks.poll()) {
            if (mark instanceof Change.Trim trim) {
                trim.applied().completeExceptionally(cause);
            }
        }
    }

    private void settle(Group group) {
        for (Change change : group.changes()) {
            if (change instanceof TailEntry entry) {
                entry.log().drained(entry);
            }
        }
        group.slab().groupDrained();
        waitingBytes.addAndGet(-group.journalBytes());
        drainedJournalBytes = drainedJournalBytes + group.journalBytes();
        drainedTo = group.after();
        space.flushed(group.contentBytes());
    }
}

package dev.pabal.broker.queue;

import dev.pabal.log.Log;
import dev.pabal.queue.QueueView;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives back the space of settled messages: what lies below the settled floor is released at the end of each turn, which costs next to
 * nothing and spares segments what settles quickly; the log's start, which costs an entry of the journal, follows once in a while, and what is
 * settled above the floor as well. All of it only once the settling is durable. For the shard's thread.
 */
final class LogSpace {
    /** Trims no more often than this, unless much has gathered. */
    private static final long EVERY_MS = 1000;

    /** The same for a queue through which little goes: with thousands of those, trims would cost as much as messages. */
    private static final long FEW_EVERY_MS = 5_000;

    private static final int FEW_MESSAGES = 1_000;
    private static final long RETAINED_EVERY_MS = 10_000;
    private static final long AT_ONCE_MESSAGES = 100_000;
    /** Ranges above the floor are looked at no more often than this. */
    private static final long HOLES_EVERY_MS = 5_000;

    private final QueueRuntime queue;
    private final Log log;
    private final QueueView view;
    private final QueueCore core;
    private long lastMs;
    private long trimmedTo;
    private long releasedTo;
    private long holesMs;
    private long dueMs = Long.MAX_VALUE;

    LogSpace(QueueRuntime queue, QueueCore core, Log log, QueueView view) {
        this.queue = queue;
        this.core = core;
        this.log = log;
        this.view = view;
        this.trimmedTo = log.startOffset();
        this.releasedTo = trimmedTo;
    }

    /** Looks whether something can go, at the end of a turn. */
    void settled(long nowMs) {
        long retainMs = queue.settings().view().retainMs();
        if (!queue.settings().view().owner() || retainMs < 0) {
            dueMs = Long.MAX_VALUE;
            return;
        }
        long floor = core.durableFloor();
        if (retainMs == 0) {
            release(floor, nowMs);
        }
        if (floor <= trimmedTo) {
            dueMs = Long.MAX_VALUE;
            return;
        }
        long everyMs = floor - trimmedTo < FEW_MESSAGES ? FEW_EVERY_MS : EVERY_MS;
        if (nowMs - lastMs < everyMs && floor - trimmedTo < AT_ONCE_MESSAGES) {
            dueMs = lastMs + everyMs;
            return;
        }
        if (retainMs > 0) {
            floor = replayable(floor, nowMs);
        }
        lastMs = nowMs;
        if (floor > trimmedTo) {
            trimmedTo = Math.min(floor, log.durableEnd());
            queue.trim(trimmedTo);
        }
        dueMs = core.durableFloor() > trimmedTo
                ? nowMs + (retainMs > 0 ? RETAINED_EVERY_MS : EVERY_MS)
                : Long.MAX_VALUE;
    }

    private void release(long floor, long nowMs) {
        if (floor > releasedTo) {
            log.release(releasedTo, floor);
            releasedTo = floor;
        }
        if (nowMs - holesMs >= HOLES_EVERY_MS) {
            holesMs = nowMs;
            List<long[]> holes = new ArrayList<>();
            view.settledRanges(floor, log.durableEnd(), (from, to) -> holes.add(new long[] {from, to}));
            if (!holes.isEmpty()) {
                core.whenDurable(() -> holes.forEach(hole -> log.release(hole[0], hole[1])));
            }
        }
    }

    /** The offset below which nobody may read again, by a search: what was settled earlier may go earlier. */
    private long replayable(long floor, long nowMs) {
        long low = trimmedTo;
        long high = floor;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (view.retainedUntilMs(middle) <= nowMs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    long nextDueMs() {
        return dueMs;
    }
}

package dev.pabal.broker.queue;

import dev.pabal.log.Log;
import dev.pabal.queue.DueTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Brings together, shortly before their time, the records of messages that become due: they come due in any order, and lie anywhere in the log, so
 * that each of them would cost a read of its own. One sweep over the log fetches those of the next seconds; as a rule one lot is handed out while
 * the others are there, or are fetched.
 *
 * <pre>
 *             now                  covered           horizon
 *   ---- due ---|------ lot 1 -------|------ lot 2 ------|---- later: nothing is known here ---> time
 * </pre>
 *
 * What is not here when its time comes, because it came late, is too large or found no room, is read when its turn comes. Where a mass is due
 * already, after an outage, its messages wait for the sweep, which is quicker. Their order is always that of their times. For the shard's thread.
 */
final class LookAhead {
    /** How far ahead a lot reaches at most, and how much before its end the next is fetched: a busy disk and a busy shard take their time. */
    static final long HORIZON_MS = 6_000;

    private static final long LEAD_MS = 4_000;
    /** So few are read one by one. */
    static final int FEW = 64;
    /** Bounds of one lot. */
    private static final int LOT_BYTES = 6 << 20;

    private static final int LOT_MESSAGES = 1 << 16;
    private static final int MAX_LOTS = 3;
    /** What a record is taken to be before any was seen. */
    private static final int FIRST_MEAN_BYTES = 512;
    /** Time between two looks, and where the last was in vain. */
    private static final long PAUSE_MS = 100;

    private static final long LONG_PAUSE_MS = 1_000;
    /** Lots are given up when messages are ready for so long and nobody takes any. */
    private static final long STALL_MS = 5_000;

    private final Log log;
    private final DueTimes times;
    private final FetchMemory memory;
    private final Executor shard;
    private final Runnable arrived;
    /** Earlier ones first. */
    private final List<FetchedRecords> lots = new ArrayList<>(0);

    private @Nullable FetchedRecords current;
    private @Nullable Sweep sweep;
    /** All that is due up to then was looked at. */
    private long coveredMs;

    private long nextLookMs;
    private long readySinceMs = Long.MAX_VALUE;
    /** From then on nobody is taken to want anything. */
    private long givenUpMs;

    private int meanBytes = FIRST_MEAN_BYTES;

    /**
     * @param shard hands tasks to the shard's thread
     * @param arrived run there when a sweep has ended
     */
    LookAhead(Log log, DueTimes times, FetchMemory memory, Executor shard, Runnable arrived) {
        this.log = log;
        this.times = times;
        this.memory = memory;
        this.shard = shard;
        this.arrived = arrived;
    }

    /** Brings the record of that offset into view; false where it was not fetched. */
    boolean find(long offset) {
        for (int i = 0; i < lots.size(); i++) {
            FetchedRecords lot = lots.get(i);
            if (lot.find(offset)) {
                current = lot;
                return true;
            }
        }
        return false;
    }

    /** What {@link #find} found. */
    FetchedRecords found() {
        return Objects.requireNonNull(current);
    }

    /**
     * Whether the record will be here soon, or known not to be: its message is due, with many others, and a sweep for these is under way, because
     * they were due before it began, or because it takes too long.
     */
    boolean awaits(long offset, long nowMs) {
        Sweep running = sweep;
        if (running == null) {
            return false;
        }
        boolean late = running.isForOverdue() || coveredMs > 0 && coveredMs < nowMs;
        return late && running.mayFetch(offset) && times.isDue(offset);
    }

    /**
     * The end of the queue's turn: lets go of lots that are over, and begins a sweep where it is time for one. Costs next to nothing where nothing
     * is delayed.
     *
     * @param subscribed whether somebody waits for messages; others may ask for some
     * @param ready messages that are ready still
     * @param lastTakenMs when a message was taken last
     */
    void look(boolean subscribed, long ready, long lastTakenMs, long nowMs) {
        long firstMs = times.firstMs();
        while (!lots.isEmpty() && lots.get(0).untilMs() < firstMs) {
            drop(lots.remove(0));
        }
        if (ready == 0) {
            readySinceMs = Long.MAX_VALUE;
        } else {
            readySinceMs = Math.min(readySinceMs, nowMs);
        }
        if (!subscribed) {
            givenUpMs = lastTakenMs + STALL_MS;
        } else if (ready > 0) {
            givenUpMs = Math.max(lastTakenMs, readySinceMs) + STALL_MS;
        } else {
            givenUpMs = Long.MAX_VALUE;
        }
        if (nowMs >= givenUpMs) {
            release();
        } else if (nowMs >= lookMs(firstMs)) {
            nextLookMs = nowMs + PAUSE_MS;
            begin(nowMs);
        }
    }

    /** When {@link #look} has something to do after {@code nowMs}, {@link Long#MAX_VALUE} for not by the clock. */
    long nextDueMs(long nowMs) {
        if (nowMs >= givenUpMs) {
            return Long.MAX_VALUE;
        }
        return Math.min(lookMs(times.firstMs()), lots.isEmpty() ? Long.MAX_VALUE : givenUpMs);
    }

    private long lookMs(long firstMs) {
        if (firstMs == Long.MAX_VALUE || sweep != null || lots.size() == MAX_LOTS) {
            return Long.MAX_VALUE;
        }
        return Math.max(nextLookMs, Math.max(firstMs - HORIZON_MS, coveredMs - LEAD_MS));
    }

    private void begin(long nowMs) {
        int held = lots.isEmpty() ? 0 : unserved();
        int most = held + Math.min(LOT_MESSAGES, LOT_BYTES / meanBytes);
        long untilMs = nowMs + HORIZON_MS;
        if (times.count(untilMs, most) > most) {
            untilMs = latestFor(most, untilMs);
        }
        if (untilMs < times.firstMs()) {
            // Too many for one millisecond: their order is the log's, in which they are read ahead anyway.
            nextLookMs = nowMs + LONG_PAUSE_MS;
            return;
        }
        if (times.count(untilMs, held + FEW) - held < FEW) {
            coveredMs = Math.max(coveredMs, untilMs);
            return;
        }
        FetchedRecords lot = new FetchedRecords(memory, LOT_BYTES, untilMs);
        Sweep begun = new Sweep(log, times, lots, lot, shard, this::ended);
        begun.forOverdue(times.count(nowMs, held + FEW) - held >= FEW);
        sweep = begun;
        begun.go();
    }

    /** How many of those that are due next are in lots, about. */
    private int unserved() {
        int fetched = 0;
        for (int i = 0; i < lots.size(); i++) {
            fetched += lots.get(i).size();
        }
        return Math.min(fetched, times.count(lots.get(lots.size() - 1).untilMs(), fetched));
    }

    /**
     * A time up to which no more than {@code most} are due, and nearly as many. Each count looks at all that it counts, on the shard's thread:
     * so the first ones are of few messages, and the last ones few.
     */
    private long latestFor(int most, long tooLateMs) {
        long firstMs = times.firstMs();
        long low = firstMs - 1;
        long high = Math.min(tooLateMs, firstMs);
        while (high < tooLateMs && times.count(high, most) <= most) {
            low = high;
            high = Math.min(tooLateMs, firstMs + Math.max(1, 2 * (high - firstMs)));
        }
        long near = Math.max(1, (high - low) / 8);
        while (high - low > near) {
            long middle = low + (high - low >> 1);
            if (times.count(middle, most) > most) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    private void ended(Sweep which) {
        FetchedRecords lot = which.lot();
        if (which != sweep) {
            lot.retained().release();
            return;
        }
        sweep = null;
        coveredMs = which.end() == Sweep.End.WHOLE ? Math.max(coveredMs, lot.untilMs()) : 0;
        if (which.end() == Sweep.End.FAILED || lot.size() == 0) {
            nextLookMs += LONG_PAUSE_MS;
        }
        if (lot.size() == 0) {
            lot.retained().release();
        } else {
            meanBytes = Math.max(32, lot.meanBytes() + (lot.meanBytes() >> 3));
            lots.add(lot);
        }
        arrived.run();
    }

    private void drop(FetchedRecords lot) {
        if (current == lot) {
            current = null;
        }
        lot.retained().release();
    }

    /** Lets go of all memory: nobody wants anything for now. */
    private void release() {
        Sweep running = sweep;
        if (running != null) {
            sweep = null;
            running.cancel();
        }
        for (int i = 0; i < lots.size(); i++) {
            drop(lots.get(i));
        }
        lots.clear();
        coveredMs = 0;
    }

    void close() {
        release();
    }
}

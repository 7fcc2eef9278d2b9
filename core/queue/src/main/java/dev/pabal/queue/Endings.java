package dev.pabal.queue;

import java.util.ArrayList;
import java.util.List;

/** How messages leave: settled, given back, dead. Journals what it does. */
final class Endings {
    private final ViewState state;
    private final JournalWriter journal;
    private final ViewEffects effects;

    Endings(ViewState state, JournalWriter journal, ViewEffects effects) {
        this.state = state;
        this.journal = journal;
        this.effects = effects;
    }

    /** The slot of what is in flight with that generation, -1 otherwise. */
    int held(long offset, int generation) {
        int slot = state.inFlight.find(offset);
        return slot >= 0 && state.inFlight.generation(slot) == generation ? slot : -1;
    }

    void settle(int slot) {
        long offset = state.inFlight.offset(slot);
        state.land(slot);
        settled(offset);
    }

    /** A pending message in no other state. */
    void settled(long offset) {
        journal.settled(offset, offset + 1);
        state.forget(offset);
    }

    void discard(int slot, DeadReason reason) {
        long offset = state.inFlight.offset(slot);
        state.land(slot);
        die(offset, reason);
    }

    void comeBack(int slot, Return how, long dueAtMs, long nowMs) {
        long offset = state.inFlight.offset(slot);
        int size = state.inFlight.bodySize(slot);
        state.land(slot);
        int acquired = state.acquired.of(offset);
        int failed = state.failed.of(offset);
        if (how == Return.UNTOUCHED && acquired == 0) {
            state.handed.forget(offset);
        }
        if (how != Return.UNTOUCHED) {
            state.acquired.set(offset, ++acquired);
            failed += how == Return.FAILED ? 1 : 0;
            state.failed.set(offset, failed);
        }
        state.changed(offset);
        int limit = state.options.deliveryLimit();
        if (how == Return.FAILED && limit >= 0 && failed > limit) {
            die(offset, DeadReason.DELIVERY_LIMIT);
        } else if (state.isExpired(offset)) {
            die(offset, DeadReason.EXPIRED);
        } else {
            state.bytes.size(offset, size);
            if (dueAtMs > nowMs) {
                journal.parked(offset, acquired, failed, dueAtMs);
                state.hide(offset, dueAtMs);
            } else {
                if (how != Return.UNTOUCHED || state.options.journaled()) {
                    journal.returned(offset, offset + 1, acquired, failed);
                }
                state.makeReady(offset);
            }
        }
    }

    /** Moves the times of messages of groups that nobody has had yet: the queue's delay holds for what waits already, too. */
    void delay(long byMs) {
        List<long[]> moved = new ArrayList<>();
        state.hidden.forEach((offset, timeMs) -> {
            if (byMs != 0 && state.groups.contains(offset) && state.acquired.of(offset) == 0) {
                moved.add(new long[] {offset, Math.max(1, timeMs + byMs)});
            }
        });
        for (long[] one : moved) {
            state.hidden.add(one[0], one[1]);
            state.changed(one[0]);
            journal.parked(one[0], 0, state.failed.of(one[0]), one[1]);
        }
    }

    /** Notes, and journals where that is wanted, what its end is judged by. */
    void begin(Acquired out, int holder, long deadlineMs, long nowMs) {
        long offset = out.offset;
        boolean journaled = state.options.journaled();
        boolean noted = journaled || holder == QueueView.RECEIVERS || state.handed.contains(offset);
        out.firstAcquiredMs = noted ? state.handed.note(offset, out.generation, nowMs) : nowMs;
        if (journaled) {
            journal.acquired(offset, offset + 1, out.generation, holder, deadlineMs, nowMs);
        }
    }

    /** What has become of a message since it was handed out in that generation. */
    Standing standing(long offset, int generation) {
        int slot = state.inFlight.find(offset);
        if (slot >= 0) {
            return state.inFlight.generation(slot) == generation ? Standing.HELD : Standing.SUPERSEDED;
        }
        if (offset < 0 || !state.handed.contains(offset) || state.dead.contains(offset)) {
            return Standing.GONE;
        }
        return state.handed.isLast(offset, generation) ? Standing.RETURNED : Standing.SUPERSEDED;
    }

    /** Settles what nobody has received since; says how it stood. */
    Standing settleByReceipt(long offset, int generation) {
        Standing standing = standing(offset, generation);
        if (standing == Standing.HELD || standing == Standing.RETURNED) {
            state.takeOutForGood(offset);
            settled(offset);
        }
        return standing;
    }

    /** Settles all that is ready; returns how many that were. */
    long purge(long nowMs) {
        long purged = state.ready();
        if (purged == 0) {
            return 0;
        }
        OffsetSet kept = new OffsetSet();
        for (long offset : state.inFlight.offsets()) {
            kept.add(offset);
        }
        state.dead.addTo(kept);
        long upTo = state.visibleEnd();
        journal.purged(++state.purges, upTo, nowMs, kept);
        state.settleReady(upTo, kept);
        return purged;
    }

    /** Settles everything; returns below which offset ids are to be forgotten when that is durable. */
    long clear() {
        long from = state.settledFloor();
        if (from < state.end) {
            journal.settled(from, state.end);
            state.settleRange(from, state.end);
        }
        if (state.options.dedupWindowMs() > 0) {
            journal.forgotten(state.end);
            state.dedup.announce(state.end);
        }
        return state.end;
    }

    /** What connections hold comes back: they are gone with the process. What is held by receipt stays so. */
    void releaseConnections(long nowMs) {
        for (long offset : state.inFlight.offsets()) {
            int slot = state.inFlight.find(offset);
            if (state.inFlight.holder(slot) != QueueView.RECEIVERS) {
                comeBack(slot, Return.RELEASED, 0, nowMs);
            }
        }
    }

    /** A pending message in no other state dies. */
    void die(long offset, DeadReason reason) {
        if (!isDeadLettered(reason)) {
            settled(offset);
            return;
        }
        journal.dead(offset, offset + 1, reason);
        state.changed(offset);
        state.dead.add(offset, reason);
        effects.dead(offset, reason, state.failed.of(offset));
    }

    /** Ends untouched messages from the cursor to before {@code upTo}: {@code most} one by one; returns how many of these are left. */
    int dieUntouched(long upTo, DeadReason reason, int most) {
        int left = most;
        state.skipAhead();
        while (state.cursor < upTo && left > 0) {
            long taken = state.ahead.next(state.cursor);
            long stop = taken < 0 ? upTo : Math.min(upTo, taken);
            if (!isDeadLettered(reason)) {
                journal.settled(state.cursor, stop);
                state.bytes.takeUntouched(stop - state.cursor);
                state.passTo(stop);
            } else {
                left--;
                long offset = state.cursor++;
                state.bytes.takeUntouched();
                state.pending.add(offset);
                die(offset, reason);
            }
            state.skipAhead();
        }
        return left;
    }

    private boolean isDeadLettered(DeadReason reason) {
        return state.options.deadLetters() && (reason != DeadReason.EXPIRED || state.options.deadLetterExpired());
    }

    void deadLettered(long offset) {
        if (state.dead.remove(offset)) {
            settled(offset);
        }
    }
}

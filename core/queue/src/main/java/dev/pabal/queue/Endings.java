package dev.pabal.queue;

/** How messages leave: settled, given back, dead. Journals what it does. */
final class Endings {
    /** Dead messages that may wait for their targets before expiry and limits go on: they would fill memory. */
    static final int MAX_DEAD = 4096;

    private final ViewState state;
    private final JournalWriter journal;
    private final ViewEffects effects;

    Endings(ViewState state, JournalWriter journal, ViewEffects effects) {
        this.state = state;
        this.journal = journal;
        this.effects = effects;
    }

    /** Whether no more messages should die for now. */
    boolean crowded() {
        return state.options.deadLetters() && state.dead.size() >= MAX_DEAD;
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

    /** Ends untouched messages from the cursor to before {@code upTo}; false where it stopped because too many are dead. */
    boolean dieUntouched(long upTo, DeadReason reason) {
        state.skipAhead();
        while (state.cursor < upTo) {
            long taken = state.ahead.next(state.cursor);
            long stop = taken < 0 ? upTo : Math.min(upTo, taken);
            if (!isDeadLettered(reason)) {
                journal.settled(state.cursor, stop);
                state.bytes.takeUntouched(stop - state.cursor);
                state.passTo(stop);
            } else {
                if (crowded()) {
                    return false;
                }
                long offset = state.cursor++;
                state.bytes.takeUntouched();
                state.pending.add(offset);
                die(offset, reason);
            }
            state.skipAhead();
        }
        return true;
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

package dev.pabal.queue;

/** What happens by itself at its time: deadlines, delays, expiry. */
final class Expiry {
    private static final int MARK_LEAD_MS = 1000;
    private static final int DUE_STRIDE_MS = 5000;
    /** Messages that expire at once; others' queues have their turns before the rest. */
    static final int MOST_AT_ONCE = 65536;

    private final ViewState state;
    private final Endings endings;
    private final Marks marks;
    private final ViewEffects effects;
    /** Messages that are expired have not died yet; until then nothing is handed out. */
    private boolean blocked;
    /** Messages that may still expire in this run. */
    private int left;
    /** Returned messages below it were looked at when their time to live had passed. */
    private long swept;

    private long sweepAt = 4096;

    Expiry(ViewState state, Endings endings, Marks marks, ViewEffects effects) {
        this.state = state;
        this.endings = endings;
        this.marks = marks;
        this.effects = effects;
    }

    boolean blocked() {
        return blocked;
    }

    /** Does what is due; whether anything became ready. */
    boolean run(long nowMs) {
        boolean more = deadlines(nowMs);
        more |= state.mature(nowMs);
        more |= delays(nowMs);
        boolean was = blocked;
        left = MOST_AT_ONCE;
        blocked = !expireOwn(nowMs) || !expireByQueue(nowMs);
        askMark(nowMs);
        return more || was && !blocked;
    }

    /** Wall time at which {@link #run} has something to do. */
    long nextDueMs() {
        long hidden = state.hidden.firstMs();
        if (hidden != Long.MAX_VALUE && !state.options.journaled() && hidden >= marks.asked(Marks.DUE)) {
            hidden -= MARK_LEAD_MS;
        }
        if (blocked) {
            return 0;
        }
        long next = Math.min(state.inFlight.nextDeadlineMs(), hidden);
        next = Math.min(next, state.expiring.firstMs());
        next = Math.min(next, plus(state.appended.firstMs(), state.options.messageTtlMs()));
        next = Math.min(next, state.dedup.dueMs(state.options.dedupWindowMs()));
        return Math.min(next, plus(state.delays.firstMs(), state.options.delayMs()));
    }

    private static long plus(long timeMs, long durationMs) {
        return timeMs == Long.MAX_VALUE || durationMs < 0 || timeMs > Long.MAX_VALUE - durationMs
                ? Long.MAX_VALUE
                : timeMs + durationMs;
    }

    private boolean deadlines(long nowMs) {
        boolean any = false;
        while (state.inFlight.nextDeadlineMs() <= nowMs) {
            int slot = state.inFlight.nextDeadlineSlot();
            int holder = state.inFlight.holder(slot);
            if (holder == QueueView.RECEIVERS) {
                endings.comeBack(slot, Return.FAILED, 0, nowMs);
            } else {
                effects.overdue(holder);
                endings.comeBack(slot, Return.RELEASED, 0, nowMs);
            }
            any = true;
        }
        return any;
    }

    /** The queue's delay; whether it has passed for any. */
    boolean delays(long nowMs) {
        boolean any = false;
        while (plus(state.delays.firstMs(), state.options.delayMs()) <= nowMs) {
            state.visible = Math.max(state.visible, state.delays.firstEnd());
            state.delays.removeFirst();
            any = true;
        }
        return any;
    }

    /** Messages with a time of their own. False where some are left for the next run. */
    private boolean expireOwn(long nowMs) {
        while (state.expiring.firstMs() <= nowMs) {
            long offset = state.expiring.firstOffset();
            if (state.isUnsettled(offset) && !state.dead.contains(offset)) {
                if (state.inFlight.find(offset) >= 0) {
                    state.overdue.add(offset);
                } else if (left == 0) {
                    return false;
                } else {
                    left--;
                    expire(offset);
                }
                state.changed(offset);
            }
            state.expiring.removeFirst();
        }
        return true;
    }

    private void expire(long offset) {
        if (state.isPending(offset)) {
            state.takeOutForGood(offset);
        } else {
            state.bytes.takeUntouched();
            state.setApart(offset);
        }
        endings.die(offset, DeadReason.EXPIRED);
        state.skipAhead();
    }

    /** The queue's time to live. */
    private boolean expireByQueue(long nowMs) {
        while (plus(state.appended.firstMs(), state.options.messageTtlMs()) <= nowMs) {
            state.ttlEnd = Math.max(state.ttlEnd, state.appended.firstEnd());
            state.appended.removeFirst();
        }
        if (swept >= state.ttlEnd) {
            return true;
        }
        for (int lane = state.ready.highest(); lane >= 0; lane--) {
            if (!sweep(state.ready.set(lane))) {
                return false;
            }
        }
        // what was given back untouched with a delay is among those that became due, and is not exempt
        if (!sweep(state.due.members()) || !sweep(state.hidden.members())) {
            return false;
        }
        long upTo = Math.min(state.end, state.ttlEnd);
        left = endings.dieUntouched(upTo, DeadReason.EXPIRED, left);
        if (state.cursor < upTo) {
            return false;
        }
        swept = state.ttlEnd;
        return true;
    }

    private boolean sweep(OffsetSet set) {
        for (long offset = set.next(swept); offset >= 0 && offset < state.ttlEnd; offset = set.next(offset + 1)) {
            if (!state.exempt.contains(offset)) {
                if (left == 0) {
                    return false;
                }
                left--;
                state.takeOutForGood(offset);
                endings.die(offset, DeadReason.EXPIRED);
            }
        }
        return true;
    }

    /** So that what becomes due next may be handed out when it is. */
    private void askMark(long nowMs) {
        long first = Math.min(state.hidden.firstMs(), state.due.firstMs());
        if (first != Long.MAX_VALUE
                && !state.options.journaled()
                && first - MARK_LEAD_MS <= nowMs
                && first >= marks.asked(Marks.DUE)) {
            marks.dueAhead(Math.max(first, nowMs) + DUE_STRIDE_MS, nowMs);
        }
    }

    /** Forgets times of messages that are settled: all at once, when they may be half of them. */
    void sweepSettled() {
        if (state.expiring.entries() > sweepAt) {
            state.expiring.retain(state::isUnsettled);
            sweepAt = Math.max(4096, state.expiring.entries() * 2);
        }
        trim(state.appended);
    }

    /** Times of append are of no use below the first message that is not settled. */
    private void trim(OffsetLine line) {
        long floor = state.settledFloor();
        while (!line.isEmpty() && line.firstEnd() <= floor) {
            line.removeFirst();
        }
    }
}

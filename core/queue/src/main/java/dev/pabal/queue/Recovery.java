package dev.pabal.queue;

/** The steps from a checkpoint and a journal to a view that works. */
final class Recovery {
    private final ViewState state;
    private final Marks marks;
    private final JournalWriter journal;
    private final Endings endings;
    private final ViewEffects effects;
    private boolean restoring;
    private boolean recovering;
    private boolean suspicious;

    Recovery(ViewState state, Marks marks, JournalWriter journal, Endings endings, ViewEffects effects) {
        this.state = state;
        this.marks = marks;
        this.journal = journal;
        this.endings = endings;
        this.effects = effects;
    }

    /** A piece was taken in. */
    void restoring() {
        restoring = true;
    }

    /** All pieces were taken in. */
    void restored() {
        if (restoring) {
            restoring = false;
            state.restored();
        }
    }

    /** The journal was replayed. */
    void recovered(boolean cleanStop) {
        restored();
        recovering = true;
        suspicious = !cleanStop && !state.options.journaled();
    }

    boolean recovering() {
        return recovering;
    }

    /** The end of the log is known: what may have been handed out counts as handed out. */
    void finish(long nowMs) {
        if (!recovering) {
            return;
        }
        recovering = false;
        state.truncate();
        endings.releaseConnections(nowMs);
        state.expireOverdue();
        if (suspicious) {
            suspect();
        }
        if (state.bytes.exact()) {
            state.estimateBytes();
        }
        for (DeadReason reason : DeadReason.values()) {
            OffsetSet dead = state.dead.of(reason);
            for (long offset = dead.first(); offset >= 0; offset = dead.next(offset + 1)) {
                effects.dead(offset, reason, state.failed.of(offset));
            }
        }
    }

    private void suspect() {
        long mark = marks.durable(0);
        // in the order of the log with what came back before; what the queue's delay holds back stays untouched
        state.touchTo(Math.min(mark, state.visibleEnd()));
        state.suspectedTo = Math.max(state.suspectedTo, Math.min(mark, state.end));
        if (state.suspectedTo > state.cursor) {
            journal.suspected(state.suspectedTo);
        }
        for (int lane = state.ready.highest(); lane >= 0; lane--) {
            OffsetSet set = state.ready.set(lane);
            long stop = marks.durable(lane);
            for (long first = set.first(); first >= 0 && first < stop; ) {
                long last = Math.min(stop, set.nextAbsent(first));
                suspect(first, last);
                first = set.next(last);
            }
        }
        state.groups.forEachReady(mark, new OffsetSet(), offset -> suspect(offset, offset + 1));
        state.hidden.forEach((offset, timeMs) -> {
            int lane = state.priorities.of(offset);
            boolean mayHave = lane > 0 || state.groups.contains(offset)
                    ? offset < marks.durable(lane)
                    : timeMs < marks.durable(Marks.DUE);
            if (mayHave && state.acquired.of(offset) == 0) {
                count(offset, offset + 1);
                journal.parked(offset, state.acquired.of(offset), state.failed.of(offset), timeMs);
            }
        });
        state.due.forEach((offset, timeMs) -> suspect(offset, offset + 1));
    }

    /** They may have been handed out. That is journaled: after a stop in order nobody would suspect them again. */
    private void suspect(long from, long to) {
        count(from, to);
        for (long first = from; first < to; ) {
            boolean plain = state.failed.isZero(first, to) && state.acquired.isOne(first, to);
            long last = plain ? to : first + 1;
            journal.returned(first, last, state.acquired.of(first), state.failed.of(first));
            first = last;
        }
    }

    private void count(long from, long to) {
        state.acquired.increment(from, to);
        state.changed(from, to);
    }
}

package dev.pabal.queue;

/** Applies what the journal says to a state, which may have seen it already. */
final class Replay implements JournalItems {
    private final ViewState state;
    private final Marks marks;

    Replay(ViewState state, Marks marks) {
        this.state = state;
        this.marks = marks;
    }

    @Override
    public void settled(long from, long to) {
        state.settleRange(from, to);
    }

    @Override
    public void returned(long from, long to, int acquired, int failed) {
        state.claim(from, to);
        for (long offset = state.pending.next(from); offset >= 0 && offset < to; ) {
            if (!state.dead.contains(offset)) {
                state.changed(offset);
                state.takeOut(offset);
                counted(offset, acquired, failed);
                state.makeReady(offset);
            }
            offset = state.pending.next(offset + 1);
        }
    }

    @Override
    public void parked(long offset, int acquired, int failed, long dueAtMs) {
        state.claim(offset, offset + 1);
        if (state.isPending(offset) && !state.dead.contains(offset)) {
            state.changed(offset);
            state.takeOut(offset);
            counted(offset, acquired, failed);
            state.hide(offset, dueAtMs);
        }
    }

    private void counted(long offset, int acquired, int failed) {
        state.acquired.set(offset, acquired);
        state.failed.set(offset, failed);
        if (acquired == 0) {
            state.handed.forget(offset);
        }
    }

    @Override
    public void mark(int lane, long value) {
        marks.restore(lane, value);
    }

    @Override
    public void purged(long number, long upTo, long nowMs, OffsetSet kept) {
        if (number <= state.purges) {
            return;
        }
        state.purges = number;
        state.claim(state.cursor, upTo);
        state.mature(nowMs);
        state.settleReady(upTo, kept);
    }

    @Override
    public void dead(long from, long to, DeadReason reason) {
        state.claim(from, to);
        for (long offset = state.pending.next(from); offset >= 0 && offset < to; ) {
            state.changed(offset);
            state.takeOut(offset);
            state.dead.add(offset, reason);
            offset = state.pending.next(offset + 1);
        }
    }

    @Override
    public void indexed(IndexEntry entry) {
        IndexEntry.Dedup id = entry.dedup();
        long windowMs = state.options.dedupWindowMs();
        if (id != null && windowMs > 0 && entry.offset() >= state.idsTo) {
            state.idsTo = entry.offset() + 1;
            state.dedup.replay(id.high(), id.low(), entry.offset(), id.sentMs(), windowMs);
        }
        state.index(entry);
    }

    @Override
    public void indexedTo(long upTo) {
        state.indexedTo = Math.max(state.indexedTo, upTo);
    }

    @Override
    public void clean(long cursor) {
        state.touchTo(cursor);
    }

    @Override
    public void started(long offset) {
        state.startAt(offset);
    }

    @Override
    public void acquired(long from, long to, int firstGeneration, int holder, long deadlineMs, long nowMs) {
        state.claim(from, to);
        for (long offset = state.pending.next(from); offset >= 0 && offset < to; ) {
            state.changed(offset);
            int given = firstGeneration + (int) (offset - from);
            if (!state.dead.contains(offset)) {
                state.takeOut(offset);
                state.handed.note(offset, given, nowMs);
                state.fly(offset, given, state.priorities.of(offset), holder, deadlineMs);
            }
            offset = state.pending.next(offset + 1);
        }
        state.generation = Math.max(state.generation, firstGeneration + (int) (to - from) - 1);
    }

    @Override
    public void extended(long offset, int generation, long deadlineMs) {
        int slot = state.inFlight.find(offset);
        if (slot >= 0 && state.inFlight.generation(slot) == generation) {
            // the next checkpoint must hold it: the entry may be gone by then
            state.changed(offset);
            state.inFlight.deadline(slot, deadlineMs);
        }
    }

    @Override
    public void forgotten(long upTo) {
        state.dedup.forget(upTo);
    }

    @Override
    public void suspected(long upTo) {
        state.suspectedTo = Math.max(state.suspectedTo, upTo);
    }

    @Override
    public void appended(long end, long timeMs) {
        state.age(end, timeMs);
    }
}

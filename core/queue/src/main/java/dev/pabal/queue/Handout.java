package dev.pabal.queue;

import java.util.function.LongConsumer;

/**
 * Which message is next: the highest priority first; within it what came back, in the order of the log, then what became due, then what was never
 * touched. With groups: the groups in turn, then messages without one.
 */
final class Handout {
    private static final int DUE_STRIDE_MS = 5000;

    private final ViewState state;
    private final Marks marks;
    /** Size of the body of the message that was taken last, as far as it is known. */
    private int size;

    Handout(ViewState state, Marks marks) {
        this.state = state;
        this.marks = marks;
    }

    int size() {
        return size;
    }

    /** The offset that {@link #take} would take, -1 for none. */
    long next(long nowMs) {
        long grouped = nextGrouped();
        if (grouped >= 0) {
            return durable(0, grouped) ? grouped : -1;
        }
        int lane = state.ready.highest();
        if (lane >= 0) {
            long offset = state.ready.set(lane).first();
            return lane == 0 || durable(lane, offset) ? offset : -1;
        }
        if (state.due.size() > 0) {
            return durable(Marks.DUE, state.due.firstMs()) ? state.due.first() : -1;
        }
        long offset = state.ahead.isEmpty() ? state.cursor : state.ahead.nextAbsent(state.cursor);
        if (offset < state.visibleEnd()) {
            return durable(0, offset) ? offset : -1;
        }
        return state.hidden.firstMs() <= nowMs ? state.hidden.first() : -1;
    }

    /** The message of a group whose turn it is, -1 where it is that of one without, or nobody's. */
    private long nextGrouped() {
        Groups groups = state.groups;
        if (groups.isOrdered() || groups.size() == 0) {
            return groups.next();
        }
        long quiet = groups.nextQuiet(state.inFlight.size());
        long other = nextUngrouped();
        if (quiet >= 0 && (other < 0 || quiet < other)) {
            return quiet;
        }
        return other >= 0 ? -1 : groups.nextNoisy();
    }

    /** The next message without a group, or 0 where it has a priority: it comes first. -1 where there is none. */
    private long nextUngrouped() {
        int lane = state.ready.highest();
        if (lane >= 0) {
            return lane > 0 ? 0 : state.ready.set(0).first();
        }
        if (state.due.size() > 0) {
            return state.due.first();
        }
        long offset = state.ahead.isEmpty() ? state.cursor : state.ahead.nextAbsent(state.cursor);
        return offset < state.visibleEnd() ? offset : -1;
    }

    private boolean durable(int lane, long value) {
        return state.options.journaled() || value < marks.durable(lane);
    }

    /**
     * Asks for the mark of what is ready and not at the cursor. Nobody else would: after a recovery, or where a delay has passed, such a message
     * was not appended just now, and whoever asks {@link #next} learns that there is none.
     */
    void askMark(long nowMs) {
        long grouped = nextGrouped();
        if (grouped >= 0) {
            marks.ahead(0, grouped, nowMs);
        }
        int lane = state.ready.highest();
        if (lane > 0) {
            marks.ahead(lane, state.ready.set(lane).first(), nowMs);
        }
        long dueMs = state.due.firstMs();
        if (dueMs != Long.MAX_VALUE && dueMs >= marks.asked(Marks.DUE)) {
            marks.dueAhead(Math.max(dueMs, nowMs) + DUE_STRIDE_MS, nowMs);
        }
    }

    /** Takes the next message out of what is ready, without making it pending. False where there is none, or none may be handed out yet. */
    boolean take(long nowMs, Acquired out) {
        long offset = nextGrouped();
        if (offset >= 0) {
            return mayHandOut(0, offset, nowMs) && takeTouched(offset, 0, out);
        }
        int lane = state.ready.highest();
        if (lane >= 0) {
            offset = state.ready.set(lane).first();
            return (lane == 0 || mayHandOut(lane, offset, nowMs)) && takeTouched(offset, lane, out);
        }
        if (state.due.size() > 0) {
            long timeMs = state.due.firstMs();
            if (!state.options.journaled() && timeMs >= marks.durable(Marks.DUE)) {
                marks.dueAhead(Math.max(timeMs, nowMs) + DUE_STRIDE_MS, nowMs);
                return false;
            }
            return takeTouched(state.due.first(), 0, out);
        }
        state.skipAhead();
        offset = state.cursor;
        if (offset >= state.visibleEnd() || !mayHandOut(0, offset, nowMs)) {
            return false;
        }
        state.cursor = offset + 1;
        state.changed(offset);
        size = state.bytes.takeUntouched();
        out.offset = offset;
        out.redelivered = offset < state.suspectedTo;
        out.acquiredBefore = 0;
        if (out.redelivered) {
            out.acquiredBefore = 1;
            state.acquired.set(offset, 1);
        }
        out.failedDeliveries = 0;
        out.priority = 0;
        return true;
    }

    /** The message that {@link #takeOfGroup} would take after that one, -1 for none. */
    long nextOfGroup(long offset) {
        long next = state.groups.nextAfter(offset);
        return next >= 0 && durable(0, next) ? next : -1;
    }

    /** Takes the next message of the group of the one in {@code out}. */
    boolean takeOfGroup(long nowMs, Acquired out) {
        long offset = state.groups.nextAfter(out.offset);
        return offset >= 0 && mayHandOut(0, offset, nowMs) && takeTouched(offset, 0, out);
    }

    /** Takes the next message out of what is ready, to drop it. Makes it pending; -1 where there is none. */
    long takeToDrop() {
        long offset = nextGrouped();
        int lane = state.ready.highest();
        if (offset < 0 && lane >= 0) {
            offset = state.ready.set(lane).first();
        }
        if (offset < 0 && state.due.size() > 0) {
            offset = state.due.first();
        }
        if (offset >= 0) {
            unready(offset);
            return offset;
        }
        state.skipAhead();
        if (state.cursor >= state.visibleEnd()) {
            return -1;
        }
        offset = state.cursor++;
        state.bytes.takeUntouched();
        state.changed(offset);
        state.pending.add(offset);
        return offset;
    }

    private boolean takeTouched(long offset, int lane, Acquired out) {
        size = state.bytes.size(offset);
        unready(offset);
        out.offset = offset;
        out.acquiredBefore = state.acquired.of(offset);
        out.failedDeliveries = state.failed.of(offset);
        out.redelivered = out.acquiredBefore > 0;
        out.priority = lane;
        return true;
    }

    private void unready(long offset) {
        if (state.due.size() > 0 && state.due.first() == offset) {
            state.due.removeFirst();
            state.bytes.ceasedReady(offset);
        } else {
            state.unready(offset);
        }
    }

    private boolean mayHandOut(int lane, long offset, long nowMs) {
        if (state.options.journaled()) {
            return true;
        }
        marks.ahead(lane, offset, nowMs);
        return offset < marks.durable(lane);
    }

    /** Shows what is ready in the order of {@link #take}; grouped messages by groups as they stand, not in turn. */
    void peek(int limit, LongConsumer visitor) {
        Limited limited = new Limited(limit, visitor);
        if (state.groups.size() > 0) {
            state.groups.forEachReady(Long.MAX_VALUE, new OffsetSet(), limited);
        }
        for (int lane = state.ready.highest(); lane >= 0 && limited.left > 0; lane--) {
            OffsetSet set = state.ready.set(lane);
            for (long offset = set.first(); offset >= 0 && limited.left > 0; offset = set.next(offset + 1)) {
                limited.accept(offset);
            }
        }
        if (limited.left > 0 && state.due.size() > 0) {
            state.due.copy().drain(limited.left, limited);
        }
        long end = state.visibleEnd();
        for (long offset = state.ahead.nextAbsent(state.cursor); offset < end && limited.left > 0; ) {
            limited.accept(offset);
            offset = state.ahead.nextAbsent(offset + 1);
        }
    }

    /** Passes on so many only. */
    private static final class Limited implements LongConsumer {
        private final LongConsumer visitor;
        private int left;

        Limited(int limit, LongConsumer visitor) {
            this.visitor = visitor;
            this.left = limit;
        }

        @Override
        public void accept(long offset) {
            if (left > 0) {
                left--;
                visitor.accept(offset);
            }
        }
    }
}

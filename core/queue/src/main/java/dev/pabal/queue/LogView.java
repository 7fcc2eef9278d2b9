package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;

/** {@link QueueView} as a facade: {@link ViewState} holds what is known, this decides what happens, and journals it. */
final class LogView implements QueueView {
    private final ViewEffects effects;
    private final JournalWriter journal;
    private final Marks marks;
    private final ViewState state;
    private final ArrayDeque<IndexEntry> staged = new ArrayDeque<>();
    private final Checkpoint checkpoint;
    private final Replay replay;
    private boolean restoring;
    private boolean recovering;
    private boolean suspicious;
    /** Where the log ended when the view was recovered. */
    private long recoveryEnd;

    LogView(ViewOptions options, ViewEffects effects, long startOffset) {
        this.effects = effects;
        this.journal = new JournalWriter(effects);
        this.marks = new Marks(journal);
        this.state = new ViewState(options, startOffset);
        this.checkpoint = new Checkpoint(state, marks);
        this.replay = new Replay(state, marks);
    }

    @Override
    public void index(IndexEntry entry) {
        staged.add(entry);
    }

    @Override
    public void appended(long end, long bodyBytes, long appendedAtMs) {
        state.end = Math.max(state.end, end);
        finishRecovery();
        while (!staged.isEmpty() && staged.peek().offset() < state.end) {
            IndexEntry entry = staged.poll();
            if (entry.offset() >= state.indexedTo) {
                journal.indexed(entry);
                state.index(entry);
            }
        }
        state.indexedTo = Math.max(state.indexedTo, state.end);
        if (recovering) {
            return; // marks that are asked for now would count as those of the process before
        }
        askMarks(appendedAtMs);
        if (state.ready() > 0) {
            effects.ready();
        }
    }

    private void askMarks(long nowMs) {
        if (!state.options.journaled()) {
            marks.ahead(0, state.cursor, nowMs);
            int lane = state.ready.highest();
            if (lane > 0) {
                marks.ahead(lane, state.ready.set(lane).first(), nowMs);
            }
        }
    }

    @Override
    public void logStart(long startOffset, long nowMs) {
        if (startOffset > state.start) {
            journal.started(startOffset);
            state.startAt(startOffset);
            state.end = Math.max(state.end, startOffset);
        }
    }

    @Override
    public void configure(ViewOptions options, long nowMs) {
        state.options = options;
    }

    @Override
    public long nextReady(long nowMs) {
        int lane = state.ready.highest();
        if (lane >= 0) {
            return state.ready.set(lane).first();
        }
        long next = state.ahead.isEmpty() ? state.cursor : state.ahead.nextAbsent(state.cursor);
        return next < state.end && (state.options.journaled() || next < marks.durable(0)) ? next : -1;
    }

    @Override
    public boolean acquire(int holder, long deadlineMs, long nowMs, Acquired out) {
        if (!pick(nowMs, out)) {
            return false;
        }
        state.pending.add(out.offset);
        state.changed(out.offset);
        out.generation = ++state.generation;
        state.inFlight.add(out.offset, out.generation, holder, deadlineMs, out.priority);
        if (state.options.journaled()) {
            journal.acquired(out.offset, out.offset + 1, out.generation, holder, deadlineMs);
        }
        return true;
    }

    @Override
    public boolean take(long nowMs, Acquired out) {
        if (!pick(nowMs, out)) {
            return false;
        }
        out.generation = ++state.generation;
        journal.settled(out.offset, out.offset + 1);
        state.forget(out.offset);
        return true;
    }

    /** Takes the next message out of what is ready. */
    private boolean pick(long nowMs, Acquired out) {
        int lane = state.ready.highest();
        if (lane >= 0) {
            OffsetSet set = state.ready.set(lane);
            long offset = set.first();
            if (lane > 0 && !mayHandOut(lane, offset, nowMs)) {
                return false;
            }
            state.ready.remove(lane, offset);
            fill(out, offset, lane);
            return true;
        }
        state.skipAhead();
        long offset = state.cursor;
        if (offset >= state.end || !mayHandOut(0, offset, nowMs)) {
            return false;
        }
        state.cursor = offset + 1;
        out.offset = offset;
        out.acquiredBefore = 0;
        out.failedDeliveries = 0;
        out.redelivered = false;
        out.priority = 0;
        return true;
    }

    private boolean mayHandOut(int lane, long offset, long nowMs) {
        if (state.options.journaled()) {
            return true;
        }
        marks.ahead(lane, offset, nowMs);
        return offset < marks.durable(lane);
    }

    private void fill(Acquired out, long offset, int lane) {
        out.offset = offset;
        out.acquiredBefore = state.acquired.of(offset);
        out.failedDeliveries = state.failed.of(offset);
        out.redelivered = out.acquiredBefore > 0;
        out.priority = lane;
    }

    @Override
    public void bodySize(long offset, int bytes) {
        int slot = state.inFlight.find(offset);
        if (slot >= 0) {
            state.inFlight.bodySize(slot, bytes);
        }
    }

    @Override
    public boolean settle(long offset, int generation, long nowMs) {
        int slot = held(offset, generation);
        if (slot < 0) {
            return false;
        }
        state.inFlight.remove(slot);
        state.forget(offset);
        journal.settled(offset, offset + 1);
        return true;
    }

    private int held(long offset, int generation) {
        int slot = state.inFlight.find(offset);
        return slot >= 0 && state.inFlight.generation(slot) == generation ? slot : -1;
    }

    @Override
    public boolean giveBack(long offset, int generation, Return how, long dueAtMs, long nowMs) {
        int slot = held(offset, generation);
        if (slot < 0) {
            return false;
        }
        comeBack(slot, how);
        effects.ready();
        return true;
    }

    private void comeBack(int slot, Return how) {
        long offset = state.inFlight.offset(slot);
        int lane = state.inFlight.lane(slot);
        state.inFlight.remove(slot);
        int acquired = state.acquired.of(offset) + (how == Return.UNTOUCHED ? 0 : 1);
        int failed = state.failed.of(offset) + (how == Return.FAILED ? 1 : 0);
        if (how != Return.UNTOUCHED) {
            state.changed(offset);
            state.acquired.set(offset, acquired);
            state.failed.set(offset, failed);
        }
        int limit = state.options.deliveryLimit();
        if (how == Return.FAILED && limit >= 0 && failed > limit) {
            die(offset, DeadReason.DELIVERY_LIMIT);
            return;
        }
        if (how != Return.UNTOUCHED || state.options.journaled()) {
            journal.returned(offset, offset + 1, acquired, failed);
        }
        state.ready.add(lane, offset);
    }

    /** A pending message that is neither ready nor in flight dies. */
    private void die(long offset, DeadReason reason) {
        if (!state.options.deadLetters()) {
            journal.settled(offset, offset + 1);
            state.forget(offset);
            return;
        }
        journal.dead(offset, offset + 1, reason);
        state.changed(offset);
        state.dead.add(offset, reason);
        effects.dead(offset, reason, state.failed.of(offset));
    }

    @Override
    public boolean discard(long offset, int generation, DeadReason reason, long nowMs) {
        int slot = held(offset, generation);
        if (slot < 0) {
            return false;
        }
        state.inFlight.remove(slot);
        die(offset, reason);
        return true;
    }

    @Override
    public boolean extend(long offset, int generation, long deadlineMs, long nowMs) {
        int slot = held(offset, generation);
        if (slot < 0) {
            return false;
        }
        state.inFlight.deadline(slot, deadlineMs);
        if (state.options.journaled()) {
            journal.extended(offset, generation, deadlineMs);
        }
        return true;
    }

    @Override
    public int releaseHolder(int holder, Return how, long nowMs) {
        long[] held = state.inFlight.heldBy(holder);
        for (long offset : held) {
            comeBack(state.inFlight.find(offset), how);
        }
        state.inFlight.forget(holder);
        if (held.length > 0) {
            effects.ready();
        }
        return held.length;
    }

    @Override
    public void deadLettered(long offset, long nowMs) {
        if (state.dead.remove(offset)) {
            journal.settled(offset, offset + 1);
            state.forget(offset);
        }
    }

    @Override
    public long purge(long nowMs) {
        long purged = state.ready();
        if (purged == 0) {
            return 0;
        }
        OffsetSet kept = new OffsetSet();
        for (long offset : state.inFlight.offsets()) {
            kept.add(offset);
        }
        for (DeadReason reason : DeadReason.values()) {
            OffsetSet dead = state.dead.of(reason);
            for (long offset = dead.first(); offset >= 0; offset = dead.next(offset + 1)) {
                kept.add(offset);
            }
        }
        journal.purged(state.end, nowMs, kept);
        state.settleReady(state.end, kept);
        return purged;
    }

    @Override
    public void tick(long nowMs) {
        while (state.inFlight.nextDeadlineMs() <= nowMs) {
            int slot = state.inFlight.nextDeadlineSlot();
            effects.overdue(state.inFlight.holder(slot));
            comeBack(slot, Return.RELEASED);
            effects.ready();
        }
    }

    @Override
    public long nextDueMs() {
        return state.inFlight.nextDeadlineMs();
    }

    @Override
    public long deduplicate(IndexEntry.Dedup id, long offset, long nowMs) {
        return -1;
    }

    @Override
    public void peek(int limit, long nowMs, LongConsumer visitor) {
        int left = limit;
        for (int lane = state.ready.highest(); lane >= 0 && left > 0; lane--) {
            OffsetSet set = state.ready.set(lane);
            for (long offset = set.first(); offset >= 0 && left > 0; offset = set.next(offset + 1)) {
                visitor.accept(offset);
                left--;
            }
        }
        for (long offset = state.cursor; offset < state.end && left > 0; offset++) {
            offset = state.ahead.nextAbsent(offset);
            if (offset < state.end) {
                visitor.accept(offset);
                left--;
            }
        }
    }

    @Override
    public long ready() {
        return state.ready();
    }

    @Override
    public long inFlight() {
        return state.inFlight.size();
    }

    @Override
    public int inFlight(int holder) {
        return state.inFlight.heldBy(holder).length;
    }

    @Override
    public int failures(long offset) {
        return state.failed.of(offset);
    }

    @Override
    public boolean redelivered(long offset) {
        return state.acquired.of(offset) > 0;
    }

    @Override
    public long delayed() {
        return 0;
    }

    @Override
    public long readyBytes() {
        return 0;
    }

    @Override
    public long settledFloor() {
        return state.settledFloor();
    }

    @Override
    public void settledRanges(long from, long to, RangeVisitor visitor) {
        SettledRanges.show(state, from, to, visitor);
    }

    @Override
    public long retainedUntilMs(long offset) {
        return state.options.retainMs() < 0 ? Long.MAX_VALUE : 0;
    }

    @Override
    public void flush(long nowMs) {
        long number = journal.flush();
        if (marks.handedOver(number)) {
            effects.ready();
        }
    }

    @Override
    public void journalDurable(long number) {
        if (marks.journalDurable(number) && state.ready() > 0) {
            effects.ready();
        }
    }

    @Override
    public void checkpoint(PieceVisitor visitor) {
        flush(0);
        checkpoint.write(visitor);
    }

    @Override
    public void restore(int key, ByteBuffer piece) {
        checkpoint.restore(key, piece);
        restoring = true;
    }

    @Override
    public void replay(ByteBuffer entry) {
        finishRestore();
        JournalReader.read(entry, replay);
    }

    @Override
    public void recovered(boolean cleanStop, long end, long nowMs) {
        finishRestore();
        recovering = true;
        recoveryEnd = end;
        suspicious = !cleanStop;
        if (state.cursor == state.start && state.pending.isEmpty() && marks.durable(0) == 0) {
            askMarks(nowMs);
        }
    }

    private void finishRestore() {
        if (restoring) {
            restoring = false;
            state.restored();
        }
    }

    /** Counts as handed out what may have been: all below the marks. To be done when all that the log held is known. */
    private void finishRecovery() {
        if (!recovering || state.end < recoveryEnd) {
            return;
        }
        recovering = false;
        if (suspicious && !state.options.journaled()) {
            state.touchTo(Math.min(marks.durable(0), state.end));
            for (int lane = state.ready.highest(); lane >= 0; lane--) {
                OffsetSet set = state.ready.set(lane);
                long mark = marks.durable(lane);
                for (long offset = set.first(); offset >= 0 && offset < mark; offset = set.next(offset + 1)) {
                    state.acquired.set(offset, state.acquired.of(offset) + 1);
                }
            }
        }
        for (DeadReason reason : DeadReason.values()) {
            OffsetSet dead = state.dead.of(reason);
            for (long offset = dead.first(); offset >= 0; offset = dead.next(offset + 1)) {
                effects.dead(offset, reason, state.failed.of(offset));
            }
        }
    }

    @Override
    public long indexedTo() {
        return state.indexedTo;
    }

    @Override
    public void stop(long nowMs) {
        for (long offset : state.inFlight.offsets()) {
            comeBack(state.inFlight.find(offset), Return.RELEASED);
        }
        journal.clean(state.cursor);
        flush(nowMs);
    }
}

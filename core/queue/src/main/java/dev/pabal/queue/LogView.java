package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * {@link QueueView}, put together: {@link ViewState} holds what is known, {@link Handout} says what is next, {@link Endings} how messages leave,
 * {@link Expiry} and {@link Limits} what happens by itself.
 */
final class LogView implements QueueView {
    private static final int INDEXED_STRIDE = 65536;

    private final ViewEffects effects;
    private final JournalWriter journal;
    private final Marks marks;
    private final ViewState state;
    private final Handout handout;
    private final Endings endings;
    private final Expiry expiry;
    private final Limits limits;
    private final Checkpoint checkpoint;
    private final Replay replay;
    private final Recovery recovery;
    private final DueTimes dueTimes;
    /** Entries for records that are not covered yet. */
    private final ArrayDeque<IndexEntry> staged = new ArrayDeque<>(1);

    /** Messages came since the last flush: they may still be handed out although they may not wait. */
    private boolean fresh;

    private boolean endKnown;
    /** Where the log ended when the view was recovered; 0 = where the next step ends. */
    private long recoveryEnd;
    /** Wall time of the recovery. */
    private long recoveredMs;

    private long indexedToWritten;

    LogView(ViewOptions options, ViewEffects effects, long startOffset) {
        this.effects = effects;
        this.journal = new JournalWriter(effects);
        this.marks = new Marks(journal);
        this.state = new ViewState(options, startOffset);
        this.handout = new Handout(state, marks);
        this.endings = new Endings(state, journal, effects);
        this.expiry = new Expiry(state, endings, marks, effects);
        this.limits = new Limits(state, handout, endings);
        this.checkpoint = new Checkpoint(state, marks);
        this.replay = new Replay(state, marks);
        this.recovery = new Recovery(state, marks, journal, endings, effects);
        this.dueTimes = new DueTimes(state);
    }

    // ---- what the log says

    @Override
    public void index(IndexEntry entry) {
        staged.add(entry);
    }

    @Override
    public void appended(long end, long bodyBytes, long appendedAtMs) {
        endKnown = Math.max(end, state.end) >= recoveryEnd;
        if (end <= state.end) {
            return;
        }
        if (!fresh && !recovery.recovering()) {
            expiry.run(appendedAtMs);
        }
        long from = state.end;
        long counted = recovery.recovering() ? end - Math.max(from, state.indexedTo) : end - from;
        if (counted > 0 && (bodyBytes > 0 || bodyBytes == 0 && !recovery.recovering())) {
            state.bytes.appended(counted, bodyBytes, state.ready());
        }
        long known = Math.max(0, bodyBytes);
        state.end = end;
        if (end > state.agedTo && state.age(end, appendedAtMs)) {
            journal.appended(end, appendedAtMs);
        }
        long mean = known / (end - from);
        long apart = takeIndex(mean, appendedAtMs);
        state.bytes.addRange(end - from - apart, known - apart * mean);
        state.indexedTo = Math.max(state.indexedTo, end);
        fresh = true;
        if (endKnown && recoveryEnd > 0) {
            finishRecovery();
        }
        askMark(appendedAtMs);
        if (state.ready() > 0) {
            effects.ready();
        }
    }

    /** Takes in the entries of the records that came. Returns how many of these are not untouched any more. */
    private long takeIndex(long bodyBytes, long nowMs) {
        long apart = 0;
        while (!staged.isEmpty() && staged.peek().offset() < state.end) {
            IndexEntry entry = effective(staged.poll(), nowMs);
            if (entry.offset() < state.indexedTo) {
                continue;
            }
            // what a claim has let in before a crash has its place
            long limit = recovery.recovering() ? Long.MAX_VALUE : state.options.dedupLimit();
            long first = state.remember(entry, limit);
            if (first >= 0) {
                settleDuplicate(entry.offset());
                apart++;
                continue;
            }
            if (first == FULL) {
                entry = entry.with(null);
            }
            journal.indexed(entry);
            state.bytes.size(entry.offset(), (int) bodyBytes);
            state.index(entry);
            if (state.isUntouched(entry.offset())) {
                state.bytes.forget(entry.offset());
            } else {
                apart++;
                if (!state.options.journaled() && !recovery.recovering()) {
                    marks.ahead(state.priorities.of(entry.offset()), entry.offset(), nowMs);
                }
            }
        }
        return apart;
    }

    /** Its id was used before: it is as if it had been settled in the moment of its append. */
    private void settleDuplicate(long offset) {
        IndexEntry plain = new IndexEntry(offset, 0, Long.MAX_VALUE, 0, 0, null);
        journal.indexed(plain);
        state.index(plain);
        if (state.isUntouched(offset)) {
            state.setApart(offset);
        } else if (state.isPending(offset)) {
            state.takeOutForGood(offset);
        } else {
            return;
        }
        endings.settled(offset);
        state.skipAhead();
    }

    /** What the queue's own delay and time to live make of an entry that takes the message out of the common order. */
    private IndexEntry effective(IndexEntry wanted, long nowMs) {
        ViewOptions options = state.options;
        IndexEntry entry = wanted;
        IndexEntry.Dedup id = entry.dedup();
        if (id != null) {
            long sentMs = id.sentMs() == 0 ? nowMs : Math.min(id.sentMs(), nowMs);
            boolean counts = !recovery.recovering() || nowMs - sentMs < options.dedupWindowMs();
            entry = entry.with(counts ? new IndexEntry.Dedup(id.high(), id.low(), sentMs) : null);
        }
        boolean apart =
                state.lane(entry.priority()) > 0 || entry.dueAtMs() > 0 || options.grouping() && entry.group() != 0;
        if (!apart || options.delayMs() <= 0 && options.messageTtlMs() < 0) {
            return entry;
        }
        long dueAtMs = options.delayMs() > 0 ? Math.max(entry.dueAtMs(), nowMs + options.delayMs()) : entry.dueAtMs();
        long expiresAtMs = entry.expiresAtMs();
        if (options.messageTtlMs() >= 0 && (dueAtMs > 0 || options.grouping())) {
            expiresAtMs = Math.min(expiresAtMs, Math.max(dueAtMs, nowMs) + options.messageTtlMs());
        }
        return new IndexEntry(entry.offset(), entry.priority(), expiresAtMs, dueAtMs, entry.group(), entry.dedup());
    }

    private void askMark(long nowMs) {
        if (!state.options.journaled() && !recovery.recovering()) {
            marks.ahead(0, state.cursor, nowMs);
            handout.askMark(nowMs);
        }
    }

    @Override
    public void logStart(long startOffset, long nowMs) {
        if (startOffset > state.start) {
            state.end = Math.max(state.end, startOffset);
            journal.started(startOffset);
            state.startAt(startOffset);
        }
    }

    @Override
    public void configure(ViewOptions options, long nowMs) {
        ViewOptions before = state.options;
        state.options = options;
        if (before.delayMs() <= 0 && options.delayMs() > 0) {
            state.visible = state.end;
            state.agedTo = state.end;
        } else if (options.delayMs() <= 0) {
            state.delays.clear();
        }
        if (options.messageTtlMs() < 0) {
            state.appended.clear();
        }
        if (options.dedupWindowMs() <= 0) {
            state.dedup.clear();
        }
        state.groups.order(!options.fair());
        endings.delay(options.delayMs() - before.delayMs());
        state.bytes.makeExact(options.maxLengthBytes() >= 0, state.untouched() + state.held());
        fresh = true;
    }

    // ---- handing out

    /** Before anything is handed out. */
    private boolean begin(long nowMs) {
        finishRecovery();
        if (!fresh) {
            expiry.run(nowMs);
        }
        return !expiry.blocked() && !recovery.recovering();
    }

    private void finishRecovery() {
        if (recovery.recovering() && (endKnown || isNew())) {
            // what the queue's delay holds back no more may have been handed out, too; the order afterwards would
            // depend on the time of the last checkpoint otherwise
            expiry.delays(recoveredMs);
            recovery.finish(recoveredMs);
        }
    }

    private boolean isNew() {
        return state.cursor == state.start
                && state.indexedTo == state.start
                && state.pending.isEmpty()
                && state.ahead.isEmpty()
                && marks.lanes() == 0;
    }

    @Override
    public long nextReady(long nowMs) {
        finishRecovery();
        return expiry.blocked() || recovery.recovering() ? -1 : handout.next(nowMs);
    }

    @Override
    public boolean acquire(int holder, long deadlineMs, long nowMs, Acquired out) {
        if (!begin(nowMs) || !handout.take(nowMs, out)) {
            return false;
        }
        hold(holder, deadlineMs, nowMs, out);
        return true;
    }

    @Override
    public boolean acquireOfGroup(int holder, long deadlineMs, long nowMs, Acquired out) {
        if (!begin(nowMs) || !handout.takeOfGroup(nowMs, out)) {
            return false;
        }
        hold(holder, deadlineMs, nowMs, out);
        return true;
    }

    private void hold(int holder, long deadlineMs, long nowMs, Acquired out) {
        long offset = out.offset;
        out.generation = ++state.generation;
        state.pending.add(offset);
        state.changed(offset);
        int slot = state.fly(offset, out.generation, out.priority, holder, deadlineMs);
        state.inFlight.bodySize(slot, handout.size());
        endings.begin(out, holder, deadlineMs, nowMs);
    }

    @Override
    public long nextReadyOfGroup(long offset) {
        return expiry.blocked() || recovery.recovering() ? -1 : handout.nextOfGroup(offset);
    }

    @Override
    public boolean take(long nowMs, Acquired out) {
        if (!begin(nowMs) || !handout.take(nowMs, out)) {
            return false;
        }
        out.generation = ++state.generation;
        out.firstAcquiredMs = nowMs;
        endings.settled(out.offset);
        return true;
    }

    @Override
    public void bodySize(long offset, int bytes) {
        int slot = state.inFlight.find(offset);
        if (slot >= 0) {
            state.inFlight.bodySize(slot, bytes);
        }
    }

    // ---- settling and coming back

    @Override
    public boolean settle(long offset, int generation, long nowMs) {
        int slot = endings.held(offset, generation);
        if (slot < 0) {
            return false;
        }
        endings.settle(slot);
        return true;
    }

    @Override
    public Standing standing(long offset, int generation) {
        return endings.standing(offset, generation);
    }

    @Override
    public int receivedGeneration(long offset) {
        int slot = state.inFlight.find(offset);
        boolean received = slot >= 0 && state.inFlight.holder(slot) == RECEIVERS;
        return received ? state.inFlight.generation(slot) : -1;
    }

    @Override
    public Standing settleByReceipt(long offset, int generation, long nowMs) {
        return endings.settleByReceipt(offset, generation);
    }

    @Override
    public boolean giveBack(long offset, int generation, Return how, long dueAtMs, long nowMs) {
        int slot = endings.held(offset, generation);
        if (slot < 0) {
            return false;
        }
        endings.comeBack(slot, how, dueAtMs, nowMs);
        effects.ready();
        return true;
    }

    @Override
    public boolean discard(long offset, int generation, DeadReason reason, long nowMs) {
        int slot = endings.held(offset, generation);
        if (slot < 0) {
            return false;
        }
        endings.discard(slot, reason);
        return true;
    }

    @Override
    public boolean extend(long offset, int generation, long deadlineMs, long nowMs) {
        int slot = endings.held(offset, generation);
        if (slot < 0) {
            return false;
        }
        state.inFlight.deadline(slot, deadlineMs);
        if (state.options.journaled()) {
            state.changed(offset);
            journal.extended(offset, generation, deadlineMs);
        }
        return true;
    }

    @Override
    public int releaseHolder(int holder, Return how, long nowMs) {
        long[] held = state.inFlight.heldBy(holder);
        for (long offset : held) {
            endings.comeBack(state.inFlight.find(offset), how, 0, nowMs);
        }
        state.inFlight.forget(holder);
        if (held.length > 0) {
            effects.ready();
        }
        return held.length;
    }

    @Override
    public void deadLettered(long offset, long nowMs) {
        endings.deadLettered(offset);
    }

    @Override
    public long nextDead(long from) {
        return state.dead.next(from);
    }

    @Override
    public @Nullable DeadReason deadReason(long offset) {
        return state.dead.reason(offset);
    }

    // ---- the whole queue

    @Override
    public long purge(long nowMs) {
        begin(nowMs);
        // as the replay will, also where the turn has not ended
        state.mature(nowMs);
        return endings.purge(nowMs);
    }

    @Override
    public long clear(long nowMs) {
        begin(nowMs);
        return endings.clear();
    }

    @Override
    public void cleared(long upTo) {
        state.dedup.forget(upTo);
    }

    @Override
    public void tick(long nowMs) {
        finishRecovery();
        if (recovery.recovering()) {
            return;
        }
        if (expiry.run(nowMs)) {
            effects.ready();
        }
        state.dedup.expireChunk(nowMs, state.options.dedupWindowMs());
    }

    @Override
    public long nextDueMs() {
        return recovery.recovering() ? Long.MAX_VALUE : expiry.nextDueMs();
    }

    @Override
    public long claim(IndexEntry.Dedup id, long nowMs) {
        ViewOptions options = state.options;
        return options.dedupWindowMs() <= 0
                ? NEW
                : state.dedup.claim(id.high(), id.low(), nowMs, options.dedupWindowMs(), options.dedupLimit());
    }

    @Override
    public void unclaim(IndexEntry.Dedup id) {
        state.dedup.unclaim(id.high(), id.low());
    }

    @Override
    public long duplicateOf(IndexEntry.Dedup id, long nowMs) {
        long windowMs = state.options.dedupWindowMs();
        return windowMs <= 0 ? NEW : state.dedup.find(id.high(), id.low(), nowMs, windowMs);
    }

    @Override
    public void peek(int limit, long nowMs, LongConsumer visitor) {
        begin(nowMs);
        handout.peek(limit, visitor);
    }

    @Override
    public DueTimes dueTimes() {
        return dueTimes;
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
        return state.acquired.of(offset) > 0 || state.isUntouched(offset) && offset < state.suspectedTo;
    }

    @Override
    public long delayed() {
        return state.hidden.size() + state.held();
    }

    @Override
    public long readyBytes() {
        return state.readyBytes();
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
        long retainMs = state.options.retainMs();
        if (retainMs < 0) {
            return Long.MAX_VALUE;
        }
        return retainMs == 0 ? 0 : state.retained.settledMs(offset) + retainMs;
    }

    // ---- durability

    @Override
    public void flush(long nowMs) {
        finishRecovery();
        if (recovery.recovering()) {
            return;
        }
        if (fresh) {
            fresh = false;
            if (expiry.run(nowMs)) {
                effects.ready();
            }
        }
        if (limits.enforce()) {
            effects.ready();
        }
        expiry.sweepSettled();
        if (state.options.retainMs() > 0) {
            state.retained.settled(state.settledFloor(), nowMs, state.options.retainMs());
        }
        if (state.indexedTo - indexedToWritten >= INDEXED_STRIDE) {
            indexedToWritten = state.indexedTo;
            journal.indexedTo(state.indexedTo);
        }
        askMark(nowMs);
        if (marks.handedOver(journal.flush())) {
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
    public boolean awaitsMark() {
        return marks.underWay();
    }

    @Override
    public void checkpoint(PieceVisitor visitor) {
        if (marks.handedOver(journal.flush())) {
            effects.ready();
        }
        checkpoint.write(visitor);
    }

    @Override
    public void restore(int key, ByteBuffer piece) {
        checkpoint.restore(key, piece);
        recovery.restoring();
    }

    @Override
    public void replay(ByteBuffer entry) {
        recovery.restored();
        JournalReader.read(entry, replay);
    }

    @Override
    public void recovered(boolean cleanStop, long end, long nowMs) {
        recoveryEnd = end;
        recoveredMs = nowMs;
        recovery.recovered(cleanStop);
        indexedToWritten = state.indexedTo;
    }

    @Override
    public long indexedTo() {
        return state.indexedTo;
    }

    @Override
    public void stop(long nowMs) {
        finishRecovery();
        if (recovery.recovering()) {
            return;
        }
        if (!state.options.journaled()) {
            for (long offset : state.inFlight.offsets()) {
                endings.comeBack(state.inFlight.find(offset), Return.RELEASED, 0, nowMs);
            }
        } else {
            endings.releaseConnections(nowMs);
        }
        journal.clean(state.cursor);
        flush(nowMs);
    }
}

package dev.pabal.queue;

/**
 * What a view knows, and the elementary changes to it, the same whether they happen or are replayed. Nothing here writes the journal.
 *
 * <p>Every offset below {@link #end} is in exactly one of these states:
 *
 * <pre>
 *   untouched   at or above the cursor and not in {@code ahead}: nothing is stored about it; ready
 *   pending     in {@code pending}: ready in a lane, in flight, hidden until due, or dead
 *   settled     all others
 * </pre>
 *
 * {@code ahead} holds the offsets at or above the cursor that are not untouched any more, so that the cursor passes over them: messages with a
 * priority or a due time, and what was settled out of the order.
 */
final class ViewState {
    ViewOptions options;
    long start;
    long cursor;
    long end;
    long indexedTo;
    /** Ids of messages below it are known, also where the log does not hold these any more. */
    long idsTo;

    int generation;

    final OffsetSet pending = new OffsetSet();
    final OffsetSet ahead = new OffsetSet();
    final ReadyLanes ready = new ReadyLanes();
    final InFlightTable inFlight = new InFlightTable();
    final Counts acquired = new Counts();
    final Counts failed = new Counts();
    final Counts priorities = new Counts();
    final DeadTable dead = new DeadTable();
    final BodyBytes bytes = new BodyBytes();
    final Groups groups = new Groups();
    final HandedTable handed = new HandedTable();
    final DedupWindow dedup = new DedupWindow();
    final RetainTimes retained = new RetainTimes();

    /** May not be handed out before a time each. */
    final TimedSet hidden = new TimedSet();
    /** Were hidden by their publisher and are ready, in the order in which they became due. */
    final TimedSet due = new TimedSet();
    /** When messages expire that have a time of their own; also settled ones, until they are swept. */
    final TimeIndex expiring = new TimeIndex();
    /** In flight, and expired meanwhile. */
    final OffsetSet overdue = new OffsetSet();
    /** Were hidden by their publisher: the queue's time to live does not count from their append. */
    final OffsetSet exempt = new OffsetSet();
    /** Hidden, and their groups wait for them. */
    private final OffsetSet holding = new OffsetSet();
    /** When messages were appended, for the queue's time to live. */
    final OffsetLine appended = new OffsetLine();
    /** The same for the queue's delay. */
    final OffsetLine delays = new OffsetLine();
    /** Untouched messages below it may have been handed out before a crash. */
    long suspectedTo;
    /** How often the queue was purged. */
    long purges;
    /** The age of all below is known, as far as it matters. */
    long agedTo;
    /** The queue's delay has passed for all below. */
    long visible;
    /** The queue's time to live has passed for all below. */
    long ttlEnd;

    ViewState(ViewOptions options, long start) {
        this.options = options;
        this.start = start;
        this.cursor = start;
        this.end = start;
        this.indexedTo = start;
        this.visible = start;
        this.agedTo = start;
        this.bytes.makeExact(options.maxLengthBytes() >= 0, 0);
        this.groups.order(!options.fair());
    }

    /** Blocks whose piece of the checkpoint is out of date. */
    private final OffsetSet changedBlocks = new OffsetSet();

    private long lastChanged = -1;

    OffsetSet changedBlocks() {
        return changedBlocks;
    }

    void unchanged() {
        changedBlocks.clear();
        lastChanged = -1;
    }

    void changed(long offset) {
        long block = offset >>> Container.BITS;
        if (block != lastChanged) {
            lastChanged = block;
            changedBlocks.add(block);
        }
    }

    /** @param to exclusive */
    void changed(long from, long to) {
        if (to > from) {
            changedBlocks.addRange(from >>> Container.BITS, (to - 1 >>> Container.BITS) + 1);
        }
    }

    /** Untouched messages that are ready. */
    long untouched() {
        long stop = visibleEnd();
        if (stop <= cursor) {
            return 0;
        }
        return stop - cursor - (stop == end ? ahead.size() : ahead.count(cursor, stop));
    }

    /** Untouched messages that the queue's delay holds back. */
    long held() {
        long stop = Math.max(cursor, visibleEnd());
        return stop >= end ? 0 : end - stop - ahead.count(stop, end);
    }

    /** Untouched messages below it may be handed out. */
    long visibleEnd() {
        return options.delayMs() > 0 ? Math.min(visible, end) : end;
    }

    long ready() {
        return untouched() + ready.size() + due.size() + groups.size();
    }

    long readyBytes() {
        return bytes.ready(ready(), untouched(), held());
    }

    boolean isPending(long offset) {
        return pending.contains(offset);
    }

    /** Whether nothing is stored about the offset, and it is ready. */
    boolean isUntouched(long offset) {
        return offset >= cursor && !ahead.contains(offset);
    }

    /** Moves the cursor over untouched messages that are settled. */
    void passTo(long to) {
        changed(cursor, to);
        cursor = to;
    }

    /** Moves the cursor over what was dealt with before its turn. */
    void skipAhead() {
        if (!ahead.isEmpty()) {
            long next = ahead.nextAbsent(cursor);
            if (next > cursor) {
                ahead.removeRange(cursor, next);
                changed(cursor, next);
                cursor = next;
            }
        }
    }

    /** Makes a range pending and ready as far as it is untouched. */
    void claim(long from, long to) {
        for (long first = Math.max(from, cursor); first < to; ) {
            long taken = ahead.next(first);
            long last = taken < 0 ? to : Math.min(to, taken);
            if (last > first) {
                changed(first, last);
                ahead.addRange(first, last);
                pending.addRange(first, last);
                if (first < suspectedTo) {
                    acquired.increment(first, Math.min(last, suspectedTo));
                }
                ready.addRange(0, first, last);
                for (long offset = first; bytes.exact() && offset < last; offset++) {
                    bytes.size(offset, bytes.takeUntouched());
                    bytes.becameReady(offset);
                }
            }
            first = ahead.nextAbsent(last);
        }
        skipAhead();
    }

    /** Puts the cursor at least to {@code to}: what was untouched below it is pending and ready. */
    void touchTo(long to) {
        if (to > cursor) {
            claim(cursor, to);
            skipAhead();
        }
    }

    /** Out of the ordinary, for the first time: no longer untouched. */
    void setApart(long offset) {
        changed(offset);
        if (offset >= cursor) {
            ahead.add(offset);
        }
        pending.add(offset);
    }

    /** Puts a pending message among those that are ready. */
    void makeReady(long offset) {
        if (groups.contains(offset)) {
            groups.add(offset);
        } else {
            ready.add(priorities.of(offset), offset);
        }
        bytes.becameReady(offset);
    }

    /** Takes a message from among those that are ready and not untouched; whether it was there. */
    boolean unready(long offset) {
        boolean was = groups.contains(offset)
                ? groups.remove(offset)
                : due.remove(offset) || ready.remove(priorities.of(offset), offset);
        if (was) {
            bytes.ceasedReady(offset);
        }
        return was;
    }

    /** Hides a pending message. One that was in somebody's hands keeps its group waiting. */
    void hide(long offset, long dueAtMs) {
        hidden.add(offset, dueAtMs);
        holdGroup(offset);
    }

    private void holdGroup(long offset) {
        if (groups.isOrdered() && groups.contains(offset) && acquired.of(offset) > 0 && holding.add(offset)) {
            groups.held(offset);
        }
    }

    /** A hidden message is hidden no more. */
    private void unhide(long offset) {
        if (holding.remove(offset)) {
            groups.released(offset);
        }
    }

    /** Makes ready what was hidden until now; whether there was any. */
    boolean mature(long nowMs) {
        boolean any = false;
        while (hidden.firstMs() <= nowMs) {
            long timeMs = hidden.firstMs();
            long offset = hidden.first();
            hidden.removeFirst();
            unhide(offset);
            if (acquired.of(offset) > 0 || groups.contains(offset) || priorities.of(offset) > 0) {
                makeReady(offset);
            } else {
                due.add(offset, timeMs);
                bytes.becameReady(offset);
            }
            changed(offset);
            any = true;
        }
        return any;
    }

    /** Whatever a pending message was, it is nothing now: neither ready nor in flight nor hidden nor dead. It stays pending. */
    void takeOut(long offset) {
        int slot = inFlight.find(offset);
        if (slot >= 0) {
            land(slot);
        } else if (hidden.remove(offset)) {
            unhide(offset);
        } else if (!unready(offset)) {
            dead.remove(offset);
        }
    }

    /** As {@link #takeOut}, of one that never comes back to where it was: at once, wherever it waits. */
    void takeOutForGood(long offset) {
        if (hidden.contains(offset)) {
            hidden.abandon(offset);
            unhide(offset);
        } else if (due.contains(offset)) {
            due.abandon(offset);
            bytes.ceasedReady(offset);
        } else {
            takeOut(offset);
        }
    }

    /** Takes a message out of flight. */
    void land(int slot) {
        long offset = inFlight.offset(slot);
        inFlight.remove(slot);
        if (groups.contains(offset)) {
            groups.released(offset);
        }
    }

    /** A pending message that is in no other state is in flight. Returns its slot. */
    int fly(long offset, int given, int lane, int holder, long deadlineMs) {
        if (groups.contains(offset)) {
            groups.held(offset);
        }
        return inFlight.add(offset, given, holder, deadlineMs, lane);
    }

    /** Forgets a pending message that is in no other state any more: it is settled. */
    void forget(long offset) {
        changed(offset);
        pending.remove(offset);
        acquired.clear(offset);
        failed.clear(offset);
        priorities.clear(offset);
        overdue.remove(offset);
        exempt.remove(offset);
        groups.forget(offset);
        handed.forget(offset);
        bytes.forget(offset);
    }

    /** Settles a range, whatever state its messages are in. */
    void settleRange(long from, long to) {
        changed(from, to);
        if (to > cursor) {
            long first = Math.max(from, cursor);
            bytes.takeUntouched(to - first - ahead.count(first, to));
            ahead.addRange(first, to);
        }
        if (to >= Math.max(cursor, pending.previous(Long.MAX_VALUE) + 1) && from <= settledFloor()) {
            forgetAll();
            skipAhead();
            return;
        }
        boolean plain = inFlight.size() == 0 && dead.size() == 0 && hidden.size() == 0 && due.size() == 0;
        if (plain && groups.size() == 0 && !bytes.exact()) {
            ready.removeRange(from, to);
            forgetRange(from, to);
        } else {
            for (long offset = pending.next(from); offset >= 0 && offset < to; offset = pending.next(offset + 1)) {
                takeOutForGood(offset);
                forget(offset);
            }
        }
        skipAhead();
    }

    /** Nothing is pending any more. */
    private void forgetAll() {
        pending.clear();
        ready.clear();
        inFlight.clear();
        acquired.clear();
        failed.clear();
        priorities.clear();
        dead.clear();
        groups.clear();
        handed.clear();
        hidden.clear();
        due.clear();
        overdue.clear();
        exempt.clear();
        holding.clear();
        bytes.clearPending();
    }

    private void forgetRange(long from, long to) {
        changed(from, to);
        pending.removeRange(from, to);
        acquired.clear(from, to);
        failed.clear(from, to);
        priorities.clear(from, to);
        overdue.removeRange(from, to);
        exempt.removeRange(from, to);
        handed.forget(from, to);
    }

    /** Settles all that is ready below {@code upTo} and not in {@code kept}. */
    void settleReady(long upTo, OffsetSet kept) {
        for (long offset = kept.first(); offset >= 0 && due.size() > 0; offset = kept.next(offset + 1)) {
            if (due.remove(offset)) {
                ready.add(0, offset);
            }
        }
        for (int lane = ready.highest(); lane >= 0; lane--) {
            settleReady(ready.set(lane), lane, upTo, kept);
        }
        settleReady(due.members(), -1, upTo, kept);
        groups.forEachReady(upTo, kept, offset -> {
            groups.remove(offset);
            bytes.ceasedReady(offset);
            forget(offset);
        });
        if (upTo > cursor) {
            changed(cursor, upTo);
            ahead.removeRange(cursor, upTo);
            cursor = upTo;
            skipAhead();
            bytes.clearUntouched();
        }
    }

    private void settleReady(OffsetSet set, int lane, long upTo, OffsetSet kept) {
        for (long first = set.first(); first >= 0 && first < upTo; ) {
            long stop = kept.next(first);
            long last = Math.min(upTo, set.nextAbsent(first));
            last = stop < 0 ? last : Math.min(last, stop);
            if (last > first) {
                for (long offset = first; bytes.exact() && offset < last; offset++) {
                    bytes.ceasedReady(offset);
                    bytes.forget(offset);
                }
                if (lane >= 0) {
                    ready.removeRange(lane, first, last);
                } else {
                    due.removeRange(first, last);
                }
                forgetRange(first, last);
            }
            first = set.next(kept.nextAbsent(last));
        }
    }

    /** Takes in what is out of the ordinary about a message. */
    void index(IndexEntry entry) {
        long offset = entry.offset();
        if (offset < indexedTo) {
            return;
        }
        indexedTo = offset + 1;
        if (!isUntouched(offset)) {
            return;
        }
        boolean grouped = options.grouping() && entry.group() != 0;
        int lane = grouped ? 0 : lane(entry.priority());
        if (entry.expiresAtMs() < TimeIndex.MAX_MS) {
            expiring.add(offset, entry.expiresAtMs());
            changed(offset);
        }
        if (lane == 0 && !grouped && entry.dueAtMs() <= 0) {
            return;
        }
        setApart(offset);
        priorities.set(offset, lane);
        if (grouped) {
            groups.join(offset, entry.group());
        }
        if (entry.dueAtMs() > 0) {
            exempt.add(offset);
            hide(offset, entry.dueAtMs());
        } else {
            makeReady(offset);
        }
    }

    /** Remembers an entry's id, where there is one: answers as {@link DedupWindow#remember}. */
    long remember(IndexEntry entry, long limit) {
        IndexEntry.Dedup id = entry.dedup();
        return id == null || options.dedupWindowMs() <= 0
                ? DedupWindow.ABSENT
                : dedup.remember(id.high(), id.low(), entry.offset(), id.sentMs(), options.dedupWindowMs(), limit);
    }

    /** Notes when messages were appended, as far as that matters; whether it does. */
    boolean age(long to, long timeMs) {
        boolean matters = options.messageTtlMs() >= 0 || options.delayMs() > 0;
        if (options.messageTtlMs() >= 0) {
            appended.add(agedTo, to, timeMs);
        }
        if (options.delayMs() > 0) {
            delays.add(agedTo, to, timeMs);
        }
        agedTo = Math.max(agedTo, to);
        return matters;
    }

    /** The lane of a priority. */
    int lane(int priority) {
        return Math.max(0, Math.min(priority, Math.min(options.maxPriority(), 255)));
    }

    /** Whether a message that comes back has expired meanwhile. */
    boolean isExpired(long offset) {
        return overdue.contains(offset) || offset < ttlEnd && !exempt.contains(offset);
    }

    /** Whether an entry of {@link #expiring} still matters. */
    boolean isUnsettled(long offset) {
        return pending.contains(offset) || isUntouched(offset);
    }

    /** The pieces of a checkpoint were taken in: what is newer in a block than in the head counts. */
    void restored() {
        appended.complete();
        delays.complete();
        dedup.complete();
        ahead.removeRange(0, cursor);
        for (long first = pending.next(cursor); first >= 0; ) {
            long last = pending.nextAbsent(first);
            ahead.addRange(first, last);
            first = pending.next(last);
        }
        skipAhead();
    }

    /** The log ends before something that is known: it lost records that were never durable. */
    void truncate() {
        indexedTo = Math.min(indexedTo, end);
        // what is appended there from now on has a time of its own
        agedTo = Math.min(agedTo, end);
        visible = Math.min(visible, end);
        ttlEnd = Math.min(ttlEnd, end);
        appended.cut(end);
        delays.cut(end);
        suspectedTo = Math.min(suspectedTo, end);
        expiring.removeFrom(end);
        if (cursor <= end && pending.previous(Long.MAX_VALUE) < end && ahead.previous(Long.MAX_VALUE) < end) {
            return;
        }
        settleRange(
                end, Math.max(cursor, Math.max(pending.previous(Long.MAX_VALUE), ahead.previous(Long.MAX_VALUE)) + 1));
        cursor = Math.min(cursor, end);
        ahead.removeRange(end, Long.MAX_VALUE);
        // their offsets will be used again
        hidden.forgetFrom(end);
        due.forgetFrom(end);
    }

    /** What expired while it was in flight, before a restart, and is in flight no more: it expires as soon as others do. */
    void expireOverdue() {
        for (long offset = overdue.first(); offset >= 0; offset = overdue.next(offset + 1)) {
            if (inFlight.find(offset) < 0) {
                expiring.add(offset, 0);
                overdue.remove(offset);
                changed(offset);
            }
        }
    }

    /** Sizes of what waited before a restart are not known one by one: all count with the mean. */
    void estimateBytes() {
        long mean = bytes.mean();
        for (long offset = pending.first(); offset >= 0; offset = pending.next(offset + 1)) {
            boolean counted = !hidden.contains(offset) && !dead.contains(offset) && inFlight.find(offset) < 0;
            if (counted) {
                bytes.ceasedReady(offset);
            }
            bytes.size(offset, (int) mean);
            if (counted) {
                bytes.becameReady(offset);
            }
        }
        bytes.clearUntouched();
        bytes.addRange(untouched() + held(), mean * (untouched() + held()));
    }

    /** Puts all into their lanes that are pending in a block and nothing else. */
    void makeBlockReady(long block) {
        long end = block + 1 << Container.BITS;
        for (long offset = pending.next(block << Container.BITS); offset >= 0 && offset < end; ) {
            if (hidden.contains(offset)) {
                holdGroup(offset);
            } else if (inFlight.find(offset) < 0 && !dead.contains(offset)) {
                makeReady(offset);
            }
            offset = pending.next(offset + 1);
        }
    }

    /** All below are gone. */
    void startAt(long offset) {
        if (offset > start) {
            start = offset;
            settleRange(settledFloor(), offset);
            cursor = Math.max(cursor, offset);
            ahead.removeRange(0, cursor);
            skipAhead();
        }
    }

    long settledFloor() {
        long first = pending.first();
        return first < 0 ? cursor : Math.min(first, cursor);
    }
}

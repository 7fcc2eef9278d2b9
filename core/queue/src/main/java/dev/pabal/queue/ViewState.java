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
    int generation;

    final OffsetSet pending = new OffsetSet();
    final OffsetSet ahead = new OffsetSet();
    final ReadyLanes ready = new ReadyLanes();
    final InFlightTable inFlight = new InFlightTable();
    final Counts acquired = new Counts();
    final Counts failed = new Counts();
    final Counts priorities = new Counts();
    final DeadTable dead = new DeadTable();

    ViewState(ViewOptions options, long start) {
        this.options = options;
        this.start = start;
        this.cursor = start;
        this.end = start;
        this.indexedTo = start;
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
    private void changed(long from, long to) {
        if (to > from) {
            changedBlocks.addRange(from >>> Container.BITS, (to - 1 >>> Container.BITS) + 1);
        }
    }

    /** Untouched messages. */
    long untouched() {
        return Math.max(0, end - cursor - ahead.size());
    }

    long ready() {
        return untouched() + ready.size();
    }

    boolean isPending(long offset) {
        return pending.contains(offset);
    }

    /** Whether nothing is stored about the offset, and it is ready. */
    boolean isUntouched(long offset) {
        return offset >= cursor && !ahead.contains(offset);
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
                ready.addRange(0, first, last);
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

    /** Whatever a pending message was, it is nothing now: neither ready nor in flight nor dead. It stays pending. */
    void takeOut(long offset) {
        int slot = inFlight.find(offset);
        if (slot >= 0) {
            inFlight.remove(slot);
        } else if (!ready.remove(priorities.of(offset), offset)) {
            dead.remove(offset);
        }
    }

    /** Forgets a pending message that is not ready any more: it is settled. */
    void forget(long offset) {
        changed(offset);
        pending.remove(offset);
        acquired.clear(offset);
        failed.clear(offset);
        priorities.clear(offset);
    }

    /** Settles a range, whatever state its messages are in. */
    void settleRange(long from, long to) {
        changed(from, to);
        if (to > cursor) {
            ahead.addRange(Math.max(from, cursor), to);
        }
        ready.removeRange(from, to);
        for (long offset = pending.next(from); offset >= 0 && offset < to; offset = pending.next(offset + 1)) {
            int slot = inFlight.find(offset);
            if (slot >= 0) {
                inFlight.remove(slot);
            } else {
                dead.remove(offset);
            }
        }
        pending.removeRange(from, to);
        acquired.clear(from, to);
        failed.clear(from, to);
        priorities.clear(from, to);
        skipAhead();
    }

    /** Settles all that is ready below {@code upTo} and not in {@code kept}. */
    void settleReady(long upTo, OffsetSet kept) {
        for (int lane = ready.highest(); lane >= 0; lane--) {
            OffsetSet set = ready.set(lane);
            for (long first = set.first(); first >= 0 && first < upTo; ) {
                long last = Math.min(upTo, set.nextAbsent(first));
                settleReady(lane, first, last, kept);
                first = set.next(last);
            }
        }
        settleUntouched(upTo);
    }

    private void settleReady(int lane, long from, long to, OffsetSet kept) {
        for (long first = from; first < to; ) {
            long stop = kept.next(first);
            long last = stop < 0 ? to : Math.min(to, stop);
            if (last > first) {
                changed(first, last);
                ready.removeRange(lane, first, last);
                pending.removeRange(first, last);
                acquired.clear(first, last);
                failed.clear(first, last);
                priorities.clear(first, last);
            }
            first = kept.nextAbsent(last);
        }
    }

    private void settleUntouched(long upTo) {
        if (upTo > cursor) {
            changed(cursor, upTo);
            ahead.removeRange(cursor, upTo);
            cursor = upTo;
            skipAhead();
        }
    }

    /** A message with a priority, a due time or the like. */
    void index(IndexEntry entry) {
        long offset = entry.offset();
        if (offset < indexedTo) {
            return;
        }
        indexedTo = offset + 1;
        int lane = Math.min(entry.priority(), Math.min(options.maxPriority(), 255));
        if (lane > 0 && isUntouched(offset)) {
            setApart(offset);
            priorities.set(offset, lane);
            ready.add(lane, offset);
        }
    }

    /** The pieces of a checkpoint were taken in: what is newer in a block than in the head counts. */
    void restored() {
        ahead.removeRange(0, cursor);
        for (long first = pending.next(cursor); first >= 0; ) {
            long last = pending.nextAbsent(first);
            ahead.addRange(first, last);
            first = pending.next(last);
        }
        skipAhead();
    }

    /** Puts all into their lanes that are pending in a block and nothing else. */
    void makeReady(long block) {
        long end = block + 1 << Container.BITS;
        for (long offset = pending.next(block << Container.BITS); offset >= 0 && offset < end; ) {
            if (inFlight.find(offset) < 0 && !dead.contains(offset)) {
                ready.add(priorities.of(offset), offset);
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

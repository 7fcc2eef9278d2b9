package dev.pabal.queue;

import org.jspecify.annotations.Nullable;

/**
 * Gathers what a view does in one turn into one entry. Neighbours are merged: a thousand acknowledgements in a row are one item. Without
 * allocation.
 */
final class JournalWriter implements JournalItems {
    private static final int VERSION = 1;
    private static final int KEPT_BYTES = 256;
    private static final int MAX_BYTES = 64 * 1024;

    private final ViewEffects effects;
    private final Bytes out = new Bytes(32);

    /** The item that may still grow: its code, 0 = none. */
    private int open;

    private long from;
    private long to;
    private long first;
    private long second;
    private long third;
    private long fourth;

    JournalWriter(ViewEffects effects) {
        this.effects = effects;
        out.put(VERSION);
    }

    /** Whether there is anything to {@link #flush}. */
    boolean isEmpty() {
        return open == 0 && out.size() == 1;
    }

    /** Hands over what was gathered. Returns the entry's number; 0 where it counts as durable, or where there was nothing. */
    long flush() {
        if (isEmpty()) {
            return 0;
        }
        close();
        long number = effects.journal(out.view());
        out.clear();
        out.shrink(KEPT_BYTES);
        out.put(VERSION);
        return number;
    }

    @Override
    public void settled(long rangeFrom, long rangeTo) {
        if (open == SETTLE && to == rangeFrom) {
            to = rangeTo;
            return;
        }
        open(SETTLE, rangeFrom, rangeTo);
    }

    @Override
    public void returned(long rangeFrom, long rangeTo, int acquired, int failed) {
        if (open == RETURN && to == rangeFrom && first == acquired && second == failed) {
            to = rangeTo;
            return;
        }
        open(RETURN, rangeFrom, rangeTo);
        first = acquired;
        second = failed;
    }

    @Override
    public void parked(long offset, int acquired, int failed, long dueAtMs) {
        begin(PARK);
        out.putVar(offset);
        out.putVar(acquired);
        out.putVar(failed);
        out.putVar(dueAtMs);
    }

    @Override
    public void mark(int lane, long value) {
        begin(MARK);
        out.putVar(lane);
        out.putVar(value);
    }

    @Override
    public void purged(long number, long upTo, long nowMs, OffsetSet kept) {
        begin(PURGE);
        out.putVar(number);
        out.putVar(upTo);
        out.putVar(nowMs);
        long ranges = 0;
        for (long start = kept.first(); start >= 0; start = kept.next(kept.nextAbsent(start))) {
            ranges++;
        }
        out.putVar(ranges);
        long end = 0;
        for (long start = kept.first(); start >= 0; start = kept.next(end)) {
            out.putVar(start - end);
            end = kept.nextAbsent(start);
            out.putVar(end - start);
        }
    }

    @Override
    public void dead(long rangeFrom, long rangeTo, DeadReason reason) {
        if (open == DEAD && to == rangeFrom && first == reason.ordinal()) {
            to = rangeTo;
            return;
        }
        open(DEAD, rangeFrom, rangeTo);
        first = reason.ordinal();
    }

    @Override
    public void indexed(IndexEntry entry) {
        begin(INDEX);
        write(entry, out);
    }

    /** The fields of INDEX. */
    private static void write(IndexEntry entry, Bytes out) {
        IndexEntry.@Nullable Dedup dedup = entry.dedup();
        int fields = (entry.priority() != 0 ? 1 : 0)
                | (entry.expiresAtMs() != Long.MAX_VALUE ? 2 : 0)
                | (entry.dueAtMs() != 0 ? 4 : 0)
                | (entry.group() != 0 ? 8 : 0)
                | (dedup != null ? 16 : 0);
        out.putVar(entry.offset());
        out.put(fields);
        if ((fields & 1) != 0) {
            out.putVar(entry.priority());
        }
        if ((fields & 2) != 0) {
            out.putVar(entry.expiresAtMs());
        }
        if ((fields & 4) != 0) {
            out.putVar(entry.dueAtMs());
        }
        if ((fields & 8) != 0) {
            out.putLong(entry.group());
        }
        if (dedup != null) {
            out.putLong(dedup.high());
            out.putLong(dedup.low());
            out.putVar(dedup.sentMs());
        }
    }

    @Override
    public void indexedTo(long upTo) {
        begin(INDEXED);
        out.putVar(upTo);
    }

    @Override
    public void clean(long cursor) {
        begin(CLEAN);
        out.putVar(cursor);
    }

    @Override
    public void started(long offset) {
        begin(START);
        out.putVar(offset);
    }

    @Override
    public void acquired(long rangeFrom, long rangeTo, int firstGeneration, int holder, long deadlineMs, long nowMs) {
        if (open == ACQUIRE
                && to == rangeFrom
                && first + (to - from) == firstGeneration
                && second == holder
                && third == deadlineMs
                && fourth == nowMs) {
            to = rangeTo;
            return;
        }
        open(ACQUIRE, rangeFrom, rangeTo);
        first = firstGeneration;
        second = holder;
        third = deadlineMs;
        fourth = nowMs;
    }

    @Override
    public void extended(long offset, int generation, long deadlineMs) {
        begin(EXTEND);
        out.putVar(offset);
        out.putVar(generation);
        out.putVar(deadlineMs);
    }

    @Override
    public void forgotten(long upTo) {
        begin(FORGET);
        out.putVar(upTo);
    }

    @Override
    public void suspected(long upTo) {
        begin(SUSPECT);
        out.putVar(upTo);
    }

    @Override
    public void appended(long end, long timeMs) {
        begin(APPENDED);
        out.putVar(end);
        out.putVar(timeMs);
    }

    private void open(int code, long rangeFrom, long rangeTo) {
        close();
        if (out.size() > MAX_BYTES) {
            flush();
        }
        open = code;
        from = rangeFrom;
        to = rangeTo;
    }

    private void begin(int code) {
        close();
        if (out.size() > MAX_BYTES) {
            flush();
        }
        out.put(code);
    }

    /** Writes the item that could still grow. */
    private void close() {
        if (open == 0) {
            return;
        }
        out.put(open);
        out.putVar(from);
        out.putVar(to - from);
        if (open == RETURN || open == ACQUIRE) {
            out.putVar(first);
            out.putVar(second);
        } else if (open == DEAD) {
            out.putVar(first);
        }
        if (open == ACQUIRE) {
            out.putVar(third);
            out.putVar(fourth);
        }
        open = 0;
    }
}

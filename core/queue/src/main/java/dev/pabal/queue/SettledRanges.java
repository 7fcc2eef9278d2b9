package dev.pabal.queue;

/** Shows what is settled: below the cursor all that is not pending, above it what is set apart and not pending. Costs by what is pending. */
final class SettledRanges {
    private SettledRanges() {}

    static void show(ViewState state, long from, long to, QueueView.RangeVisitor visitor) {
        long offset = Math.max(0, from);
        while (offset < to) {
            offset = nextSettled(state, offset, to);
            if (offset >= to) {
                return;
            }
            long first = offset;
            offset = endOfSettled(state, offset);
            visitor.range(startOfSettled(state, first, from), offset);
        }
    }

    /** Ranges are shown whole, also the part before what was asked for. */
    private static long startOfSettled(ViewState state, long first, long from) {
        if (first > from || first == 0) {
            return first;
        }
        long start = state.pending.previous(first) + 1;
        return first > state.cursor
                ? Math.max(start, Math.max(state.cursor, state.ahead.previousAbsent(first) + 1))
                : start;
    }

    private static long nextSettled(ViewState state, long from, long to) {
        long offset = from;
        while (offset < to) {
            if (offset < state.cursor) {
                offset = state.pending.nextAbsent(offset);
                if (offset < state.cursor) {
                    return offset;
                }
                continue;
            }
            offset = state.ahead.next(offset);
            if (offset < 0) {
                return to;
            }
            if (!state.pending.contains(offset)) {
                return offset;
            }
            offset++;
        }
        return to;
    }

    private static long endOfSettled(ViewState state, long first) {
        long pending = state.pending.next(first);
        long stop = pending < 0 ? Long.MAX_VALUE : pending;
        if (stop <= state.cursor) {
            return stop;
        }
        return Math.min(stop, state.ahead.nextAbsent(Math.max(first, state.cursor)));
    }
}

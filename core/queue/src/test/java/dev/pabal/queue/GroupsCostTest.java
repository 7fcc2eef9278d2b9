package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Receiving and deleting costs the same however many messages of groups wait. Prints what it measures. */
class GroupsCostTest {
    private static final int MESSAGES = 100_000;
    private static final int BATCH = 10;
    private static final int ROUNDS = 5;
    /** Larger tables miss the processor's caches: what grew with the backlog would cost a thousand times as much. */
    private static final int BOUND = 20;

    private final Acquired out = new Acquired();
    private final long[] offsets = new long[BATCH];
    private final int[] generations = new int[BATCH];
    private long nowMs = 1;

    @Test
    @Timeout(300)
    void aBacklogOfAMillionCostsWhatAThousandDo() {
        int[] groups = {1_000, 1_000, 1_000_000};
        long[] least = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE};
        QueueView[] views = {filled(1_000, groups[0]), filled(1_000_000, groups[1]), filled(1_000_000, groups[2])};
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < views.length; i++) {
                least[i] = Math.min(least[i], receive(views[i], groups[i]));
            }
        }
        System.out.println(
                "a message of a group, ns: 1,000 wait in 1,000 groups; 1,000,000 in 1,000; 1,000,000 in as many: "
                        + Arrays.toString(least));
        assertThat(least[1]).isLessThan(BOUND * least[0]);
        assertThat(least[2]).isLessThan(BOUND * least[0]);
    }

    private QueueView filled(int messages, int groups) {
        ViewOptions options = ViewOptions.builder()
                .journaled(true)
                .messageTtlMs(345_600_000)
                .groups(true)
                .build();
        QueueView view = QueueView.create(options, JournalOnly.counted(), 0);
        view.recovered(true, nowMs);
        for (int from = 0; from < messages; from += 1000) {
            append(view, from, 1000, groups);
        }
        return view;
    }

    private void append(QueueView view, long from, int count, int groups) {
        nowMs++;
        for (long offset = from; offset < from + count; offset++) {
            view.index(new IndexEntry(offset, 0, Long.MAX_VALUE, 0, 1 + offset % groups, null));
        }
        view.appended(from + count, count * 100L, nowMs);
        view.flush(nowMs);
    }

    /** As many come as go. Returns ns per message. */
    private long receive(QueueView view, int groups) {
        long end = view.indexedTo();
        long began = System.nanoTime();
        int done = 0;
        int settled = 0;
        while (done < MESSAGES) {
            for (int batch = 0; batch < 1000 / BATCH; batch++) {
                nowMs += batch & 1;
                for (int i = 0; i < BATCH; i++) {
                    done += view.acquire(1, nowMs + 30_000, nowMs, out) ? 1 : 0;
                    offsets[i] = out.offset;
                    generations[i] = out.generation;
                }
                view.flush(nowMs);
                for (int i = 0; i < BATCH; i++) {
                    settled += view.settle(offsets[i], generations[i], nowMs) ? 1 : 0;
                }
                view.flush(nowMs);
            }
            append(view, end + done - 1000, 1000, groups);
        }
        assertThat(settled).isEqualTo(MESSAGES);
        return (System.nanoTime() - began) / MESSAGES;
    }
}

package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DueTimesTest {
    private final ViewEffects effects = JournalOnly.counted();

    @Test
    void nothingIsDueWhereNothingIsDelayed() {
        QueueView view = QueueView.create(ViewOptions.DEFAULT, effects, 0);
        view.recovered(true, 0);
        view.appended(10, 0, 1);
        assertThat(view.dueTimes().firstMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(view.dueTimes().count(Long.MAX_VALUE, 10)).isZero();
        assertThat(view.dueTimes().show(0, Long.MAX_VALUE, offset -> {})).isEqualTo(-1);
    }

    @Test
    void whatBecameDueDuringAnOutageIsAllHandedOutThoughNothingIsDueByTheClockAnyMore() {
        List<ByteBuffer> journal = new ArrayList<>();
        ViewEffects kept = JournalOnly.into(journal);
        QueueView before = QueueView.create(ViewOptions.DEFAULT, kept, 0);
        before.recovered(true, 0);
        for (int i = 0; i < 100; i++) {
            before.index(new IndexEntry(i, 0, Long.MAX_VALUE, 1_000 + i * 1_000, 0, null));
        }
        before.appended(100, 0, 1);
        before.tick(1_000);
        before.flush(1_000);
        before.journalDurable(journal.size());
        before.stop(1_000);
        QueueView after = QueueView.create(ViewOptions.DEFAULT, kept, 0);
        List.copyOf(journal).forEach(entry -> after.replay(entry.duplicate()));
        after.recovered(true, 100, 500_000);
        after.appended(100, 0, 500_000);
        Acquired out = new Acquired();
        int taken = 0;
        for (int turn = 0; turn < 10; turn++) {
            while (after.nextReady(500_000) >= 0 && after.take(500_000, out)) {
                taken++;
            }
            after.flush(500_000);
            after.journalDurable(journal.size());
        }
        assertThat(taken).isEqualTo(100);
    }

    @Test
    void whatIsDueUpToATimeIsCountedAndShownBlockByBlock() {
        Seeds.each("due times", LongStream.of(1, 2), 5, this::run);
    }

    private void run(long seed) {
        Random random = new Random(seed);
        QueueView view = QueueView.create(ViewOptions.DEFAULT, effects, 0);
        view.recovered(true, 0);
        TreeMap<Long, Long> waiting = new TreeMap<>();
        long offset = 0;
        for (int i = 0; i < 2_000; i++) {
            long dueAtMs = 1_000 + random.nextInt(random.nextBoolean() ? 50 : 5_000);
            for (int run = random.nextInt(4) == 0 ? random.nextInt(100) : 1; run > 0; run--) {
                view.index(new IndexEntry(offset, 0, Long.MAX_VALUE, dueAtMs, 0, null));
                waiting.put(offset++, dueAtMs);
            }
            offset += random.nextInt(100) == 0 ? random.nextInt(40_000) : 0;
        }
        view.appended(offset, 0, 1);
        long nowMs = 1_000;
        while (!waiting.isEmpty()) {
            view.tick(nowMs);
            view.flush(nowMs);
            view.journalDurable(Long.MAX_VALUE);
            check(view.dueTimes(), waiting, nowMs, random);
            takeSome(view, waiting, nowMs, random);
            nowMs += random.nextInt(1_000);
        }
        assertThat(view.dueTimes().firstMs()).isEqualTo(Long.MAX_VALUE);
    }

    private static void check(DueTimes times, Map<Long, Long> waiting, long nowMs, Random random) {
        assertThat(times.firstMs())
                .isEqualTo(waiting.values().stream().mapToLong(t -> t).min().orElse(Long.MAX_VALUE));
        waiting.entrySet().stream().limit(100).forEach(e -> assertThat(times.isDue(e.getKey()))
                .isEqualTo(e.getValue() <= nowMs));
        long untilMs = nowMs + random.nextInt(2_000);
        List<Long> expected = waiting.entrySet().stream()
                .filter(e -> e.getValue() <= untilMs)
                .map(Map.Entry::getKey)
                .toList();
        int limit = random.nextInt(5_000);
        int count = times.count(untilMs, limit);
        if (expected.size() <= limit) {
            assertThat(count).isEqualTo(expected.size());
        } else {
            assertThat(count).isGreaterThan(limit);
        }
        List<Long> all = new ArrayList<>();
        long from = 0;
        while (from >= 0) {
            List<Long> shown = new ArrayList<>();
            from = times.show(from, untilMs, shown::add);
            shown.sort(null);
            all.addAll(shown);
        }
        assertThat(all).isEqualTo(expected);
    }

    /** Hands out untouched messages, too, of which nothing is waited for here. */
    private static void takeSome(QueueView view, Map<Long, Long> waiting, long nowMs, Random random) {
        Acquired out = new Acquired();
        for (int i = random.nextInt(100_000); i > 0 && view.take(nowMs, out); i--) {
            waiting.remove(out.offset);
        }
    }
}

package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Messages of noisy groups come when nothing else waits, and then they do; over restarts. For seeds and soaks see {@link Seeds}. */
class FairModelTest {
    private static final int RUNS = 40;

    @Test
    void noisyGroupsLetOthersGoFirst() {
        Seeds.each("fair queues", LongStream.of(), RUNS, seed -> new Run(seed).run());
    }

    @Test
    void aNoisyGroupIsHandedOutWhereNothingElseWaits() {
        Run run = new Run(1);
        run.start();
        run.append(100, () -> 1);
        for (int i = 0; i < 100; i++) {
            assertThat(run.acquire()).isTrue();
        }
        run.append(100, () -> 1);
        run.append(1, () -> 2);
        run.acquire();
        assertThat(run.out.offset).isEqualTo(200);
        run.acquire();
        assertThat(run.out.offset).isEqualTo(100);
    }

    private static final class Run {
        private final Random random;
        private final ViewOptions options;
        private final List<ByteBuffer> journal = new ArrayList<>();
        private final Map<Integer, ByteBuffer> pieces = new LinkedHashMap<>();
        private final List<Integer> groups = new ArrayList<>();
        private final TreeSet<Long> ready = new TreeSet<>();
        private final TreeMap<Long, Integer> flying = new TreeMap<>();
        private final Acquired out = new Acquired();
        private QueueView view;
        private int marker;
        private long nowMs = 1;

        Run(long seed) {
            random = new Random(seed);
            options = ViewOptions.builder()
                    .journaled(random.nextBoolean())
                    .fair(true)
                    .build();
            view = QueueView.create(options, JournalOnly.into(journal), 0);
        }

        void start() {
            view.recovered(true, nowMs);
            turn();
        }

        void run() {
            start();
            for (int step = 0; step < 150; step++) {
                nowMs++;
                switch (random.nextInt(8)) {
                    case 0, 1 -> append(1 + random.nextInt(30), () -> Math.max(0, random.nextInt(9) - 4));
                    case 2 -> append(40, () -> 1);
                    case 3, 4, 5 -> {
                        for (int i = random.nextInt(60); i >= 0 && acquire(); i--) {
                            turn();
                        }
                    }
                    case 6 -> end();
                    default -> restart();
                }
                turn();
                assertThat(view.ready()).isEqualTo(ready.size());
                assertThat(view.inFlight()).isEqualTo(flying.size());
            }
        }

        private void turn() {
            view.flush(nowMs);
            view.journalDurable(journal.size());
        }

        void append(int count, java.util.function.IntSupplier group) {
            for (int i = 0; i < count; i++) {
                long offset = groups.size();
                groups.add(group.getAsInt());
                ready.add(offset);
                show(offset);
            }
            view.appended(groups.size(), count, nowMs);
        }

        private void show(long offset) {
            int group = groups.get((int) offset);
            if (group != 0) {
                view.index(new IndexEntry(offset, 0, Long.MAX_VALUE, 0, group, null));
            }
        }

        boolean acquire() {
            Set<Integer> noisy = noisy();
            if (!view.acquire(QueueView.RECEIVERS, Long.MAX_VALUE, nowMs, out)) {
                assertThat(ready).as("ready, but not handed out").isEmpty();
                return false;
            }
            int group = groups.get((int) out.offset);
            assertThat(ready).contains(out.offset);
            assertThat(ready.headSet(out.offset).stream().filter(offset -> groups.get(offset.intValue()) == group))
                    .as("before %d in its group", out.offset)
                    .isEmpty();
            boolean others = ready.stream().anyMatch(offset -> !noisy.contains(groups.get(offset.intValue())));
            assertThat(noisy.contains(group)).as("noisy comes last").isEqualTo(!others);
            ready.remove(out.offset);
            flying.put(out.offset, out.generation);
            return true;
        }

        private Set<Integer> noisy() {
            Map<Integer, Integer> counts = new TreeMap<>();
            flying.keySet().forEach(offset -> counts.merge(groups.get(offset.intValue()), 1, Integer::sum));
            counts.remove(0);
            counts.values().removeIf(count -> count < 30 || count * 10 <= flying.size());
            return counts.keySet();
        }

        private void end() {
            for (long offset : new ArrayList<>(flying.keySet())) {
                int what = random.nextInt(4);
                if (what == 0) {
                    assertThat(view.settle(offset, flying.remove(offset), nowMs))
                            .isTrue();
                } else if (what == 1) {
                    view.giveBack(offset, flying.remove(offset), Return.FAILED, 0, nowMs);
                    ready.add(offset);
                }
            }
        }

        private void restart() {
            turn();
            if (random.nextBoolean()) {
                view.checkpoint((key, piece) -> {
                    if (piece.hasRemaining()) {
                        pieces.put(
                                key,
                                ByteBuffer.allocate(piece.remaining())
                                        .put(piece)
                                        .flip());
                    } else {
                        pieces.remove(key);
                    }
                });
                marker = journal.size();
            }
            view = QueueView.create(options, JournalOnly.into(journal), 0);
            pieces.forEach((key, piece) -> view.restore(key, piece.duplicate()));
            journal.subList(marker, journal.size()).forEach(entry -> view.replay(entry.duplicate()));
            view.recovered(false, nowMs);
            LongStream.range(view.indexedTo(), groups.size()).forEach(this::show);
            view.appended(groups.size(), 0, nowMs);
            if (!options.journaled()) {
                ready.addAll(flying.keySet());
                flying.clear();
            }
            turn();
            turn();
        }
    }
}

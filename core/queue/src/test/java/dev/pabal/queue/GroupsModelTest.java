package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** In a group: the order of the log, nothing while somebody has an earlier message; over crashes and restarts. */
class GroupsModelTest {
    private static final int RUNS = 40;
    private static final ViewOptions OPTIONS =
            ViewOptions.builder().groups(true).build();

    private final List<ByteBuffer> journal = new ArrayList<>();
    private final Map<Integer, ByteBuffer> pieces = new LinkedHashMap<>();
    private final List<IndexEntry> index = new ArrayList<>();
    private final Set<Long> settled = new HashSet<>();
    /** In flight, with the generation of each. */
    private final TreeMap<Long, Integer> flying = new TreeMap<>();

    private final Map<Long, Integer> holders = new HashMap<>();
    private final Acquired out = new Acquired();
    private Random random = new Random(0);
    private QueueView view = QueueView.create(OPTIONS, JournalOnly.into(journal), 0);
    private int marker;
    private long end;
    private long nowMs;

    @Test
    void groupsKeepTheirOrder() {
        Seeds.each("groups", LongStream.of(), RUNS, seed -> new GroupsModelTest().run(seed));
    }

    private void run(long seed) {
        random = new Random(seed);
        nowMs = 1_000;
        view.recovered(true, nowMs);
        turn();
        for (int step = 0; step < 300; step++) {
            nowMs += random.nextInt(3);
            view.tick(nowMs);
            switch (random.nextInt(11)) {
                case 0, 1, 2 -> append();
                case 3, 4, 5, 6 -> acquire();
                case 7, 8 -> end(true);
                case 9 -> end(false);
                default -> restart();
            }
            turn();
            assertThat(view.ready()).isEqualTo(end - settled.size() - flying.size());
        }
    }

    private void turn() {
        view.flush(nowMs);
        view.journalDurable(journal.size());
    }

    private void append() {
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            IndexEntry entry = new IndexEntry(end + i, 0, Long.MAX_VALUE, 0, random.nextInt(5), null);
            index.add(entry);
            if (entry.group() != 0) {
                view.index(entry);
            }
        }
        end += count;
        view.appended(end, count, nowMs);
    }

    private void acquire() {
        int holder = random.nextInt(3);
        long expected = firstFree(Set.of());
        if (!view.acquire(holder, Long.MAX_VALUE, nowMs, out)) {
            assertThat(expected).as("ready, but not handed out").isEqualTo(-1);
            return;
        }
        long group = group(out.offset);
        assertThat(group != 0 && flying.headMap(out.offset).keySet().stream().anyMatch(held -> group(held) == group))
                .as("behind one that somebody has")
                .isFalse();
        checkHandedOut(holder);
        if (group == 0) {
            assertThat(firstFree(Set.of(0L))).as("groups come first").isEqualTo(-1);
        } else if (random.nextBoolean() && view.acquireOfGroup(holder, Long.MAX_VALUE, nowMs, out)) {
            assertThat(group(out.offset)).isEqualTo(group);
            checkHandedOut(holder);
        }
    }

    private void checkHandedOut(int holder) {
        long group = group(out.offset);
        for (long before = 0; before < out.offset; before++) {
            if (group(before) == group && !settled.contains(before)) {
                assertThat(flying)
                        .as("of group %d before %d", group, out.offset)
                        .containsKey(before);
                assertThat(group == 0 || holders.get(before) == holder)
                        .as("one holder")
                        .isTrue();
            }
        }
        flying.put(out.offset, out.generation);
        holders.put(out.offset, holder);
    }

    /** Settles the first in flight, or gives back all that a holder has. */
    private void end(boolean well) {
        if (flying.isEmpty()) {
            return;
        }
        if (well) {
            long offset = flying.firstKey();
            assertThat(view.settle(offset, flying.remove(offset), nowMs)).isTrue();
            settled.add(offset);
            return;
        }
        int holder = random.nextInt(3);
        int before = flying.size();
        flying.keySet().removeIf(offset -> holders.get(offset) == holder);
        assertThat(view.releaseHolder(holder, Return.RELEASED, nowMs)).isEqualTo(before - flying.size());
    }

    private void restart() {
        turn();
        if (random.nextBoolean()) {
            view.checkpoint((key, piece) -> {
                ByteBuffer copy =
                        ByteBuffer.allocate(piece.remaining()).put(piece).flip();
                if (copy.hasRemaining()) {
                    pieces.put(key, copy);
                } else {
                    pieces.remove(key);
                }
            });
            marker = journal.size();
        }
        boolean clean = random.nextBoolean();
        if (clean) {
            view.stop(nowMs);
        }
        view = QueueView.create(OPTIONS, JournalOnly.into(journal), 0);
        pieces.forEach((key, piece) -> view.restore(key, piece.duplicate()));
        journal.subList(marker, journal.size()).forEach(entry -> view.replay(entry.duplicate()));
        view.recovered(clean, nowMs);
        long known = view.indexedTo();
        index.stream()
                .filter(entry -> entry.offset() >= known && entry.group() != 0)
                .forEach(view::index);
        view.appended(end, 0, nowMs);
        flying.clear();
        turn();
        turn();
    }

    /** The first message that may be handed out, of a group that is not among these. */
    private long firstFree(Set<Long> but) {
        Set<Long> passed = new HashSet<>(but);
        for (long offset = 0; offset < end; offset++) {
            long group = group(offset);
            if (settled.contains(offset) || passed.contains(group)) {
                continue;
            }
            if (!flying.containsKey(offset)) {
                return offset;
            }
            if (group != 0) {
                passed.add(group);
            }
        }
        return -1;
    }

    private long group(long offset) {
        return index.get((int) offset).group();
    }
}

package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** One run of random commands: of the messages that use one id within the window only the first is handed out; over settling, restarts and crashes that lose entries of the journal. */
final class DedupRun {
    /** No append takes as long as the window. */
    private static final int MAX_CLAIM_MS = 10;

    /** A message, or what was claimed for one. */
    private record Use(long offset, long sentMs, long knownMs) {}

    private final List<ByteBuffer> journal = new ArrayList<>();
    private final Map<Integer, ByteBuffer> pieces = new LinkedHashMap<>();
    /** The log: the id and time of each record, null for those without an id. */
    private final List<IndexEntry.Dedup> log = new ArrayList<>();

    private final Map<Long, Use> used = new HashMap<>();
    private final Map<Long, Long> claimed = new HashMap<>();
    private final Set<Long> duplicates = new LinkedHashSet<>();
    private final List<Long> takenMs = new ArrayList<>();
    private final Acquired out = new Acquired();
    private final Random random;
    private final ViewOptions options;
    private final int ids;
    private QueueView view;
    private int marker;
    private int durable;
    private long nowMs = 1_000;

    DedupRun(long seed) {
        random = new Random(seed);
        boolean many = random.nextInt(16) == 0;
        ids = many ? 2 * DedupChunk.SIZE : 8;
        long limit = random.nextInt(3) == 0 ? ids / 2 : Long.MAX_VALUE;
        options = ViewOptions.builder()
                .journaled(random.nextBoolean())
                .dedupWindowMs(2 * MAX_CLAIM_MS + random.nextInt(60))
                .dedupLimit(limit)
                .deadLetterExpired(random.nextBoolean())
                .build();
        view = QueueView.create(options, JournalOnly.into(journal), 0);
    }

    void run() {
        view.recovered(true, nowMs);
        turn();
        for (int step = 0; step < 200; step++) {
            nowMs += random.nextInt(4);
            if (claimed.values().stream().anyMatch(at -> at + MAX_CLAIM_MS < nowMs)) {
                come();
                unclaim(true);
            }
            view.tick(nowMs);
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> repeat(this::claim);
                case 3, 4 -> come();
                case 5 -> repeat(this::comeUnasked);
                case 6 -> unclaim(false);
                case 7 -> settleSome();
                case 8 -> {
                    unclaim(true);
                    nowMs += random.nextInt(40);
                }
                default -> restart();
            }
            view.flush(nowMs);
            if (random.nextBoolean()) {
                turn();
            }
            compare();
        }
    }

    private void turn() {
        view.flush(nowMs);
        view.journalDurable(journal.size());
        durable = journal.size();
    }

    private void repeat(Runnable command) {
        for (int i = random.nextInt(1 + ids / 8); i >= 0; i--) {
            command.run();
        }
    }

    private void claim() {
        long id = random.nextInt(ids);
        long known = known(id);
        long answer = view.claim(dedup(id, 0), nowMs);
        if (known != answer && answer == QueueView.NEW && mayBeOver(id)) {
            known = QueueView.NEW;
        }
        if (answer == QueueView.FULL) {
            long within = takenMs.stream()
                    .filter(at -> at + options.dedupWindowMs() > nowMs)
                    .count();
            assertThat(within).as("ids within the window, which is full").isGreaterThanOrEqualTo(options.dedupLimit());
            return;
        }
        assertThat(answer).as("claim of id %d", id).isEqualTo(known);
        if (answer == QueueView.NEW) {
            claimed.put(id, nowMs);
            takenMs.add(nowMs);
        }
    }

    /** Records come for some of what is claimed. */
    private void come() {
        List<Long> coming =
                claimed.keySet().stream().filter(id -> random.nextInt(3) > 0).toList();
        for (long id : coming) {
            long sentMs = claimed.remove(id);
            used.put(id, new Use(log.size(), sentMs, nowMs));
            takenMs.add(nowMs);
            append(dedup(id, sentMs));
        }
    }

    /** A record comes for which nobody has claimed. */
    private void comeUnasked() {
        long id = random.nextInt(ids);
        long known = view.duplicateOf(dedup(id, 0), nowMs);
        if (known == QueueView.UNDER_WAY) {
            return;
        }
        long offset = log.size();
        long ready = view.ready();
        append(dedup(id, nowMs));
        boolean duplicate = view.ready() == ready;
        assertThat(duplicate).as("%d is a duplicate", offset).isEqualTo(known >= 0);
        if (duplicate) {
            duplicates.add(offset);
            // one that a crash forgets is looked at again, perhaps when the first is out of the window
            turn();
        } else if (view.duplicateOf(dedup(id, 0), nowMs) == offset) {
            used.put(id, new Use(offset, nowMs, nowMs));
            takenMs.add(nowMs);
        } else {
            assertThat(takenMs.size()).as("is full").isGreaterThanOrEqualTo((int) options.dedupLimit());
            log.set((int) offset, null);
        }
    }

    private void append(IndexEntry.Dedup id) {
        view.index(entry(log.size(), id));
        log.add(id);
        view.appended(log.size(), 10, nowMs);
    }

    private void unclaim(boolean all) {
        claimed.keySet().removeIf(id -> {
            boolean goes = all || random.nextBoolean();
            if (goes) {
                view.unclaim(dedup(id, 0));
            }
            return goes;
        });
    }

    private void settleSome() {
        turn();
        for (int i = random.nextInt(20); i >= 0 && view.take(nowMs, out); i--) {
            assertThat(duplicates).as("handed out").doesNotContain(out.offset);
        }
    }

    private void restart() {
        view.flush(nowMs);
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
            turn();
        }
        if (random.nextBoolean()) {
            return;
        }
        int kept = durable + random.nextInt(journal.size() - durable + 1);
        journal.subList(kept, journal.size()).clear();
        view = QueueView.create(options, JournalOnly.into(journal), 0);
        pieces.forEach((key, piece) -> view.restore(key, piece.duplicate()));
        journal.subList(marker, kept).forEach(entry -> view.replay(entry.duplicate()));
        view.recovered(false, nowMs);
        for (long offset = view.indexedTo(); offset < log.size(); offset++) {
            if (log.get((int) offset) != null) {
                view.index(entry(offset, log.get((int) offset)));
            }
        }
        view.appended(log.size(), 0, nowMs);
        // what was claimed and did not come is free again
        claimed.clear();
        turn();
    }

    private void compare() {
        for (int i = 0; i < 20; i++) {
            long id = random.nextInt(ids);
            long known = known(id);
            long answer = view.duplicateOf(dedup(id, 0), nowMs);
            if (answer != QueueView.NEW || !mayBeOver(id)) {
                assertThat(answer).as("id %d", id).isEqualTo(known);
            }
        }
    }

    /** What is known of an id; where it was sent before it was appended, the window may count from either. */
    private long known(long id) {
        if (claimed.containsKey(id)) {
            return QueueView.UNDER_WAY;
        }
        Use use = used.get(id);
        return use == null || use.knownMs + options.dedupWindowMs() <= nowMs ? QueueView.NEW : use.offset;
    }

    private boolean mayBeOver(long id) {
        Use use = used.get(id);
        long sinceMs = claimed.containsKey(id) ? claimed.get(id) : use == null ? 0 : use.sentMs;
        return sinceMs + options.dedupWindowMs() <= nowMs;
    }

    private static IndexEntry entry(long offset, IndexEntry.Dedup id) {
        return new IndexEntry(offset, 0, Long.MAX_VALUE, 0, 0, id);
    }

    private static IndexEntry.Dedup dedup(long id, long sentMs) {
        return new IndexEntry.Dedup(id * 0x9E3779B97F4A7C15L, ~id, sentMs);
    }
}

package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.queue.ListQueue.Message;
import dev.pabal.queue.ListQueue.Place;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/** One run of random commands against a view and the model, with crashes after every entry of the journal. */
final class ViewRun {
    private static final boolean TRACED = Boolean.getBoolean("pabal.trace");

    private final Random random;
    private final ViewOptions options;
    private final boolean delays;
    private final ListQueue model;
    private final List<ByteBuffer> journal = new ArrayList<>();
    private final Map<Integer, ByteBuffer> pieces = new LinkedHashMap<>();
    private final Map<Long, IndexEntry> index = new LinkedHashMap<>();
    private final List<String> deaths = new ArrayList<>();
    private final UnaryOperator<ByteBuffer> disk;
    private final Acquired out = new Acquired();
    private QueueView view;
    private long nowMs = 1_000_000;
    private long end;
    private int durable;
    private int marker;
    private boolean loose;

    private final ViewEffects effects = new ViewEffects() {
        @Override
        public long journal(ByteBuffer entry) {
            ByteBuffer copy = ByteBuffer.allocate(entry.remaining()).put(entry).flip();
            journal.add(disk.apply(copy));
            model.entry = journal.size() + 1;
            return journal.size();
        }

        @Override
        public void dead(long offset, DeadReason reason, int deliveries) {
            deaths.add(offset + " " + reason + " " + deliveries);
        }

        @Override
        public void ready() {}
    };

    /** @param disk what becomes of an entry of the journal on its way; to plant faults */
    ViewRun(long seed, UnaryOperator<ByteBuffer> disk) {
        this.random = new Random(seed);
        this.disk = disk;
        this.options = ViewOptions.builder()
                .journaled(random.nextInt(4) == 0)
                .maxLength(random.nextInt(3) == 0 ? 15 : -1)
                .maxLengthBytes(random.nextInt(4) == 0 ? 1 << 30 : -1)
                .messageTtlMs(random.nextInt(3) == 0 ? random.nextInt(60) : -1)
                .delayMs(random.nextInt(4) == 0 ? 1 + random.nextInt(30) : 0)
                .maxPriority(random.nextInt(3) == 0 ? 4 : 0)
                .deliveryLimit(random.nextInt(2) == 0 ? 2 : -1)
                .deadLetters(random.nextBoolean())
                .deadLetterExpired(random.nextInt(4) > 0)
                .build();
        // what becomes due comes in another order after a crash; which one is dropped then is hard to say
        this.delays = options.maxLength() < 0 && random.nextInt(3) == 0;
        this.model = new ListQueue(options);
        this.view = QueueView.create(options, effects, 0);
        view.recovered(false, nowMs);
        view.flush(nowMs);
    }

    void steps(int count) {
        for (int i = 0; i < count; i++) {
            nowMs += random.nextInt(3);
            view.tick(nowMs);
            model.tick(nowMs);
            step();
            compareDeaths();
            if (random.nextInt(3) > 0) {
                flush();
                if (random.nextInt(4) == 0) {
                    crashes();
                }
            }
            compare();
        }
    }

    private void trace(String what) {
        if (TRACED) {
            System.out.println(nowMs + " " + what + " end " + end + " entries " + journal.size() + ", durable "
                    + durable + ", ready " + view.ready() + ", floor " + view.settledFloor());
        }
    }

    private void step() {
        int what = random.nextInt(15);
        trace("step " + what);
        switch (what) {
            case 0, 1, 2 -> append();
            case 3, 4, 5 -> acquire();
            case 6 -> take();
            case 7, 8 -> settle();
            case 9 -> giveBack();
            case 10 -> discard();
            case 11 -> rarely();
            case 12 -> release();
            case 13 -> deadLettered();
            default -> checkpoint();
        }
    }

    private void rarely() {
        int what = random.nextInt(4);
        trace("rarely " + what);
        switch (what) {
            case 0 -> {
                // a purge is journaled whole, so what it settles is in one entry
                assertThat(view.purge(nowMs)).isEqualTo(model.ready(nowMs).size());
                model.purge(nowMs);
            }
            case 1 -> restartCleanly();
            case 2 -> nowMs += random.nextInt(100);
            default -> {
                long start = end == 0 ? 0 : random.nextInt((int) end) / 4;
                view.logStart(start, nowMs);
                for (Message message : model.messages) {
                    if (message.offset < start && message.isUnsettled()) {
                        model.settle(message);
                    }
                }
            }
        }
        view.tick(nowMs);
        model.tick(nowMs);
    }

    private void append() {
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            Message message = new Message();
            message.offset = end + i;
            int priority = random.nextInt(3) == 0 ? random.nextInt(7) : 0;
            message.wantedPriority = priority;
            long dueAtMs = delays && random.nextInt(3) == 0 ? nowMs + random.nextInt(40) : 0;
            long expiresAtMs = random.nextInt(5) == 0 ? Math.max(nowMs, dueAtMs) + random.nextInt(50) : Long.MAX_VALUE;
            message.wantedDueAtMs = dueAtMs;
            message.wantedExpiresAtMs = expiresAtMs;
            model.describe(message, nowMs);
            model.messages.add(message);
            if (priority > 0 || dueAtMs > 0 || expiresAtMs != Long.MAX_VALUE) {
                IndexEntry entry = new IndexEntry(message.offset, priority, expiresAtMs, dueAtMs, 0, null);
                index.put(message.offset, entry);
                view.index(entry);
            }
        }
        end += count;
        view.appended(end, count * 10L, nowMs);
    }

    private void acquire() {
        int holder = random.nextInt(3);
        long deadlineMs = random.nextInt(4) == 0 ? nowMs + 1 + random.nextInt(40) : Long.MAX_VALUE;
        settleDown();
        if (view.acquire(holder, deadlineMs, nowMs, out)) {
            Message message = handedOut();
            message.place = Place.FLIGHT;
            message.generation = out.generation;
            message.holder = holder;
            message.deadlineMs = deadlineMs;
        } else {
            nothingReady();
        }
    }

    private void take() {
        settleDown();
        if (view.take(nowMs, out)) {
            model.settle(handedOut());
        } else {
            nothingReady();
        }
    }

    /** A turn ends and another begins, so that what may not wait is gone in both. */
    private void settleDown() {
        flush();
    }

    private void nothingReady() {
        if (durable == journal.size()) {
            assertThat(model.ready(nowMs)).as("ready, but not handed out").isEmpty();
        }
    }

    private Message handedOut() {
        List<Message> ready = model.ready(nowMs);
        assertThat(ready).as("handed out " + out.offset).isNotEmpty();
        Message message = ready.get(0);
        if (loose) {
            message = ready.stream()
                    .filter(m -> m.offset == out.offset)
                    .findFirst()
                    .orElseThrow();
            assertThat(message.priority).isEqualTo(ready.get(0).priority);
        }
        assertThat(out.offset).isEqualTo(message.offset);
        assertThat(out.priority).isEqualTo(message.priority);
        if (message.uncertain) {
            assertThat(out.acquiredBefore)
                    .as("acquired before, of %d", message.offset)
                    .isGreaterThanOrEqualTo(message.acquired);
            assertThat(out.redelivered || !message.seen).as("redelivered").isTrue();
            message.acquired = out.acquiredBefore;
            message.uncertain = false;
        }
        assertThat(out.acquiredBefore).as("acquired").isEqualTo(message.acquired);
        assertThat(out.failedDeliveries).as("failed").isEqualTo(message.failed);
        assertThat(out.redelivered).isEqualTo(message.acquired > 0);
        message.seen = true;
        message.unseenIn = Long.MAX_VALUE;
        return message;
    }

    private Message anyInFlight() {
        List<Message> flying =
                model.messages.stream().filter(m -> m.place == Place.FLIGHT).toList();
        return flying.isEmpty() ? null : flying.get(random.nextInt(flying.size()));
    }

    private void settle() {
        for (int i = random.nextInt(5); i >= 0; i--) {
            Message message = anyInFlight();
            if (message != null) {
                assertThat(view.settle(message.offset, message.generation + 1, nowMs))
                        .isFalse();
                assertThat(view.settle(message.offset, message.generation, nowMs))
                        .isTrue();
                model.settle(message);
                assertThat(view.settle(message.offset, message.generation, nowMs))
                        .isFalse();
            }
        }
    }

    private void giveBack() {
        Message message = anyInFlight();
        if (message != null) {
            Return how = Return.values()[random.nextInt(3)];
            long dueAtMs = delays && random.nextBoolean() ? nowMs + random.nextInt(30) : 0;
            assertThat(view.giveBack(message.offset, message.generation, how, dueAtMs, nowMs))
                    .isTrue();
            model.comeBack(message, how, dueAtMs, nowMs);
        }
    }

    private void discard() {
        Message message = anyInFlight();
        if (message != null) {
            view.discard(message.offset, message.generation, DeadReason.REJECTED, nowMs);
            model.die(message, DeadReason.REJECTED);
        }
    }

    private void release() {
        int holder = random.nextInt(3);
        Return how = Return.values()[random.nextInt(3)];
        int released = 0;
        for (Message message : model.messages) {
            if (message.place == Place.FLIGHT && message.holder == holder) {
                model.comeBack(message, how, 0, nowMs);
                released++;
            }
        }
        assertThat(view.releaseHolder(holder, how, nowMs)).isEqualTo(released);
    }

    private void deadLettered() {
        for (Message message : model.messages) {
            if (message.place == Place.DEAD && random.nextBoolean()) {
                view.deadLettered(message.offset, nowMs);
                model.settle(message);
            }
        }
    }

    private void flush() {
        model.tick(nowMs);
        model.enforce(nowMs);
        view.flush(nowMs);
        compareDeaths();
        if (random.nextInt(4) > 0) {
            durable = journal.size();
            view.journalDurable(durable);
        }
    }

    private void checkpoint() {
        int before = journal.size();
        view.checkpoint(this::store);
        // replaying some of what a checkpoint has seen must do no harm
        marker = marker + random.nextInt(journal.size() - marker + 1);
        assertThat(before).isGreaterThanOrEqualTo(0);
        durable = journal.size();
        view.journalDurable(durable);
    }

    private void store(int key, ByteBuffer piece) {
        if (piece.hasRemaining()) {
            pieces.put(key, ByteBuffer.allocate(piece.remaining()).put(piece).flip());
        } else {
            pieces.remove(key);
        }
    }

    /** What a start after losing all entries behind {@code kept} gives. */
    private QueueView recover(int kept, boolean clean, ViewEffects to) {
        QueueView recovered = QueueView.create(options, to, 0);
        pieces.forEach(recovered::restore);
        for (int i = marker; i < kept; i++) {
            recovered.replay(journal.get(i));
        }
        recovered.recovered(clean, nowMs);
        index.forEach((offset, entry) -> {
            if (offset >= recovered.indexedTo()) {
                recovered.index(entry);
            }
        });
        recovered.appended(end, 0, nowMs);
        return recovered;
    }

    private void restartCleanly() {
        flush();
        for (Message message : model.messages) {
            if (message.place == Place.FLIGHT && (!options.journaled() || message.holder != QueueView.RECEIVERS)) {
                model.comeBack(message, Return.RELEASED, 0, nowMs);
            }
        }
        model.enforce(nowMs);
        view.stop(nowMs);
        compareDeaths();
        durable = journal.size();
        view = recover(durable, true, effects);
        again();
        // those hidden by their publisher come in the order of their time again, those given back unseen too
        loose |= delays;
    }

    /** Dead ones are shown again after a start. */
    private void again() {
        model.tick(nowMs);
        model.enforce(nowMs);
        view.flush(nowMs);
        view.journalDurable(journal.size());
        durable = journal.size();
        deaths.clear();
        model.deaths.clear();
        view.tick(nowMs);
        model.tick(nowMs);
        model.enforce(nowMs);
        view.flush(nowMs);
        deaths.clear();
        model.deaths.clear();
    }

    /** Crashes at every point from which a real one may have to come back; and sometimes goes on from there. */
    private void crashes() {
        for (int kept = Math.max(durable, marker); kept <= journal.size(); kept++) {
            check(kept);
        }
        if (random.nextInt(4) == 0 && !options.journaled() && durable >= marker) {
            int kept = durable + random.nextInt(journal.size() - durable + 1);
            trace("crash, kept " + kept);
            while (journal.size() > kept) {
                journal.remove(journal.size() - 1);
            }
            durable = kept;
            model.crash(kept, nowMs);
            loose |= delays;
            view = recover(kept, false, effects);
            again();
        }
    }

    private void check(int kept) {
        QueueView recovered = recover(kept, false, new JournalOnly(entry -> 0));
        Set<Long> settled = settled(recovered);
        for (Message message : model.messages) {
            assertThat(settled.contains(message.offset))
                    .as(
                            "offset %d settled in entry %d, kept %d of %d",
                            message.offset, message.settledIn, kept, journal.size())
                    .isEqualTo(message.settledIn <= kept);
        }
        recovered.flush(nowMs);
        nowMs += 1000;
        recovered.tick(nowMs);
        recovered.flush(nowMs);
        while (acquiredFrom(recovered)) {
            Message message = model.messages.get((int) out.offset);
            assertThat(out.redelivered || !message.isSeen(kept) || options.journaled())
                    .as("offset %d redelivered", out.offset)
                    .isTrue();
            var failed = message.failedIn.floorEntry((long) kept);
            assertThat(out.failedDeliveries).isGreaterThanOrEqualTo(failed == null ? 0 : failed.getValue());
        }
        assertThat(recovered.ready()).isZero();
        nowMs -= 1000;
    }

    /** A lane that is used for the first time needs a mark, which the end of the turn brings. */
    private boolean acquiredFrom(QueueView recovered) {
        if (recovered.acquire(1, Long.MAX_VALUE, nowMs, out)) {
            return true;
        }
        recovered.flush(nowMs);
        return recovered.acquire(1, Long.MAX_VALUE, nowMs, out);
    }

    private Set<Long> settled(QueueView of) {
        Set<Long> settled = new HashSet<>();
        long[] last = {-1};
        of.settledRanges(0, end, (from, to) -> {
            assertThat(from).as("ranges in order, apart").isGreaterThan(last[0]);
            for (long offset = from; offset < to; offset++) {
                settled.add(offset);
            }
            last[0] = to;
        });
        return settled;
    }

    private void compareDeaths() {
        deaths.sort(null);
        model.deaths.sort(null);
        assertThat(deaths).isEqualTo(model.deaths);
        deaths.clear();
        model.deaths.clear();
    }

    private void compare() {
        assertThat(view.inFlight()).as("in flight").isEqualTo(model.count(Place.FLIGHT));
        assertThat(view.delayed()).as("delayed").isEqualTo(model.delayed(nowMs));
        List<Long> expected = model.ready(nowMs).stream().map(m -> m.offset).toList();
        trace("expected ready " + expected);
        assertThat(view.ready()).as("ready").isEqualTo(expected.size());
        if (options.maxLengthBytes() >= 0 && !loose) {
            assertThat(view.readyBytes()).isBetween(0L, expected.size() * 10L + 10);
        }
        List<Long> shown = new ArrayList<>();
        view.peek(1000, nowMs, shown::add);
        if (loose) {
            assertThat(shown).containsExactlyInAnyOrderElementsOf(expected);
        } else {
            assertThat(shown).isEqualTo(expected);
        }
        Set<Long> settled = settled(view);
        long floor = end;
        for (Message message : model.messages) {
            assertThat(settled.contains(message.offset))
                    .as("offset %d", message.offset)
                    .isEqualTo(!message.isUnsettled());
            floor = message.isUnsettled() ? Math.min(floor, message.offset) : floor;
        }
        assertThat(view.settledFloor()).isLessThanOrEqualTo(floor);
    }
}

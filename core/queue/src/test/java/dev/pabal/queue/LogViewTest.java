package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LogViewTest {
    private final List<ByteBuffer> journal = new ArrayList<>();

    private final ViewEffects effects = JournalOnly.into(journal);

    @Test
    void messagesAreHandedOutInOrderAndSettled() {
        QueueView view = started(ViewOptions.DEFAULT);
        view.appended(10, 100, 1);
        Acquired out = new Acquired();
        for (int i = 0; i < 10; i++) {
            assertThat(view.acquire(1, Long.MAX_VALUE, 1, out)).isTrue();
            assertThat(out.offset).isEqualTo(i);
            assertThat(view.settle(i, out.generation + (i == 3 ? 1 : 0), 1)).isEqualTo(i != 3);
        }
        view.flush(1);
        List<String> ranges = new ArrayList<>();
        view.settledRanges(2, 20, (from, to) -> ranges.add(from + "-" + to));
        assertThat(ranges).containsExactly("0-3", "4-10");
        assertThat(view.releaseHolder(1, Return.FAILED, 2)).isEqualTo(1);
        view.flush(2);
        Map<Integer, ByteBuffer> pieces = new LinkedHashMap<>();
        view.checkpoint((key, piece) -> pieces.put(
                key, ByteBuffer.allocate(piece.remaining()).put(piece).flip()));
        QueueView again = QueueView.create(ViewOptions.DEFAULT, effects, 0);
        pieces.forEach(again::restore);
        again.recovered(true, 3);
        again.appended(10, 0, 3);
        assertThat(again.acquire(1, Long.MAX_VALUE, 3, out)).isTrue();
        assertThat(out.offset).isEqualTo(3);
        assertThat(out.redelivered).isTrue();
        assertThat(out.failedDeliveries).isEqualTo(1);
        assertThat(again.acquire(1, Long.MAX_VALUE, 3, out)).isFalse();
    }

    @Test
    void afterAKillAllThatMayHaveBeenHandedOutSaysSoHoweverTheLogIsShownAgain() {
        QueueView view = started(ViewOptions.DEFAULT);
        view.appended(10, 100, 1);
        Acquired out = new Acquired();
        for (int i = 0; i < 10; i++) {
            assertThat(view.acquire(1, Long.MAX_VALUE, 1, out)).isTrue();
        }
        view.flush(1);
        QueueView again = QueueView.create(ViewOptions.DEFAULT, effects, 0);
        journal.forEach(entry -> again.replay(entry.duplicate()));
        again.recovered(false, 10, 2);
        again.appended(3, 10, 2);
        again.appended(7, 10, 2);
        again.appended(10, 0, 2);
        again.appended(11, 10, 3);
        for (int i = 0; i < 11; i++) {
            assertThat(again.acquire(1, Long.MAX_VALUE, 3, out)).isTrue();
            assertThat(out.offset).isEqualTo(i);
            assertThat(out.redelivered).as("message %s", i).isEqualTo(i < 10);
        }
    }

    @Test
    void whatHasAPriorityIsReadyAfterARecoveryThatFoundNoMarkForIt() {
        ViewOptions priorities = ViewOptions.builder().maxPriority(3).build();
        assertReadyAfterRecovery(priorities, new IndexEntry(4, 2, Long.MAX_VALUE, 0, 0, null), 5);
    }

    @Test
    void whatHasAGroupIsReadyAfterARecoveryHoweverFarTheCursorIsBehind() {
        ViewOptions groups = ViewOptions.builder().groups(true).build();
        long offset = 3L * Marks.MAX_STRIDE;
        assertReadyAfterRecovery(groups, new IndexEntry(offset, 0, Long.MAX_VALUE, 0, 7, null), offset + 1);
    }

    @Test
    void whatWasGivenBackUntouchedWithADelayExpiresWithTheQueue() {
        ViewOptions expiring = ViewOptions.builder().messageTtlMs(100).build();
        QueueView view = started(expiring);
        view.appended(1, 10, 1);
        Acquired out = new Acquired();
        assertThat(view.acquire(1, Long.MAX_VALUE, 1, out)).isTrue();
        assertThat(view.giveBack(0, out.generation, Return.UNTOUCHED, 50, 2)).isTrue();
        view.tick(50);
        assertThat(view.ready()).isEqualTo(1);
        view.tick(101);
        assertThat(view.ready()).isZero();
        assertThat(view.settledFloor()).isEqualTo(1);
    }

    @Test
    void whatIsAppendedInThePlaceOfLostRecordsHasATimeOfItsOwn() {
        ViewOptions delayed =
                ViewOptions.builder().messageTtlMs(1000).delayMs(100).build();
        QueueView view = QueueView.create(delayed, effects, 0);
        view.recovered(true, 0);
        view.appended(5, 50, 1);
        view.flush(1);
        view.appended(10, 50, 2);
        view.flush(2);
        view.tick(102);
        view.flush(102);
        Map<Integer, ByteBuffer> pieces = new LinkedHashMap<>();
        view.checkpoint((key, piece) -> pieces.put(
                key, ByteBuffer.allocate(piece.remaining()).put(piece).flip()));
        assertThat(view.ready()).isEqualTo(10);
        QueueView again = QueueView.create(delayed, effects, 0);
        pieces.forEach(again::restore);
        again.recovered(false, 5, 500);
        again.appended(5, 0, 500);
        again.flush(500);
        again.appended(10, 50, 900);
        again.flush(900);
        assertThat(again.ready()).isEqualTo(5);
        assertThat(again.delayed()).isEqualTo(5);
        again.tick(1001);
        again.flush(1001);
        assertThat(again.ready()).as("the first five expired").isEqualTo(5);
        assertThat(again.settledFloor()).isEqualTo(5);
        again.tick(1900);
        again.flush(1900);
        assertThat(again.settledFloor()).isEqualTo(10);
    }

    private void assertReadyAfterRecovery(ViewOptions options, IndexEntry entry, long end) {
        QueueView view = QueueView.create(options, effects, 0);
        view.recovered(false, end, 1);
        view.index(entry);
        view.appended(end, 0, 1);
        assertThat(view.nextReady(1)).isEqualTo(-1);
        view.flush(1);
        view.journalDurable(journal.size());
        // whoever waits does no more than to end its turns
        view.flush(1);
        view.journalDurable(journal.size());
        assertThat(view.nextReady(1)).isEqualTo(entry.offset());
    }

    private QueueView started(ViewOptions options) {
        QueueView view = QueueView.create(options, effects, 0);
        view.recovered(true, 0);
        view.flush(0);
        view.journalDurable(journal.size());
        return view;
    }

    private QueueView replayed(ViewOptions options, long end) {
        QueueView again = QueueView.create(options, effects, 0);
        journal.forEach(entry -> again.replay(entry.duplicate()));
        again.recovered(true, end, 0);
        return again;
    }

    @Test
    void whatTheLogLostWhileNobodyUsedTheViewIsNotHandedOut() {
        QueueView view = started(ViewOptions.DEFAULT);
        view.appended(10, 100, 1);
        view.flush(1);
        Map<Integer, ByteBuffer> pieces = new LinkedHashMap<>();
        view.checkpoint((key, piece) -> pieces.put(
                key, ByteBuffer.allocate(piece.remaining()).put(piece).flip()));
        QueueView again = QueueView.create(ViewOptions.DEFAULT, effects, 6);
        pieces.forEach(again::restore);
        again.recovered(true, 10, 3);
        again.logStart(6, 3);
        again.appended(10, 0, 3);
        assertThat(again.ready()).isEqualTo(4);
        Acquired out = new Acquired();
        assertThat(again.acquire(1, Long.MAX_VALUE, 3, out)).isTrue();
        assertThat(out.offset).isEqualTo(6);
    }

    @Test
    void aPurgeTakesTheSameMessagesWhenItIsReplayed() {
        QueueView view = started(ViewOptions.DEFAULT);
        view.index(new IndexEntry(0, 0, Long.MAX_VALUE, 50, 0, null));
        view.appended(1, 10, 1);
        view.flush(1);
        view.tick(49);
        // in one turn: a message comes, the delayed one's time passes, the queue is purged
        view.appended(2, 10, 49);
        long purged = view.purge(50);
        view.flush(50);
        QueueView again = replayed(ViewOptions.DEFAULT, 2);
        again.appended(2, 0, 51);
        assertThat(again.ready() + again.delayed())
                .isEqualTo(view.ready() + view.delayed())
                .isEqualTo(2 - purged);
    }

    @Test
    void offsetsThatADamagedLogGivesOutAgainAreNewMessages() {
        QueueView view = started(ViewOptions.DEFAULT);
        view.index(new IndexEntry(1, 0, 100, 0, 0, null));
        view.index(new IndexEntry(2, 0, 100, 0, 0, null));
        view.index(new IndexEntry(3, 0, Long.MAX_VALUE, 100, 0, null));
        view.appended(4, 40, 1);
        view.flush(1);
        QueueView again = replayed(ViewOptions.DEFAULT, 2);
        again.appended(2, 0, 2);
        again.index(new IndexEntry(2, 0, Long.MAX_VALUE, 500, 0, null));
        again.appended(4, 20, 3);
        again.flush(3);
        assertThat(again.delayed()).isEqualTo(1);
        again.tick(200);
        assertThat(again.delayed()).isEqualTo(1);
        assertThat(again.ready()).isEqualTo(2);
    }

    @Test
    @Timeout(120)
    void settlementsOfDelayedMessagesAreReplayedAtTheSameCostHoweverManyThereAre() {
        int messages = 60_000;
        QueueView view = started(ViewOptions.DEFAULT);
        Random times = new Random(1);
        for (int i = 0; i < messages; i++) {
            view.index(new IndexEntry(i, 0, Long.MAX_VALUE, 10 + times.nextInt(1_000_000), 0, null));
        }
        view.appended(messages, 10, 1);
        view.flush(1);
        Acquired out = new Acquired();
        long settled = 0;
        for (long nowMs = 1_000; nowMs <= 1_001_000; nowMs += 1_000) {
            view.tick(nowMs);
            view.flush(nowMs);
            view.journalDurable(journal.size());
            while (view.acquire(1, Long.MAX_VALUE, nowMs, out)) {
                view.settle(out.offset, out.generation, nowMs);
                settled++;
            }
            view.flush(nowMs);
        }
        assertThat(settled).isEqualTo(messages);
        QueueView again = replayed(ViewOptions.DEFAULT, messages);
        again.appended(messages, 0, 1_001_000);
        assertThat(again.settledFloor()).isEqualTo(messages);
        assertThat(again.delayed()).isZero();
    }

    @Test
    void recordsThatNobodyKnowsTheSizeOfSayNothingAboutOthers() {
        QueueView view = started(ViewOptions.DEFAULT);
        view.appended(2, 20, 1);
        Acquired first = new Acquired();
        Acquired second = new Acquired();
        assertThat(view.acquire(1, Long.MAX_VALUE, 1, first)).isTrue();
        assertThat(view.acquire(1, Long.MAX_VALUE, 1, second)).isTrue();
        view.appended(3, -1, 2);
        view.giveBack(first.offset, first.generation, Return.RELEASED, 0, 3);
        view.giveBack(second.offset, second.generation, Return.RELEASED, 0, 3);
        assertThat(view.readyBytes()).isEqualTo(30);
    }

    @Test
    void aGroupsOrderStaysWhereTheQueuesDelayBecomesShorter() {
        ViewOptions slow = ordered(900_000);
        QueueView view = QueueView.create(slow, effects, 0);
        view.recovered(true, 0);
        view.index(new IndexEntry(0, 0, Long.MAX_VALUE, 0, 7, null));
        view.appended(1, 10, 1_000);
        view.flush(1_000);
        view.configure(ordered(0), 2_000);
        view.index(new IndexEntry(1, 0, Long.MAX_VALUE, 0, 7, null));
        view.appended(2, 10, 3_000);
        view.flush(3_000);
        QueueView again = QueueView.create(ordered(0), effects, 0);
        List.copyOf(journal).forEach(again::replay);
        again.recovered(false, 2, 3_000);
        again.appended(2, 0, 3_000);
        for (QueueView each : List.of(view, again)) {
            each.tick(3_000);
            Acquired out = new Acquired();
            assertThat(each.acquire(QueueView.RECEIVERS, 9_000, 3_000, out)).isTrue();
            assertThat(out.offset).isZero();
        }
    }

    private static ViewOptions ordered(long delayMs) {
        return ViewOptions.builder()
                .journaled(true)
                .groups(true)
                .delayMs(delayMs)
                .build();
    }
}

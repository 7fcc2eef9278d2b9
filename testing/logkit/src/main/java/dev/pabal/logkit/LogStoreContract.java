package dev.pabal.logkit;

import static dev.pabal.logkit.LogReader.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pabal.log.Append;
import dev.pabal.log.BatchHeader;
import dev.pabal.log.Log;
import dev.pabal.log.Log.EpochEnd;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * What every {@link dev.pabal.log.LogStore} must do, whatever stands behind it: extend it, say how the store is started, and all rules run.
 * A rule that needs something the store cannot do (see {@link StoreUnderTest}) is skipped and says so.
 */
public abstract class LogStoreContract extends ReleaseContract {
    // ---------------------------------------------------------------------------------------------------------------------- the store

    @Test
    void openingAnOpenLogGivesTheSameLogAndTakesTheNewConfig() {
        Log log = open();
        LogConfig other = LogConfig.DEFAULT.compacted();
        assertThat(store.open(ID, other)).isSameAs(log);
        assertThat(log.config()).isEqualTo(other);
        assertThat(log.id()).isEqualTo(ID);
        assertThat(log.state()).isInstanceOf(RecordingState.class);
    }

    @Test
    void findsWhatIsOpenOrStoredAndNothingElse() throws Exception {
        assertThat(store.find(ID)).isNull();
        append(open(), "a");
        assertThat(store.find(ID)).isNotNull();
        assertThat(store.ids()).containsExactly(ID);
        restart();
        assertThat(store.ids()).containsExactly(ID);
        assertThat(store.find(ID)).isNotNull();
        assertThat(store.find(id(99))).isNull();
    }

    @Test
    void aDeletedLogNeverReturns() throws Exception {
        Log log = open();
        Log other = open(id(2));
        append(log, "gone");
        append(other, "stays");
        subject.flush();
        append(log, "gone too");
        await(store.delete(List.of(ID, id(77))));
        assertThat(store.find(ID)).isNull();
        assertThat(store.ids()).containsExactly(id(2));
        assertThat(refusal(() -> log.append(Batches.of("late"), null))).isEqualTo(Reason.DELETED);
        assertThat(refusal(() -> await(log.read(0, Long.MAX_VALUE, MIB)))).isEqualTo(Reason.DELETED);
        crash();
        assertThat(store.ids()).containsExactly(id(2));
        restart();
        assertThat(store.ids()).containsExactly(id(2));
        assertThat(values(open(id(2)))).containsExactly("stays");
    }

    @Test
    void aLogMayBeDeletedWhileOthersAppend() throws Exception {
        Log busy = open(id(1));
        for (int i = 10; i < 40; i++) {
            Log log = open(id(i));
            log.append(Batches.of("x"), null);
            busy.append(Batches.of("v" + i), null);
            await(store.delete(List.of(id(i))));
        }
        append(busy, "last");
        crash();
        assertThat(store.ids()).containsExactly(id(1));
        assertThat(values(open(id(1)))).hasSize(31).endsWith("last");
    }

    @Test
    void aClosedStoreTakesNothing() {
        Log log = open();
        CompletableFuture<Void> durable = log.append(Batches.of("a"), null).durable();
        subject.stop();
        assertThat(durable).isCompleted();
        assertThat(refusal(() -> log.append(Batches.of("b"), null))).isEqualTo(Reason.CLOSED);
        store.close();
        assertThat(store.failure()).isNotDone();
    }

    @Test
    void figuresCountWhatWasDone() {
        Log log = open();
        append(log, "a");
        append(log, "b");
        assertThat(store.stats().appends()).isEqualTo(2);
        assertThat(store.stats().appendedBytes()).isEqualTo(2L * Batches.of("a").remaining());
        assertThat(store.stats().writable()).isTrue();
    }

    // ---------------------------------------------------------------------------------------------------------------------- its lives

    @Test
    void acknowledgedBatchesSurviveStopsAndCrashes() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int life = 0; life < 6; life++) {
            Log log = open();
            assertThat(values(log)).isEqualTo(expected);
            assertThat(log.appendedEnd()).isEqualTo(expected.size());
            for (int i = 0; i < 5; i++) {
                String value = "life " + life + " value " + i;
                assertThat(append(log, value).baseOffset()).isEqualTo(expected.size());
                expected.add(value);
                if (i == life % 5) {
                    subject.flush();
                }
            }
            if (life % 2 == 0) {
                crash();
            } else {
                restart();
            }
        }
        assertThat(values(open())).isEqualTo(expected);
    }

    @Test
    void theSecondRecoveryEqualsTheFirst() throws Exception {
        Log log = open();
        for (int i = 0; i < 20; i++) {
            append(log, "v" + i);
        }
        log.append(Batches.of("unacknowledged"), null);
        crash();
        List<byte[]> first = LogReader.readAll(open(), MIB);
        crash();
        List<byte[]> second = LogReader.readAll(open(), MIB);
        assertThat(second).containsExactlyElementsOf(first);
        assertThat(LogReader.values(second)).startsWith("v0").contains("v19");
    }

    @Test
    void whatWasNeverDurableIsNotThere() throws Exception {
        Log log = open();
        append(log, "kept");
        assumeTrue(subject.holdDurability(), "this store's durability cannot be held back");
        CompletableFuture<Void> durable = log.append(Batches.of("unsure"), null).durable();
        crash();
        assertThat(durable.isDone() && !durable.isCompletedExceptionally()).isFalse();
        Log again = open();
        // It may have reached the disk, or not: then its offset is free again.
        assertThat(values(again)).startsWith("kept").hasSizeBetween(1, 2);
        assertThat(again.appendedEnd()).isEqualTo(again.durableEnd());
        assertThat(again.state()).isEqualTo(replayed(again));
    }

    @Test
    void trimsSurvive() throws Exception {
        Log log = open();
        append(log, "a", "b");
        append(log, "c");
        await(log.trim(2));
        crash();
        assertThat(open().startOffset()).isEqualTo(2);
        assertThat(values(open())).containsExactly("c");
        subject.flush();
        await(open().trim(3));
        restart();
        Log again = open();
        assertThat(again.startOffset()).isEqualTo(3);
        assertThat(again.appendedEnd()).as("offsets are never used again").isEqualTo(3);
        crash();
        assertThat(append(open(), "d").baseOffset()).isEqualTo(3);
        assertThat(values(open())).containsExactly("d");
    }

    @Test
    void epochsGrowAtUncleanStartsAndSayWhereTheyEnd() throws Exception {
        Log log = open();
        int first = log.epoch();
        append(log, "a", "b");
        assertThat(log.endOfEpoch(first)).isEqualTo(new EpochEnd(first, 2));
        crash();
        Log again = open();
        int second = again.epoch();
        assertThat(second).isGreaterThan(first);
        append(again, "c");
        checkEpochs(again, first, second);
        subject.flush();
        restart();
        checkEpochs(open(), first, second);
        assertThat(open().epoch()).isGreaterThanOrEqualTo(second);
    }

    private static void checkEpochs(Log log, int first, int second) {
        assertThat(log.endOfEpoch(first)).isEqualTo(new EpochEnd(first, 2));
        assertThat(log.endOfEpoch(second)).isEqualTo(new EpochEnd(second, 3));
        assertThat(log.endOfEpoch(first - 1)).isEqualTo(EpochEnd.UNKNOWN);
        assertThat(log.epochAt(0)).isEqualTo(first);
        assertThat(log.epochAt(1)).isEqualTo(first);
        assertThat(log.epochAt(2)).isEqualTo(second);
    }

    @Test
    void theStateKnowsEveryBatchOnceAndInOrder() throws Exception {
        RecordingState expected = new RecordingState();
        for (int life = 0; life < 6; life++) {
            Log log = open();
            assertThat(log.state()).as("life %s", life).isEqualTo(expected);
            for (int i = 0; i < 4; i++) {
                ByteBuffer batches = Batches.concat(Batches.of("a" + i, "b"), Batches.of("c"));
                ByteBuffer copy = ByteBuffer.wrap(batches.array());
                appendAndWait(log, batches);
                for (byte[] batch : LogReader.read(log, log.durableEnd() - 3, Long.MAX_VALUE, copy.remaining())) {
                    expected.apply(ByteBuffer.wrap(batch), 0);
                }
                if (i == life % 4) {
                    subject.flush();
                }
            }
            if (life % 2 == 0) {
                restart();
            } else {
                crash();
            }
        }
        assertThat(open().state()).isEqualTo(expected);
    }

    private static RecordingState replayed(Log log) {
        RecordingState state = new RecordingState();
        LogReader.readAll(log, MIB).forEach(batch -> state.apply(ByteBuffer.wrap(batch), 0));
        return state;
    }

    @Test
    void manySmallLogsLiveSideBySide() throws Exception {
        int logs = 10_000;
        List<Append> appends = new ArrayList<>();
        for (int i = 0; i < logs; i++) {
            appends.add(open(id(i)).append(Batches.of("log " + i), null));
        }
        appends.forEach(append -> await(append.durable()));
        subject.flush();
        for (int i = 0; i < logs; i += 100) {
            append(open(id(i)), "more");
        }
        crash();
        assertThat(store.ids()).hasSize(logs);
        for (int i = 0; i < logs; i++) {
            Log log = open(id(i));
            assertThat(log.durableEnd()).isEqualTo(i % 100 == 0 ? 2 : 1);
            if (i % 50 == 0) {
                assertThat(values(log)).startsWith("log " + i);
            }
        }
    }

    @Test
    void logsOfManySizesReadAlikeFromMemoryAndFromDisk() throws Exception {
        Random random = new Random(42);
        List<List<byte[]>> expected = new ArrayList<>();
        int logs = 12;
        for (int i = 0; i < logs; i++) {
            expected.add(new ArrayList<>());
        }
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 60; i++) {
                int which = random.nextInt(logs);
                Log log = open(id(which));
                ByteBuffer batch = Batches.ofSize(1 + random.nextInt(1 << random.nextInt(16)), random.nextLong());
                byte[] sent = batch.array().clone();
                long base = appendAndWait(log, batch).baseOffset();
                BatchHeader.setBaseOffset(ByteBuffer.wrap(sent), 0, base);
                BatchHeader.setEpoch(ByteBuffer.wrap(sent), 0, log.epoch());
                expected.get(which).add(sent);
            }
            if (round % 2 == 0) {
                subject.flush();
            } else {
                restart();
            }
            for (LogId id : store.ids()) {
                checkContent(open(id), expected);
            }
        }
    }

    private static void checkContent(Log log, List<List<byte[]>> expected) {
        int which = (int) log.id().owner().getMostSignificantBits();
        assertThat(LogReader.readAll(log, 10_000)).containsExactlyElementsOf(expected.get(which));
        assertThat(LogReader.readAll(log, MIB)).containsExactlyElementsOf(expected.get(which));
    }
}

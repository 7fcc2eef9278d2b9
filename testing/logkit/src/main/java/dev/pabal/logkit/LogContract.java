package dev.pabal.logkit;

import static dev.pabal.logkit.LogReader.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pabal.log.Append;
import dev.pabal.log.BatchHeader;
import dev.pabal.log.Durability;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogRead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The rules of one log within one life of its store. {@link LogStoreContract} adds those of the store and
 * of its lives. */
abstract class LogContract extends ContractBase {
    @Test
    void anEmptyLogStartsAndEndsAtZero() {
        Log log = open();
        assertThat(List.of(log.startOffset(), log.durableEnd(), log.appendedEnd(), log.sizeInBytes()))
                .containsOnly(0L);
        assertThat(LogReader.read(log, 0, Long.MAX_VALUE, MIB)).isEmpty();
        assertThat(await(log.batchByTimestamp(0))).isEqualTo(-1);
        assertThat(await(log.batchOfMaxTimestamp())).isEqualTo(-1);
        assertThat(log.epochAt(0)).isEqualTo(-1);
    }

    @Test
    void offsetsAreDenseAndAssignedInOrder() {
        Log log = open();
        Append first = log.append(Batches.of("a", "b", "c"), null);
        Append second = log.append(Batches.of("d"), null);
        Append third = log.append(Batches.concat(Batches.of("e", "f"), Batches.of("g")), null);
        assertThat(List.of(first.baseOffset(), second.baseOffset(), third.baseOffset()))
                .containsExactly(0L, 3L, 4L);
        assertThat(List.of(first.lastOffset(), second.lastOffset(), third.lastOffset()))
                .containsExactly(2L, 3L, 6L);
        assertThat(log.appendedEnd()).isEqualTo(7);
        await(third.durable());
        assertThat(first.durable()).isCompleted();
        assertThat(second.durable()).isCompleted();
        assertThat(log.durableEnd()).isEqualTo(7);
        assertThat(values(log)).containsExactly("a", "b", "c", "d", "e", "f", "g");
    }

    @Test
    void storedBytesAreTheAppendedOnesButForOffsetAndEpoch() throws Exception {
        Log log = open();
        append(log, "before");
        ByteBuffer batch = new BatchBuilder()
                .timestampMs(5)
                .producer(9, 2, 40)
                .record("k", "v")
                .record(null, "w")
                .build();
        byte[] sent = batch.array().clone();
        appendAndWait(log, batch);
        BatchHeader.setBaseOffset(ByteBuffer.wrap(sent), 0, 1);
        BatchHeader.setEpoch(ByteBuffer.wrap(sent), 0, log.epoch());
        assertThat(LogReader.read(log, 1, Long.MAX_VALUE, MIB)).containsExactly(sent);
        subject.flush();
        assertThat(LogReader.read(log, 1, Long.MAX_VALUE, MIB)).containsExactly(sent);
    }

    @Test
    void onlyWhatLiesBetweenPositionAndLimitIsAppended() {
        Log log = open();
        ByteBuffer batch = Batches.of("inside");
        ByteBuffer wide = ByteBuffer.allocateDirect(batch.remaining() + 200);
        wide.position(100).limit(100 + batch.remaining());
        wide.duplicate().put(batch);
        appendAndWait(log, wide);
        assertThat(values(log)).containsExactly("inside");
    }

    @Test
    void nothingIsSeenBeforeItIsDurable() {
        assumeTrue(subject.holdDurability(), "this store's durability cannot be held back");
        Log log = open();
        Append append = log.append(Batches.of("a", "b"), null);
        assertThat(append.baseOffset()).isZero();
        assertThat(log.appendedEnd()).isEqualTo(2);
        assertThat(log.durableEnd()).isZero();
        assertThat(append.durable()).isNotDone();
        assertThat(LogReader.read(log, 0, Long.MAX_VALUE, MIB)).isEmpty();
        assertThat(refusal(() -> await(log.read(1, Long.MAX_VALUE, MIB)))).isEqualTo(Reason.OFFSET_OUT_OF_RANGE);
        assertThat(await(log.batchByTimestamp(0))).isEqualTo(-1);
        assertThat(await(log.batchOfMaxTimestamp())).isEqualTo(-1);
        subject.releaseDurability();
        await(append.durable());
        assertThat(log.durableEnd()).isEqualTo(2);
        assertThat(values(log)).containsExactly("a", "b");
    }

    @Test
    void anAppendOfSeveralBatchesBecomesVisibleAsOne() {
        assumeTrue(subject.holdDurability(), "this store's durability cannot be held back");
        Log log = open();
        List<Long> ends = Collections.synchronizedList(new ArrayList<>());
        log.onDurable(ends::add);
        Append append = log.append(Batches.concat(Batches.of("a"), Batches.of("b"), Batches.of("c")), null);
        subject.releaseDurability();
        await(append.durable());
        log.onDurable(null);
        assertThat(ends).doesNotContain(1L, 2L);
    }

    @Test
    void anAppendThatAsksForNoSyncDoesNotWaitForOne() {
        assumeTrue(subject.holdDurability(), "this store's durability cannot be held back");
        LogConfig unsynced = LogConfig.DEFAULT.withDurability(Durability.OS);
        Log log = store.open(ID, unsynced);
        await(log.append(Batches.of("a"), null).durable());
        assertThat(log.durableEnd()).isEqualTo(1);
        assertThat(values(log)).containsExactly("a");
        subject.releaseDurability();
    }

    @Test
    void theListenerHearsEveryGrowthInOrder() throws Exception {
        Log log = open();
        List<Long> ends = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> heardLast = new CompletableFuture<>();
        log.onDurable(end -> {
            ends.add(end);
            if (end == 50) {
                heardLast.complete(null);
            }
        });
        for (int i = 0; i < 50; i++) {
            log.append(Batches.of("v" + i), null);
        }
        heardLast.get(60, TimeUnit.SECONDS);
        assertThat(ends).isSorted().doesNotHaveDuplicates().endsWith(50L);
    }

    @Test
    void theBufferIsGivenBackOnceAndIsNotNeededAfterwards() throws Exception {
        Log log = open();
        int appends = 40;
        AtomicInteger released = new AtomicInteger();
        List<CompletableFuture<Void>> durable = new ArrayList<>();
        for (int i = 0; i < appends; i++) {
            ByteBuffer batch = Batches.of("v" + i);
            Runnable poison = () -> {
                Arrays.fill(batch.array(), (byte) 0x55);
                released.incrementAndGet();
            };
            durable.add(log.append(batch, poison).durable());
        }
        durable.forEach(LogReader::await);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < appends; i++) {
            expected.add("v" + i);
        }
        assertThat(values(log)).isEqualTo(expected);
        subject.flush();
        assertThat(values(log)).isEqualTo(expected);
        restart();
        assertThat(values(open())).isEqualTo(expected);
        assertThat(released.get()).isEqualTo(appends);
    }

    @Test
    void readsReturnWholeBatchesWithinTheirBounds() throws Exception {
        Log log = open();
        append(log, "a", "b");
        append(log, "c", "d");
        append(log, "e", "f");
        checkBounds(log);
        subject.flush();
        checkBounds(log);
    }

    private static void checkBounds(Log log) {
        int batch = LogReader.read(log, 0, 1, 1).get(0).length;
        assertThat(bases(log, 0, Long.MAX_VALUE, MIB)).containsExactly(0L, 2L, 4L);
        // The batch that holds the offset comes whole.
        assertThat(bases(log, 3, Long.MAX_VALUE, MIB)).containsExactly(2L, 4L);
        assertThat(bases(log, 3, Long.MAX_VALUE, 1)).containsExactly(2L);
        assertThat(bases(log, 0, Long.MAX_VALUE, 2 * batch)).containsExactly(0L, 2L);
        assertThat(bases(log, 0, Long.MAX_VALUE, 2 * batch - 1)).containsExactly(0L);
        assertThat(bases(log, 0, Long.MAX_VALUE, 0)).isEmpty();
        // No batch that starts at or beyond the bound.
        assertThat(bases(log, 0, 3, MIB)).containsExactly(0L, 2L);
        assertThat(bases(log, 0, 2, MIB)).containsExactly(0L);
        assertThat(bases(log, 2, 2, MIB)).isEmpty();
        assertThat(bases(log, 6, Long.MAX_VALUE, MIB)).isEmpty();
        assertThat(refusal(() -> await(log.read(7, Long.MAX_VALUE, MIB)))).isEqualTo(Reason.OFFSET_OUT_OF_RANGE);
        assertThat(refusal(() -> await(log.read(-1, Long.MAX_VALUE, MIB)))).isEqualTo(Reason.OFFSET_OUT_OF_RANGE);
    }

    private static List<Long> bases(Log log, long offset, long upTo, int maxBytes) {
        return LogReader.read(log, offset, upTo, maxBytes).stream()
                .map(LogReader::baseOffset)
                .toList();
    }

    @Test
    void readsGiveReadOnlyBytesThatStayUntilTheReadIsClosed() throws Exception {
        Log log = open();
        append(log, "kept");
        subject.flush();
        append(log, "too");
        try (LogRead read = await(log.read(0, Long.MAX_VALUE, MIB))) {
            assertThat(read.buffers()).allMatch(ByteBuffer::isReadOnly);
            await(log.trim(2));
            subject.flush();
            for (int i = 0; i < 20; i++) {
                append(log, "more");
            }
            assertThat(LogReader.values(Batches.split(read))).startsWith("kept");
        }
    }

    @Test
    void manyThreadsReadWhatManyThreadsAppend() throws Exception {
        int writers = 4;
        int perWriter = 150;
        ExecutorService pool = Executors.newFixedThreadPool(2 * writers);
        try {
            List<Future<?>> work = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                Log log = open(id(w));
                work.add(pool.submit(() -> appendMany(log, perWriter)));
                work.add(pool.submit(() -> followTo(log, perWriter)));
            }
            subject.flush();
            for (Future<?> f : work) {
                f.get(120, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void appendMany(Log log, int count) {
        for (int i = 0; i < count; i++) {
            Append append = log.append(Batches.of(log.id() + "/" + i), null);
            if (i % 10 == 9) {
                await(append.durable());
            }
        }
    }

    /** Follows a log until {@code count} records came, each exactly once and in order. */
    private static void followTo(Log log, int count) {
        long next = 0;
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(110);
        while (next < count) {
            assertThat(System.nanoTime()).as("time left at offset %s", next).isLessThan(deadlineNs);
            List<byte[]> some = LogReader.read(log, next, Long.MAX_VALUE, 2_000);
            for (String value : LogReader.values(some)) {
                assertThat(value).isEqualTo(log.id() + "/" + next);
                next++;
            }
            if (some.isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(next).isLessThanOrEqualTo(log.durableEnd());
        }
    }

    @Test
    void trimmingMovesTheStartAndNeverBack() throws Exception {
        Log log = open();
        append(log, "a", "b");
        append(log, "c", "d");
        append(log, "e", "f");
        assertThat(await(log.trim(3))).isEqualTo(3);
        assertThat(log.startOffset()).isEqualTo(3);
        assertThat(await(log.trim(1))).isEqualTo(3);
        assertThat(log.startOffset()).isEqualTo(3);
        assertThat(refusal(() -> await(log.read(2, Long.MAX_VALUE, MIB)))).isEqualTo(Reason.OFFSET_OUT_OF_RANGE);
        assertThat(bases(log, 3, Long.MAX_VALUE, MIB)).containsExactly(2L, 4L);
        subject.flush();
        assertThat(bases(log, 3, Long.MAX_VALUE, MIB)).containsExactly(2L, 4L);
        assertThat(refusal(() -> await(log.trim(7)))).isEqualTo(Reason.OFFSET_OUT_OF_RANGE);
        assertThat(log.startOffset()).isEqualTo(3);
    }

    @Test
    void aLogTrimmedToItsEndGoesOnFromThere() {
        Log log = open();
        append(log, "a", "b");
        assertThat(await(log.trim(2))).isEqualTo(2);
        assertThat(LogReader.read(log, 2, Long.MAX_VALUE, MIB)).isEmpty();
        assertThat(append(log, "c").baseOffset()).isEqualTo(2);
        assertThat(values(log)).containsExactly("c");
    }

    @Test
    void batchesAreFoundByTimestamp() throws Exception {
        Log log = open();
        for (long timestampMs : new long[] {100, 300, 200, 300}) {
            appendAndWait(
                    log,
                    new BatchBuilder()
                            .timestampMs(timestampMs)
                            .record(null, "v")
                            .record(null, "w")
                            .build());
        }
        checkTimestamps(log);
        subject.flush();
        checkTimestamps(log);
        restart();
        checkTimestamps(open());
    }

    private static void checkTimestamps(Log log) {
        assertThat(await(log.batchByTimestamp(0))).isEqualTo(0);
        assertThat(await(log.batchByTimestamp(100))).isEqualTo(0);
        assertThat(await(log.batchByTimestamp(101))).isEqualTo(2);
        assertThat(await(log.batchByTimestamp(300))).isEqualTo(2);
        assertThat(await(log.batchByTimestamp(301))).isEqualTo(-1);
        assertThat(await(log.batchOfMaxTimestamp())).isEqualTo(2);
    }

    @Test
    void timestampsOfTrimmedBatchesAreForgotten() throws Exception {
        Log log = open();
        for (long timestampMs : new long[] {500, 100, 200}) {
            appendAndWait(
                    log,
                    new BatchBuilder()
                            .timestampMs(timestampMs)
                            .record(null, "v")
                            .build());
        }
        subject.flush();
        await(log.trim(1));
        assertThat(await(log.batchByTimestamp(100))).isEqualTo(1);
        assertThat(await(log.batchByTimestamp(400))).isEqualTo(-1);
        assertThat(await(log.batchOfMaxTimestamp())).isEqualTo(2);
    }

    @Test
    void largeAppendsAreTakenWhole() throws Exception {
        Log log = open();
        byte[] large = Batches.ofSize(largestAppendInBytes() - 1024, 5).array();
        append(log, "small");
        appendAndWait(log, ByteBuffer.wrap(large));
        append(log, "small again");
        assertThat(LogReader.read(log, 1, 2, 1)).containsExactly(large);
        subject.flush();
        restart();
        assertThat(LogReader.read(open(), 1, 2, 1)).containsExactly(large);
    }

    @Test
    void anAppendThatIsTooLargeIsRefusedBeforeItTakesAnOffset() {
        Log log = open();
        append(log, "a");
        ByteBuffer huge = Batches.ofSize(128 * MIB, 6);
        try {
            await(log.append(huge, null).durable());
            assertThat(log.appendedEnd()).isEqualTo(2);
        } catch (LogException e) {
            assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE);
            assertThat(log.appendedEnd()).isEqualTo(1);
        }
        long next = log.appendedEnd();
        assertThat(append(log, "b").baseOffset()).isEqualTo(next);
    }

    @Test
    void sizeFollowsWhatIsStored() {
        Log log = open();
        int bytes = Batches.of("a").remaining();
        append(log, "a");
        append(log, "b");
        assertThat(log.sizeInBytes()).isEqualTo(2L * bytes);
    }

    @Test
    void retentionBySizeTakesTheOldestAndNothingElse() throws Exception {
        LogConfig d = LogConfig.DEFAULT;
        LogConfig small = new LogConfig(
                d.durability(),
                true,
                false,
                -1,
                20_000,
                8_192,
                d.segmentMs(),
                d.deleteRetentionMs(),
                0,
                Long.MAX_VALUE,
                0.5);
        Log log = store.open(ID, small);
        fillForRetention(log, 60);
        assumeTrue(subject.applyRetention(), "this store has no retention");
        assertThat(log.startOffset()).isPositive();
        assertThat(log.sizeInBytes()).isGreaterThan(19_000);
        assertThat(log.durableEnd()).isEqualTo(60);
        checkTail(log);
        long start = log.startOffset();
        restart();
        Log again = store.open(ID, small);
        assertThat(again.startOffset()).isEqualTo(start);
        assertThat(again.appendedEnd()).isEqualTo(60);
        checkTail(again);
    }

    @Test
    void retentionByTimeTakesWhatIsTooOldAndNothingElse() throws Exception {
        LogConfig d = LogConfig.DEFAULT;
        LogConfig brief = new LogConfig(
                d.durability(),
                true,
                false,
                600_000,
                -1,
                8_192,
                d.segmentMs(),
                d.deleteRetentionMs(),
                0,
                Long.MAX_VALUE,
                0.5);
        Log log = store.open(ID, brief);
        fillForRetention(log, 30);
        assumeTrue(subject.applyRetention(), "this store has no retention");
        assertThat(log.startOffset()).as("nothing is old yet").isZero();
        clock.advanceMs(1_000_000);
        fillForRetention(log, 60);
        subject.applyRetention();
        assertThat(log.startOffset()).isPositive().isLessThanOrEqualTo(30);
        checkTail(log);
    }

    private void fillForRetention(Log log, int end) throws Exception {
        while (log.appendedEnd() < end) {
            appendAndWait(
                    log,
                    new BatchBuilder()
                            .timestampMs(clock.wallMs())
                            .record(null, log.appendedEnd() + "x".repeat(1_000))
                            .build());
            if (log.appendedEnd() % 5 == 0) {
                // What is flushed together may be kept together: trimming frees whole physical units.
                subject.flush();
            }
        }
        subject.flush();
    }

    private static void checkTail(Log log) {
        long expected = log.startOffset();
        for (String value : values(log)) {
            assertThat(value).startsWith(expected + "x");
            expected++;
        }
        assertThat(expected).isEqualTo(log.durableEnd());
    }
}

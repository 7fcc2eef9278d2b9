package dev.pabal.log.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cold reads under want of memory, side by side with upkeep, and at the end of the store. */
class ColdReadTest {
    private static final int BATCH_BYTES = 200_000;
    /** Memory for three extents of usual size. */
    private static final SegmentOptions TIGHT = new SegmentOptions(
            1, 1 << 20, 4, 2, 3L * ReadMemory.SLAB_BYTES, ReadMemory.SLAB_BYTES, 50, 1 << 20, 1 << 20, 10, 1 << 20, 0);

    private final FakeDisk disk = new FakeDisk();
    private final SegmentFiles store = new SegmentFiles(disk, new ManualClock(), new NoCompactor(), TIGHT);

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private static LogId id(int log) {
        return new LogId(new UUID(4, log), 0);
    }

    private void fill(int logs, int batches) throws IOException {
        Random random = new Random(3);
        for (int b = 0; b < batches; b++) {
            List<Run> runs = new ArrayList<>();
            for (int log = 0; log < logs; log++) {
                runs.add(Batches.run(id(log), List.of(Batches.batch(random, b, 1, b, BATCH_BYTES))));
            }
            store.write(runs);
        }
    }

    @Test
    void readsBeyondTheMemoryGetOneBatchEachThenWaitForOthersToClose() throws Exception {
        fill(30, 2);
        List<LogRead> held = new ArrayList<>();
        List<CompletableFuture<LogRead>> waiting = new ArrayList<>();
        for (int log = 0; log < 30; log++) {
            CompletableFuture<LogRead> read = store.read(id(log), 1, Long.MAX_VALUE, 1 << 20);
            if (log < 3 + 15) {
                held.add(read.get(60, TimeUnit.SECONDS));
            } else {
                waiting.add(read);
            }
        }
        // Where all memory is held, other questions are still answered.
        assertThat(store.batchByTimestamp(id(29), 0).get(60, TimeUnit.SECONDS)).isZero();
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        held.forEach(LogRead::close);
        for (CompletableFuture<LogRead> read : waiting) {
            LogRead got = read.get(60, TimeUnit.SECONDS);
            List<ByteBuffer> batches = Batches.of(got);
            assertThat(batches).hasSize(1);
            assertThat(BatchHeader.baseOffset(batches.get(0), 0)).isEqualTo(1);
            got.close();
        }
    }

    @Test
    void aReadThatWaitsTooLongForMemoryIsRefused() throws Exception {
        fill(30, 1);
        List<LogRead> held = new ArrayList<>();
        for (int log = 0; log < 18; log++) {
            held.add(store.read(id(log), 0, Long.MAX_VALUE, 1).get(60, TimeUnit.SECONDS));
        }
        CompletableFuture<LogRead> waiting = store.read(id(20), 0, Long.MAX_VALUE, 1);
        assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS)).hasMessageContaining("slow consumers");
        held.forEach(LogRead::close);
        store.read(id(20), 0, Long.MAX_VALUE, 1).get(60, TimeUnit.SECONDS).close();
    }

    @Test
    void aClosedStoreAnswersReadsThatWait() throws Exception {
        fill(30, 1);
        for (int log = 0; log < 18; log++) {
            store.read(id(log), 0, Long.MAX_VALUE, 1 << 20).get(60, TimeUnit.SECONDS);
        }
        CompletableFuture<LogRead> waiting = store.read(id(20), 0, Long.MAX_VALUE, 1 << 20);
        store.close();
        assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(LogException.class);
        assertThatThrownBy(() -> store.read(id(4), 0, Long.MAX_VALUE, 1).get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(LogException.class);
    }

    @Test
    void sequentialReadsFindTheNextExtentInMemory() throws Exception {
        fill(1, 20);
        int ready = 0;
        for (long at = 0; at < 20; ) {
            long readsBefore = disk.reads();
            CompletableFuture<LogRead> future = store.read(id(0), at, Long.MAX_VALUE, BATCH_BYTES + 1_000);
            boolean found = future.isDone();
            ready += found ? 1 : 0;
            try (LogRead read = future.get(60, TimeUnit.SECONDS)) {
                at += Batches.of(read).size();
            }
            awaitReads(found ? readsBefore + 1 : readsBefore + 2);
        }
        assertThat(ready).isGreaterThan(5);
    }

    /** Another thread reads ahead. Where nothing is, as at the end, this goes on after a while. */
    private void awaitReads(long count) {
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (disk.reads() < count && System.nanoTime() < untilNs) {
            LockSupport.parkNanos(100_000);
        }
        LockSupport.parkNanos(2_000_000);
    }

    @Test
    void manyReadersSeeWholeBatchesWhileFilesComeAndGo() throws Exception {
        fill(6, 2);
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Integer>> readers = new ArrayList<>();
        for (int r = 0; r < 4; r++) {
            int seed = r;
            readers.add(CompletableFuture.supplyAsync(() -> readUntil(stop, seed)));
        }
        Random random = new Random(11);
        for (int round = 2; round < 40; round++) {
            fillOne(round);
            for (int log = 0; log < 6; log++) {
                store.trim(id(log), Math.max(0, round - 3 - random.nextInt(3)));
            }
            store.upkeep((log, start) -> {});
            store.sync();
            store.manifest();
            store.checkpointed();
        }
        stop.set(true);
        for (CompletableFuture<Integer> reader : readers) {
            assertThat(reader.get(60, TimeUnit.SECONDS)).isPositive();
        }
    }

    private void fillOne(int offset) throws IOException {
        List<Run> runs = new ArrayList<>();
        for (int log = 0; log < 6; log++) {
            runs.add(Batches.run(id(log), List.of(batchOf(log, offset))));
        }
        store.write(runs);
    }

    private static ByteBuffer batchOf(int log, long offset) {
        return Batches.batch(new Random(log * 1_000L + offset), offset, 1, offset, BATCH_BYTES);
    }

    /** Reads at random, holds some of it for a while, compares; returns the number of batches seen. */
    private int readUntil(AtomicBoolean stop, int seed) {
        Random random = new Random(seed);
        ArrayDeque<LogRead> held = new ArrayDeque<>();
        int seen = 0;
        while (!stop.get() || seen == 0) {
            int log = random.nextInt(6);
            long start = store.startOffset(id(log));
            long offset = start + random.nextInt(Math.max(1, (int) (store.nextOffset(id(log)) - start)));
            try {
                LogRead read =
                        store.read(id(log), offset, Long.MAX_VALUE, 500_000).get(60, TimeUnit.SECONDS);
                for (ByteBuffer batch : Batches.of(read)) {
                    long base = BatchHeader.baseOffset(batch, 0);
                    assertThat(base < 2 || batch.equals(batchOf(log, base))).isTrue();
                    seen++;
                }
                held.add(read);
            } catch (Exception e) {
                // A trim may overtake the read.
                assertThat(e).hasMessageContaining("before the start");
            }
            if (!held.isEmpty() && random.nextInt(3) > 0) {
                held.poll().close();
            }
            while (held.size() > 0 && random.nextInt(4) == 0 || held.size() > 1) {
                held.poll().close();
            }
        }
        held.forEach(LogRead::close);
        return seen;
    }
}

package dev.pabal.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The space of what was released comes back, and what lies between it stays readable. */
class ReleaseTest {
    private static final int KIB = 1 << 10;
    private static final LogId LOG = id(1);
    private static final SegmentOptions OPTIONS = new SegmentOptions(
            16 * KIB, 256 * KIB, 8, 2, 8L << 20, 2L << 20, 100, 1 << 20, 64 * KIB, 1_000, 1 << 20, 1 << 20);

    private final FakeDisk disk = new FakeDisk();
    private final ManualClock clock = new ManualClock();
    private final Random random = new Random(42);
    private SegmentFiles store;

    private static LogId id(int n) {
        return new LogId(new UUID(n, 1), 0);
    }

    @BeforeEach
    void open() throws IOException {
        start(ByteBuffer.allocate(0));
    }

    private void start(ByteBuffer manifest) throws IOException {
        store = new SegmentFiles(disk, clock, new ToyCompactor(), OPTIONS);
        LogConfig d = LogConfig.DEFAULT.keepForever();
        for (int i = 0; i < 100; i++) {
            store.configure(
                    id(i),
                    new LogConfig(
                            d.durability(), false, false, -1, -1, 64 * KIB, 3_600_000, 0, 0, Long.MAX_VALUE, 0.5));
        }
        store.load(manifest);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private void settleAndCheckpoint() throws IOException {
        clock.advanceMs(1_000);
        int steps = 0;
        while (store.upkeep((log, start) -> {}) || steps < 3) {
            assertThat(steps++).isLessThan(10_000);
        }
        store.sync();
        store.manifest();
        store.checkpointed();
    }

    /** Writes batches of one record each, in one run. */
    private List<ByteBuffer> write(LogId log, long from, int count, int bytes) throws IOException {
        List<ByteBuffer> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(Batches.batch(random, from + i, 1, 1, bytes));
        }
        store.write(List.of(Batches.run(log, batches)));
        return batches;
    }

    private static Released released(long... ranges) {
        Released released = new Released();
        for (int i = 0; i < ranges.length; i += 2) {
            add(released, ranges[i], ranges[i + 1]);
        }
        return released;
    }

    private static void add(Released released, long from, long to) {
        released.add(from, to);
        released.look(from, to);
    }

    private List<Long> offsets(LogId log) throws Exception {
        List<Long> offsets = new ArrayList<>();
        long at = store.startOffset(log);
        while (true) {
            LogRead read = store.read(log, at, Long.MAX_VALUE, 1 << 20).get();
            List<ByteBuffer> batches = Batches.of(read);
            read.close();
            if (batches.isEmpty()) {
                return offsets;
            }
            batches.forEach(batch -> offsets.add(BatchHeader.baseOffset(batch, 0)));
            at = offsets.get(offsets.size() - 1) + 1;
        }
    }

    @Test
    void aFileOfWhichNothingIsWantedGoesWhereverItLies() throws Exception {
        for (int i = 0; i < 4; i++) {
            write(LOG, i * 10L, 10, 8 * KIB); // a segment each
        }
        int files = store.segmentFiles();
        store.release(LOG, released(10, 20));
        settleAndCheckpoint();
        assertThat(store.segmentFiles()).isEqualTo(files - 1);
        assertThat(disk.list()).hasSize(files - 1);
        assertThat(offsets(LOG)).hasSize(30).doesNotContain(10L, 15L, 19L);
        assertThat(store.sizeInBytes(LOG)).isEqualTo(30L * (8 * KIB + BatchHeader.BYTES));
    }

    @Test
    void oneMessageThatStaysCostsItsOwnBytesOnly() throws Exception {
        List<ByteBuffer> batches = write(LOG, 0, 60, 8 * KIB);
        Released released = new Released();
        for (int i = 0; i < 60; i++) {
            if (i != 17) {
                add(released, i, i + 1);
                store.release(LOG, released);
            }
        }
        settleAndCheckpoint();
        assertThat(offsets(LOG)).containsExactly(17L);
        assertThat(store.segmentBytes()).isLessThan(24L * KIB);
        try (LogRead read = store.read(LOG, 3, Long.MAX_VALUE, 1).get()) {
            assertThat(Batches.of(read)).containsExactly(batches.get(17));
        }
        assertThat(store.nextOffset(LOG)).isEqualTo(60);
        write(LOG, 60, 1, 100);
        assertThat(offsets(LOG)).containsExactly(17L, 60L);
    }

    @Test
    void logsThatShareAFileGiveBackWhatTheyReleased() throws Exception {
        for (int round = 0; round < 10; round++) {
            for (int log = 0; log < 50; log++) {
                write(id(log), round * 4L, 4, 300);
            }
        }
        for (int log = 0; log < 50; log++) {
            store.release(id(log), released(0, log, log + 1, 40));
        }
        settleAndCheckpoint();
        assertThat(store.segmentBytes()).isLessThan(64L * KIB);
        for (int log = 0; log < 50; log++) {
            assertThat(offsets(id(log))).isEqualTo(log < 40 ? List.of((long) log) : List.of());
        }
    }

    @Test
    void whatIsReleasedDuringARewriteIsCountedAfterIt() throws Exception {
        write(LOG, 0, 100, 8 * KIB);
        Released released = released(0, 60);
        store.release(LOG, released);
        clock.advanceMs(1_000);
        for (int i = 0; i < 4; i++) {
            store.upkeep((log, start) -> {});
        }
        add(released, 61, 99);
        store.release(LOG, released);
        settleAndCheckpoint();
        settleAndCheckpoint();
        assertThat(offsets(LOG)).containsExactly(60L, 99L);
        assertThat(store.segmentBytes()).isLessThan(40L * KIB);
    }

    @Test
    void aTrimAfterAReleaseCountsNothingTwice() throws Exception {
        write(LOG, 0, 20, 8 * KIB);
        write(LOG, 20, 20, 8 * KIB);
        store.release(LOG, released(5, 10, 25, 30));
        store.trim(LOG, 15);
        store.trim(LOG, 27);
        long batch = 8 * KIB + BatchHeader.BYTES;
        assertThat(store.sizeInBytes(LOG)).isBetween(9 * batch, 13 * batch);
        store.trim(LOG, 40);
        assertThat(store.sizeInBytes(LOG)).isZero();
        settleAndCheckpoint();
        assertThat(store.segmentBytes()).isZero();
    }

    @Test
    void aRestartForgetsWhatWasReleasedAndNotWhatIsGone() throws Exception {
        for (int i = 0; i < 3; i++) {
            write(LOG, i * 10L, 10, 8 * KIB);
        }
        store.release(LOG, released(0, 10, 11, 12));
        settleAndCheckpoint();
        ByteBuffer manifest = store.manifest();
        store.close();
        start(manifest);
        assertThat(offsets(LOG)).startsWith(10L).endsWith(29L);
        assertThat(store.sizeInBytes(LOG)).isEqualTo(20L * (8 * KIB + BatchHeader.BYTES));
        assertThat(store.startOffset(LOG)).isZero();
    }

    @Test
    void rangesThatTouchBecomeOne() {
        Released released = new Released();
        released.add(10, 20);
        released.add(30, 40);
        assertThat(released.covers(10, 40)).isFalse();
        released.add(20, 30);
        assertThat(released.covers(10, 40)).isTrue();
        assertThat(released.covers(9, 11)).isFalse();
        assertThat(released.covers(39, 41)).isFalse();
        released.trim(25);
        assertThat(released.covers(24, 26)).isFalse();
        assertThat(released.covers(25, 40)).isTrue();
        released.trim(40);
        assertThat(released.covers(39, 40)).isFalse();
    }

    @Test
    void rangesAreThoseOfAPlainSet() {
        for (int seed = 0; seed < 50; seed++) {
            Random choices = new Random(seed);
            Released released = new Released();
            boolean[] set = new boolean[200];
            for (int i = 0; i < 60; i++) {
                int from = choices.nextInt(190);
                int to = from + 1 + choices.nextInt(9);
                released.add(from, to);
                for (int at = from; at < to; at++) {
                    set[at] = true;
                }
                int first = choices.nextInt(190);
                int end = first + 1 + choices.nextInt(9);
                boolean all = true;
                for (int at = first; at < end; at++) {
                    all &= set[at];
                }
                assertThat(released.covers(first, end)).as("seed %s", seed).isEqualTo(all);
            }
        }
    }
}

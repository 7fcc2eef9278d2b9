package dev.pabal.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.Durability;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import dev.pabal.log.segment.ToyCompactor.Toy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retention, sealing, merging, compaction and scrubbing, each by what a reader and the disk show of it. */
class UpkeepTest {
    private static final LogId LOG = new LogId(new UUID(1, 1), 0);
    private static final SegmentOptions OPTIONS = new SegmentOptions(
            16 << 10, 256 << 10, 8, 2, 8L << 20, 2L << 20, 100, 1 << 20, 64 << 10, 1_000, 1 << 20, 1 << 20);

    private final FakeDisk disk = new FakeDisk();
    private final ManualClock clock = new ManualClock();
    private final Random random = new Random(42);
    private final Map<LogId, Long> trimmed = new HashMap<>();
    private SegmentFiles store;

    @BeforeEach
    void open() throws IOException {
        store = new SegmentFiles(disk, clock, new ToyCompactor(), OPTIONS);
        store.load(ByteBuffer.allocate(0));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private static LogConfig config(boolean deletes, boolean compacts, long retentionMs, long retentionBytes) {
        return new LogConfig(
                Durability.FSYNC,
                deletes,
                compacts,
                retentionMs,
                retentionBytes,
                64 << 10,
                3_600_000,
                10_000,
                0,
                Long.MAX_VALUE,
                0.5);
    }

    /** Lets time pass and upkeep do all it finds to do. */
    private void settle() throws IOException {
        clock.advanceMs(1_000);
        int steps = 0;
        while (store.upkeep(trimmed::put) || steps < 3) {
            assertThat(steps++).isLessThan(10_000);
        }
    }

    private void checkpoint() throws IOException {
        store.sync();
        store.manifest();
        store.checkpointed();
    }

    private ByteBuffer write(LogId log, long offset, long timestamp, int bytes) throws IOException {
        ByteBuffer batch = Batches.batch(random, offset, 1, timestamp, bytes);
        store.write(List.of(Batches.run(log, List.of(batch))));
        return batch;
    }

    private List<ByteBuffer> readAll(LogId log) throws Exception {
        List<ByteBuffer> all = new ArrayList<>();
        long at = store.startOffset(log);
        while (true) {
            LogRead read = store.read(log, at, Long.MAX_VALUE, 1 << 20).get();
            List<ByteBuffer> batches = Batches.of(read);
            read.close();
            if (batches.isEmpty()) {
                return all;
            }
            all.addAll(batches);
            at = BatchHeader.nextOffset(batches.get(batches.size() - 1), 0);
        }
    }

    @Test
    void timeTakesOldExtentsAndTheOffsetsStay() throws Exception {
        store.configure(LOG, config(true, false, 60_000, -1));
        for (int i = 0; i < 4; i++) {
            write(LOG, i, clock.wallMs(), 20_000);
            clock.advanceMs(20_000);
        }
        settle();
        assertThat(trimmed).containsEntry(LOG, 2L);
        assertThat(store.startOffset(LOG)).isEqualTo(2);
        assertThat(readAll(LOG)).hasSize(2);
        clock.advanceMs(100_000);
        settle();
        assertThat(store.startOffset(LOG)).isEqualTo(4);
        assertThat(store.nextOffset(LOG)).isEqualTo(4);
        assertThat(store.sizeInBytes(LOG)).isZero();
        checkpoint();
        assertThat(disk.list()).isEmpty();
    }

    @Test
    void sizeTakesTheOldestExtents() throws Exception {
        store.configure(LOG, config(true, false, -1, 50_000));
        for (int i = 0; i < 5; i++) {
            write(LOG, i, 1, 20_000 - BatchHeader.BYTES);
        }
        settle();
        assertThat(store.startOffset(LOG)).isEqualTo(2);
        assertThat(store.sizeInBytes(LOG)).isEqualTo(60_000);
    }

    @Test
    void nothingGoesBeforeTheLogsPoliciesAreKnown() throws Exception {
        write(LOG, 0, 1, 20_000);
        settle();
        assertThat(store.startOffset(LOG)).isZero();
    }

    @Test
    void anOwnSegmentIsSealedBySizeAndByAge() throws Exception {
        store.configure(LOG, config(true, false, -1, -1));
        for (int i = 0; i < 8; i++) {
            write(LOG, i, 1, 20_000);
        }
        assertThat(store.segmentFiles()).isEqualTo(2);
        clock.advanceMs(3_600_000);
        settle();
        write(LOG, 8, 1, 20_000);
        assertThat(store.segmentFiles()).isEqualTo(3);
        assertThat(readAll(LOG)).hasSize(9);
    }

    @Test
    void sharedSegmentsOfSmallExtentsAreMergedAndGoAfterTheNextCheckpoint() throws Exception {
        Map<LogId, List<ByteBuffer>> written = new TreeMap<>(Sealer::compare);
        Map<LogId, Long> next = new HashMap<>();
        for (int round = 0; round < 600; round++) {
            List<Run> runs = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                LogId log = new LogId(new UUID(3, i), 0);
                long offset = next.merge(log, 1L, Long::sum) - 1;
                ByteBuffer batch = Batches.batch(random, offset, 1, round, random.nextInt(300));
                written.computeIfAbsent(log, l -> new ArrayList<>()).add(batch);
                runs.add(Batches.run(log, List.of(batch)));
            }
            store.write(runs);
        }
        int before = store.segmentFiles();
        assertThat(before).isGreaterThan(5);
        settle();
        assertThat(store.segmentFiles()).isLessThanOrEqualTo(before - 3);
        checkpoint();
        assertThat(disk.list()).hasSize(store.segmentFiles());
        for (Map.Entry<LogId, List<ByteBuffer>> one : written.entrySet()) {
            assertThat(readAll(one.getKey())).isEqualTo(one.getValue());
        }
        reopen();
        for (Map.Entry<LogId, List<ByteBuffer>> one : written.entrySet()) {
            assertThat(readAll(one.getKey())).isEqualTo(one.getValue());
        }
    }

    private void reopen() throws IOException {
        store.sync();
        ByteBuffer manifest = store.manifest();
        store.checkpointed();
        store.close();
        store = new SegmentFiles(disk, clock, new ToyCompactor(), OPTIONS);
        store.load(manifest);
    }

    @Test
    void aSharedSegmentOfMostlyDeletedLogsIsRewritten() throws Exception {
        for (int i = 0; i < 100; i++) {
            write(new LogId(new UUID(3, i), 0), 0, 1, 10_000);
        }
        settle();
        long before = store.segmentBytes();
        for (int i = 0; i < 100; i++) {
            if (i % 5 != 0) {
                store.delete(List.of(new LogId(new UUID(3, i), 0)));
            }
        }
        settle();
        assertThat(store.segmentBytes()).isLessThan(before / 2);
        assertThat(store.ids()).hasSize(20);
        for (LogId log : store.ids()) {
            assertThat(readAll(log)).hasSize(1);
        }
    }

    private List<Toy> toys(LogId log) throws Exception {
        List<Toy> toys = new ArrayList<>();
        for (ByteBuffer batch : readAll(log)) {
            toys.addAll(ToyCompactor.records(batch, 0));
        }
        return toys;
    }

    /** Random records under few keys, compacted now and then: the latest of each key must be there, and in the end nothing else. */
    private void compact(int records, int keys, int keyMapBytes, int batchRecords, double mostLeft) throws Exception {
        store.close();
        SegmentOptions options = new SegmentOptions(
                16 << 10, 256 << 10, 8, 2, 8L << 20, 2L << 20, 100, 1 << 20, 64 << 10, 1_000, keyMapBytes, 0);
        store = new SegmentFiles(disk, clock, new ToyCompactor(), options);
        store.configure(LOG, config(false, true, -1, -1));
        Map<Integer, Toy> latest = new HashMap<>();
        Map<Long, Toy> all = new HashMap<>();
        long offset = 0;
        while (offset < records) {
            List<ByteBuffer> batches = new ArrayList<>();
            for (int b = random.nextInt(30); b >= 0; b--) {
                List<Toy> toys = new ArrayList<>();
                long base = offset;
                for (int r = 0; r < batchRecords; r++) {
                    Toy toy = new Toy(offset++, random.nextInt(keys), false, random.nextLong());
                    toys.add(toy);
                    latest.put(toy.key(), toy);
                    all.put(toy.offset(), toy);
                }
                batches.add(ToyCompactor.batch(base, batchRecords - 1, clock.wallMs(), toys));
            }
            store.write(List.of(Batches.run(LOG, batches)));
            if (random.nextInt(20) == 0) {
                settle();
                List<Toy> now = toys(LOG);
                assertThat(new HashSet<>(now).containsAll(latest.values())).isTrue();
                assertThat(now).allMatch(toy -> toy.equals(all.get(toy.offset())));
                assertThat(now).isSortedAccordingTo(Comparator.comparingLong(Toy::offset));
            }
        }
        clock.advanceMs(3_600_000);
        for (int i = 0; i < 12; i++) {
            settle();
        }
        assertThat(store.nextOffset(LOG)).isEqualTo(offset);
        List<Toy> left = toys(LOG);
        assertThat(new HashSet<>(left).containsAll(latest.values())).isTrue();
        assertThat(left.size()).isLessThan((int) (all.size() * mostLeft));
        reopen();
        assertThat(toys(LOG)).isEqualTo(left);
        assertThat(store.nextOffset(LOG)).isEqualTo(offset);
    }

    @Test
    void compactionOfASmallLogKeepsTheLatestOfEachKey() throws Exception {
        compact(3_000, 40, 1 << 20, 3, 0.1);
    }

    @Test
    void compactionOfALargeLogKeepsTheLatestOfEachKey() throws Exception {
        compact(60_000, 3_000, 1 << 20, 10, 0.25);
    }

    @Test
    void keysBeyondTheMemoryTakeSeveralPasses() throws Exception {
        compact(40_000, 6_000, 1_024 * 24, 10, 0.5);
    }

    @Test
    void oneBatchWithMoreKeysThanTheMemoryDoesNotStopTheRest() throws Exception {
        compact(40_000, 4_000, 1_024 * 24, 1_000, 0.99);
    }

    @Test
    void tombstonesGoAfterTheirHorizonAndNotBefore() throws Exception {
        store.configure(LOG, config(false, true, -1, -1));
        write(toy(0, 1, false));
        write(toy(1, 1, true));
        settle();
        assertThat(toys(LOG)).extracting(Toy::offset).containsExactly(1L);
        write(toy(2, 2, false));
        settle();
        write(toy(3, 2, false));
        write(toy(4, 2, false));
        settle();
        assertThat(toys(LOG)).extracting(Toy::offset).containsExactly(1L, 4L);
        clock.advanceMs(10_000);
        write(toy(5, 2, false));
        write(toy(6, 2, false));
        settle();
        assertThat(toys(LOG)).extracting(Toy::offset).containsExactly(6L);
        assertThat(store.startOffset(LOG)).isZero();
    }

    @Test
    void youngRecordsAreLeftAloneAndOldOnesAreNotForgotten() throws Exception {
        store.configure(
                LOG,
                new LogConfig(
                        Durability.FSYNC, false, true, -1, -1, 64 << 10, 3_600_000, 10_000, 60_000, 120_000, 0.9));
        write(toy(0, 1, false));
        write(toy(1, 1, false));
        settle();
        assertThat(toys(LOG)).hasSize(2);
        clock.advanceMs(61_000);
        write(toy(2, 1, false));
        settle();
        assertThat(toys(LOG)).extracting(Toy::offset).containsExactly(1L, 2L);
    }

    private void write(ByteBuffer batch) throws IOException {
        store.write(List.of(Batches.run(LOG, List.of(batch))));
    }

    private ByteBuffer toy(long offset, int key, boolean tombstone) {
        return ToyCompactor.batch(offset, 0, clock.wallMs(), List.of(new Toy(offset, key, tombstone, offset)));
    }

    @Test
    void scrubbingFindsADamagedExtentAndChangesNothing() throws Exception {
        store.configure(LOG, config(true, false, -1, -1));
        for (int i = 0; i < 8; i++) {
            write(LOG, i, 1, 20_000);
        }
        for (int i = 0; i < 5; i++) {
            settle();
        }
        assertThat(store.corruptions()).isZero();
        byte[] bytes = disk.bytes("segment-1");
        bytes[9_000] ^= 1;
        clock.advanceMs(3_700_000);
        for (int i = 0; i < 20; i++) {
            settle();
        }
        assertThat(store.corruptions()).isEqualTo(1);
        assertThat(store.startOffset(LOG)).isZero();
        assertThat(disk.list()).contains("segment-1");
    }

    @Test
    void aSectorThatCannotBeReadDoesNotStopUpkeep() throws Exception {
        store.configure(LOG, config(true, false, -1, -1));
        for (int i = 0; i < 8; i++) {
            write(LOG, i, 1, 20_000);
        }
        for (int i = 0; i < 5; i++) {
            settle();
        }
        disk.failReads(true);
        clock.advanceMs(3_700_000);
        for (int i = 0; i < 20; i++) {
            settle();
        }
        disk.failReads(false);
        assertThat(readAll(LOG)).hasSize(8);
    }
}

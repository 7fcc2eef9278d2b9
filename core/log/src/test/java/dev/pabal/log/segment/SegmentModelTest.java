package dev.pabal.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.Durability;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Random operations against the plainest model: a list of batches for each log. A seed replays with {@code -Dpabal.seed=N}. */
class SegmentModelTest {
    private static final SegmentOptions SMALL = new SegmentOptions(
            16 << 10, 200 << 10, 4, 2, 3L << 20, 1L << 20, 100, 4 << 10, 64 << 10, 1_000, 1 << 20, 1 << 20);

    private static final LogConfig SMALL_SEGMENTS =
            new LogConfig(Durability.FSYNC, false, false, -1, -1, 200 << 10, 5_000, 0, 0, Long.MAX_VALUE, 0.5);

    private final ManualClock clock = new ManualClock();

    /** What a log should hold. */
    private static final class Model {
        final List<ByteBuffer> batches = new ArrayList<>();
        long start;
        long next;
    }

    @Test
    void everythingReadsAsItWasWritten() throws Exception {
        Long fixed = Long.getLong("pabal.seed");
        for (long seed = fixed == null ? 1 : fixed; seed <= (fixed == null ? 40 : fixed); seed++) {
            try {
                run(seed);
            } catch (Throwable e) {
                throw new AssertionError("replay with -Dpabal.seed=" + seed, e);
            }
        }
    }

    private void run(long seed) throws Exception {
        Random random = new Random(seed);
        FakeDisk disk = new FakeDisk();
        Map<Integer, Model> logs = new TreeMap<>();
        Map<Integer, Model> saved = new TreeMap<>();
        ByteBuffer manifest = ByteBuffer.allocate(0);
        SegmentFiles store = open(disk, manifest);
        for (int step = 0; step < 150; step++) {
            int choice = random.nextInt(100);
            if (choice < 45) {
                write(random, store, logs);
            } else if (choice < 75) {
                read(random, store, logs);
            } else if (choice < 82) {
                timestamps(random, store, logs);
            } else if (choice < 88) {
                trim(random, store, logs);
            } else if (choice < 90) {
                delete(random, store, logs);
            } else if (choice < 93) {
                clock.advanceMs(random.nextInt(3_000));
                for (int i = random.nextInt(200); i >= 0; i--) {
                    store.upkeep((log, start) -> {
                        throw new AssertionError("no log has a retention here");
                    });
                }
            } else if (choice < 97) {
                store.sync();
                manifest = store.manifest();
                saved = copy(logs);
                store.checkpointed();
            } else {
                store.close();
                disk = disk.afterPowerCut(random);
                store = open(disk, manifest.duplicate());
                logs = copy(saved);
            }
            check(store, logs);
        }
        store.close();
    }

    private SegmentFiles open(FakeDisk disk, ByteBuffer manifest) throws IOException {
        SegmentFiles store = new SegmentFiles(disk, clock, new NoCompactor(), SMALL);
        for (int log = 0; log < 8; log++) {
            store.configure(id(log), SMALL_SEGMENTS);
        }
        store.load(manifest);
        return store;
    }

    private static LogId id(int log) {
        return new LogId(new UUID(7, log / 3), log % 3);
    }

    private static Map<Integer, Model> copy(Map<Integer, Model> logs) {
        Map<Integer, Model> copy = new TreeMap<>();
        logs.forEach((log, model) -> {
            Model m = new Model();
            m.batches.addAll(model.batches);
            m.start = model.start;
            m.next = model.next;
            copy.put(log, m);
        });
        return copy;
    }

    private static void write(Random random, SegmentFiles store, Map<Integer, Model> logs) throws IOException {
        List<Run> runs = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int log = random.nextInt(8);
            Model model = logs.computeIfAbsent(log, l -> new Model());
            List<ByteBuffer> batches = new ArrayList<>();
            int scale = random.nextInt(12);
            for (int n = random.nextInt(20); n >= 0; n--) {
                int records = 1 + random.nextInt(5);
                int bytes = scale == 0 && random.nextInt(30) == 0 ? 1_500_000 : random.nextInt(64 << (scale % 7));
                long base = model.next + (random.nextInt(20) == 0 ? random.nextInt(10) : 0);
                ByteBuffer batch = Batches.batch(random, base, records, random.nextInt(1_000), bytes);
                model.next = base + records;
                batches.add(batch);
                model.batches.add(batch);
            }
            runs.add(Batches.run(id(log), batches));
        }
        store.write(runs);
    }

    private static List<ByteBuffer> live(Model model) {
        return model.batches.stream()
                .filter(b -> BatchHeader.nextOffset(b, 0) > model.start)
                .toList();
    }

    private static void read(Random random, SegmentFiles store, Map<Integer, Model> logs) throws Exception {
        if (logs.isEmpty()) {
            return;
        }
        int log = new ArrayList<>(logs.keySet()).get(random.nextInt(logs.size()));
        Model model = logs.get(log);
        if (model.next <= model.start) {
            return;
        }
        long offset = model.start + random.nextInt((int) (model.next - model.start));
        long upTo = random.nextBoolean() ? Long.MAX_VALUE : offset + random.nextInt(200);
        int maxBytes = 1 << random.nextInt(22);
        List<ByteBuffer> expected = live(model).stream()
                .filter(b -> BatchHeader.nextOffset(b, 0) > offset && BatchHeader.baseOffset(b, 0) < upTo)
                .toList();
        LogRead read = store.read(id(log), offset, upTo, maxBytes).get();
        List<ByteBuffer> found = Batches.of(read);
        assertThat(read.sizeInBytes())
                .isEqualTo(found.stream().mapToInt(ByteBuffer::capacity).sum());
        read.close();
        assertThat(found).isEqualTo(expected.subList(0, Math.min(found.size(), expected.size())));
        assertThat(found.isEmpty()).isEqualTo(expected.isEmpty() || offset >= upTo);
        if (found.size() > 1) {
            assertThat(read.sizeInBytes()).isLessThanOrEqualTo(maxBytes);
        }
    }

    private static void timestamps(Random random, SegmentFiles store, Map<Integer, Model> logs)
            throws InterruptedException, ExecutionException {
        int log = random.nextInt(8);
        Model model = logs.get(log);
        if (model == null) {
            assertThat(store.batchByTimestamp(id(log), 0).get()).isEqualTo(-1);
            return;
        }
        long wanted = random.nextInt(1_100);
        long expected = live(model).stream()
                .filter(b -> BatchHeader.maxTimestamp(b, 0) >= wanted)
                .mapToLong(b -> BatchHeader.baseOffset(b, 0))
                .findFirst()
                .orElse(-1);
        assertThat(store.batchByTimestamp(id(log), wanted).get()).isEqualTo(expected);
        SegmentStore.MaxTimestamp max = SegmentStore.MaxTimestamp.NONE;
        for (ByteBuffer b : live(model)) {
            if (BatchHeader.maxTimestamp(b, 0) > max.timestampMs()) {
                max = new SegmentStore.MaxTimestamp(BatchHeader.baseOffset(b, 0), BatchHeader.maxTimestamp(b, 0));
            }
        }
        assertThat(store.batchOfMaxTimestamp(id(log)).get()).isEqualTo(max);
    }

    private static void trim(Random random, SegmentFiles store, Map<Integer, Model> logs) {
        int log = random.nextInt(8);
        Model model = logs.get(log);
        if (model != null) {
            long offset = model.start + random.nextInt((int) (model.next - model.start) + 1);
            store.trim(id(log), offset);
            model.start = offset;
        }
    }

    private static void delete(Random random, SegmentFiles store, Map<Integer, Model> logs) {
        int log = random.nextInt(8);
        store.delete(List.of(id(log)));
        logs.remove(log);
    }

    private static void check(SegmentFiles store, Map<Integer, Model> logs) {
        assertThat(store.ids())
                .containsExactlyInAnyOrderElementsOf(
                        logs.keySet().stream().map(SegmentModelTest::id).toList());
        logs.forEach((log, model) -> {
            assertThat(store.startOffset(id(log))).isEqualTo(model.start);
            assertThat(store.nextOffset(id(log))).isEqualTo(model.next);
            long least = live(model).stream().mapToLong(ByteBuffer::capacity).sum();
            long most = model.batches.stream().mapToLong(ByteBuffer::capacity).sum();
            assertThat(store.sizeInBytes(id(log))).isBetween(least, most);
        });
        assertThat(store.openFiles()).isLessThanOrEqualTo(SMALL.openFiles() + SMALL.readThreads());
    }
}

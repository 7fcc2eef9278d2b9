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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One life with writes, trims, deletions, merging, compaction and checkpoints is cut off before one after the other of its disk operations. What the
 * last durable manifest said must be there again, to the byte, and a second recovery must find what the first one found.
 */
class CrashTest {
    private static final SegmentOptions OPTIONS =
            new SegmentOptions(4 << 10, 64 << 10, 5, 1, 4L << 20, 1L << 20, 100, 1 << 20, 32 << 10, 1_000, 1 << 20, 0);
    private static final LogConfig COMPACTED =
            new LogConfig(Durability.FSYNC, false, true, -1, -1, 16 << 10, 2_000, 1_000, 0, Long.MAX_VALUE, 0.3);
    private static final LogConfig PLAIN =
            new LogConfig(Durability.FSYNC, true, false, -1, 20_000, 16 << 10, 2_000, 1_000, 0, Long.MAX_VALUE, 0.3);
    private static final int LOGS = 12;
    /** {@code -Dpabal.crash.every=1} cuts before every single operation. */
    private static final int EVERY = Integer.getInteger("pabal.crash.every", 4);

    /** Work given up on a disk that stopped is logged, many times over here. */
    private final Logger logger = Logger.getLogger("dev.pabal.log.segment");

    @BeforeEach
    void quiet() {
        logger.setLevel(Level.OFF);
    }

    @AfterEach
    void loud() {
        logger.setLevel(null);
    }

    private static LogId id(int log) {
        return new LogId(new UUID(9, log), 0);
    }

    /** The life, up to the crash. */
    private static final class Life {
        final FakeDisk disk = new FakeDisk();
        final ManualClock clock = new ManualClock();
        final Random random = new Random(7);
        final long[] next = new long[LOGS];
        ByteBuffer durableManifest = ByteBuffer.allocate(0);
        Map<LogId, List<ByteBuffer>> durable = new TreeMap<>(Sealer::compare);

        void run() throws Exception {
            SegmentFiles store = new SegmentFiles(disk, clock, new ToyCompactor(), OPTIONS);
            configure(store);
            store.load(ByteBuffer.allocate(0));
            try {
                for (int step = 0; step < 40; step++) {
                    write(store);
                    if (step % 7 == 3) {
                        int log = random.nextInt(LOGS);
                        store.trim(id(log), Math.min(store.nextOffset(id(log)), store.startOffset(id(log)) + 20));
                    }
                    if (step % 20 == 11) {
                        store.delete(List.of(id(10), id(11)));
                    }
                    clock.advanceMs(600);
                    for (int i = 0; i < 6; i++) {
                        store.upkeep((log, start) -> {});
                    }
                    if (step % 5 == 4) {
                        checkpoint(store);
                    }
                }
            } finally {
                store.close();
            }
        }

        private void write(SegmentFiles store) throws IOException {
            List<Run> runs = new ArrayList<>();
            for (int log = 0; log < LOGS; log++) {
                List<ByteBuffer> batches = new ArrayList<>();
                for (int b = random.nextInt(log % 4 == 0 ? 60 : 6); b >= 0; b--) {
                    List<Toy> toys = new ArrayList<>();
                    long base = Math.max(next[log], store.nextOffset(id(log)));
                    for (int r = 0; r < 5; r++) {
                        toys.add(new Toy(base + r, random.nextInt(30), random.nextInt(6) == 0, random.nextLong()));
                    }
                    next[log] = base + 5;
                    batches.add(ToyCompactor.batch(base, 4, clock.wallMs(), toys));
                }
                runs.add(Batches.run(id(log), batches));
            }
            store.write(runs);
        }

        private void checkpoint(SegmentFiles store) throws Exception {
            store.sync();
            ByteBuffer manifest = store.manifest();
            Map<LogId, List<ByteBuffer>> now = contents(store);
            durableManifest = manifest;
            durable = now;
            store.checkpointed();
        }
    }

    private static void configure(SegmentFiles store) {
        for (int log = 0; log < LOGS; log++) {
            store.configure(id(log), log % 3 == 0 ? COMPACTED : PLAIN);
        }
    }

    private static Map<LogId, List<ByteBuffer>> contents(SegmentFiles store) throws Exception {
        Map<LogId, List<ByteBuffer>> contents = new TreeMap<>(Sealer::compare);
        for (LogId log : store.ids()) {
            List<ByteBuffer> all = new ArrayList<>();
            long at = store.startOffset(log);
            while (at < store.nextOffset(log)) {
                LogRead read = store.read(log, at, Long.MAX_VALUE, 1 << 20).get();
                List<ByteBuffer> batches = Batches.of(read);
                read.close();
                if (batches.isEmpty()) {
                    break;
                }
                all.addAll(batches);
                at = BatchHeader.nextOffset(batches.get(batches.size() - 1), 0);
            }
            contents.put(log, all);
        }
        return contents;
    }

    private static Map<LogId, List<ByteBuffer>> recover(FakeDisk disk, ByteBuffer manifest) throws Exception {
        try (SegmentFiles store = new SegmentFiles(disk, new ManualClock(), new ToyCompactor(), OPTIONS)) {
            store.load(manifest.duplicate());
            return contents(store);
        }
    }

    @Test
    void everyCrashComesBackToTheLastManifest() throws Exception {
        Life whole = new Life();
        whole.run();
        long operations = whole.disk.operations();
        assertThat(operations).isGreaterThan(300);
        assertThat(whole.durable).hasSizeGreaterThan(9);
        for (long stop = 1; stop <= operations; stop += EVERY) {
            Life life = new Life();
            life.disk.stopAt(stop);
            try {
                life.run();
            } catch (IOException | ExecutionException e) {
                assertThat(e).hasStackTraceContaining("the disk stopped");
            }
            FakeDisk after = life.disk.afterPowerCut(new Random(stop));
            assertThat(recover(after, life.durableManifest))
                    .as("stopped before operation %s", stop)
                    .isEqualTo(life.durable);
            FakeDisk again = after.afterPowerCut(new Random(stop));
            assertThat(recover(again, life.durableManifest))
                    .as("second recovery after operation %s", stop)
                    .isEqualTo(life.durable);
        }
    }
}

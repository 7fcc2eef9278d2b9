package dev.pabal.logkit.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.Append;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import dev.pabal.log.LogState;
import dev.pabal.log.local.LocalLogStore;
import dev.pabal.log.local.LocalOptions;
import dev.pabal.log.seam.Clock;
import dev.pabal.logkit.Batches;
import dev.pabal.logkit.LogReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With memory for a few groups only, everything moves all the time: slabs are taken from one group to the next while readers still hold
 * what they read, tails give way to segments, journal files are used again. On a real disk, with threads.
 */
class RecycledMemoryTest {
    private static final int LOGS = 5;
    private static final int APPENDS = 3_000;
    private static final LocalOptions TINY =
            new LocalOptions(256 << 10, 64 << 10, 256 << 10, 128 << 10, 512 << 10, 60_000, 0, 60_000, true);

    @TempDir
    Path directory;

    @Test
    void readersSeeWhatWasAppendedHoweverLongTheyHoldIt() throws Exception {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        List<List<byte[]>> before = new ArrayList<>();
        try (LocalLogStore store = open()) {
            AtomicBoolean done = new AtomicBoolean();
            List<CompletableFuture<Void>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Random random = new Random(seed + i);
                readers.add(CompletableFuture.runAsync(() -> readWhile(store, random, done)));
            }
            append(store, new Random(seed));
            done.set(true);
            for (CompletableFuture<Void> reader : readers) {
                assertThat(reader).as("-Dpabal.seed=" + seed).succeedsWithin(Duration.ofSeconds(60));
            }
            for (int i = 0; i < LOGS; i++) {
                before.add(LogReader.readAll(log(store, i), 1 << 20));
            }
            assertThat(before.stream().mapToInt(List::size).sum()).isEqualTo(APPENDS);
        }
        try (LocalLogStore store = open()) {
            for (int i = 0; i < LOGS; i++) {
                assertThat(LogReader.readAll(log(store, i), 1 << 20)).containsExactlyElementsOf(before.get(i));
            }
        }
    }

    private LocalLogStore open() throws Exception {
        return LocalLogStore.open(directory, Clock.SYSTEM, id -> LogState.NONE, new NoCompaction(), TINY);
    }

    private static Log log(LocalLogStore store, int i) {
        return store.open(new LogId(new UUID(1, 1), i), LogConfig.DEFAULT.keepForever());
    }

    private static void append(LocalLogStore store, Random random) throws InterruptedException {
        Semaphore inFlight = new Semaphore(20);
        for (int n = 0; n < APPENDS; n++) {
            inFlight.acquire();
            int size = random.nextInt(20) == 0 ? 100_000 : 100 + random.nextInt(random.nextBoolean() ? 300 : 20_000);
            Append append = log(store, random.nextInt(LOGS)).append(Batches.ofSize(size, random.nextLong()), null);
            append.durable().whenComplete((ok, failed) -> inFlight.release());
        }
        inFlight.acquire(20);
    }

    /** Holds up to eight reads at a time; each is checked only when it is the oldest. */
    private static void readWhile(LocalLogStore store, Random random, AtomicBoolean done) {
        Deque<LogRead> held = new ArrayDeque<>();
        while (!done.get()) {
            Log log = log(store, random.nextInt(LOGS));
            long end = log.durableEnd();
            long offset = random.nextBoolean() ? Math.max(0, end - 5) : (long) (random.nextDouble() * end);
            held.add(LogReader.await(log.read(offset, Long.MAX_VALUE, 60_000)));
            if (held.size() == 8) {
                check(held.remove());
            }
        }
        held.forEach(RecycledMemoryTest::check);
    }

    private static void check(LogRead read) {
        try (read) {
            Batches.split(read);
        }
    }
}

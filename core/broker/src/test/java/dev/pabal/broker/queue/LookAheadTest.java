package dev.pabal.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.Append;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.message.AmqpBatch;
import dev.pabal.message.AmqpRecord;
import dev.pabal.message.BatchMemory;
import dev.pabal.queue.Acquired;
import dev.pabal.queue.DeadReason;
import dev.pabal.queue.IndexEntry;
import dev.pabal.queue.QueueView;
import dev.pabal.queue.ViewEffects;
import dev.pabal.queue.ViewOptions;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A view, a log of which every read is to be answered, and a shard whose tasks are run by hand. */
class LookAheadTest {
    private static final int MESSAGES = 2_000;
    private static final int PER_BATCH = 10;
    private static final long START_MS = 1_000_000;

    private final Log stored = new MemoryLogStore().open(new LogId(new UUID(1, 1), 0), LogConfig.DEFAULT);
    private final ArrayDeque<Runnable> reads = new ArrayDeque<>();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<Long> readAt = new ArrayList<>();
    private final FetchMemory memory = new FetchMemory(8 << 20);
    private final long[] dueMs = new long[MESSAGES];
    private boolean failing;
    private int open;

    private final QueueView view = QueueView.create(
            ViewOptions.DEFAULT,
            new ViewEffects() {
                @Override
                public long journal(ByteBuffer entry) {
                    return 0;
                }

                @Override
                public void dead(long offset, DeadReason reason, int deliveries) {}

                @Override
                public void ready() {}
            },
            0);

    private final LookAhead ahead = new LookAhead(log(), view.dueTimes(), memory, tasks::add, () -> {});

    /** The log, except that reads are answered when {@link #reads} run. */
    private Log log() {
        return (Log) Proxy.newProxyInstance(
                Log.class.getClassLoader(), new Class<?>[] {Log.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("read")) {
                        return method.invoke(stored, arguments);
                    }
                    CompletableFuture<LogRead> reading = new CompletableFuture<>();
                    readAt.add((Long) arguments[0]);
                    reads.add(() -> answer(reading, (Long) arguments[0], (Integer) arguments[2]));
                    return reading;
                });
    }

    private void answer(CompletableFuture<LogRead> reading, long offset, int maxBytes) {
        if (failing) {
            reading.completeExceptionally(new LogException(LogException.Reason.IO, "a fault of the test's"));
            return;
        }
        LogRead read = stored.read(offset, Long.MAX_VALUE, maxBytes).join();
        open++;
        reading.complete(new LogRead() {
            @Override
            public List<ByteBuffer> buffers() {
                return read.buffers();
            }

            @Override
            public int sizeInBytes() {
                return read.sizeInBytes();
            }

            @Override
            public void close() {
                open--;
                read.close();
            }
        });
    }

    /** Messages with their offsets as bodies, due in random order within {@code spanMs}. */
    private void publish(int spanMs, String padding) {
        Random random = new Random(7);
        view.recovered(true, START_MS);
        for (int i = 0; i < MESSAGES; i += PER_BATCH) {
            AmqpBatch batch = new AmqpBatch(new BatchMemory(0));
            for (int k = i; k < i + PER_BATCH; k++) {
                byte[] body = (k + padding).getBytes(StandardCharsets.UTF_8);
                ByteBuffer plain = ByteBuffer.allocate(2);
                batch.add(new byte[0], new byte[] {'q'}, plain, 0, 2, ByteBuffer.wrap(body), 0, body.length);
                dueMs[k] = START_MS + 10_000 + random.nextInt(spanMs);
                view.index(new IndexEntry(k, 0, Long.MAX_VALUE, dueMs[k], 0, null));
            }
            Append append = stored.append(batch.seal(START_MS + i), null);
            assertThat(append.durable()).isCompleted();
        }
        view.appended(MESSAGES, 0, START_MS);
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private void runAll() {
        runTasks();
        while (!reads.isEmpty()) {
            reads.remove().run();
            runTasks();
        }
    }

    /** Makes ready what is due, and lets the view ask for its marks. */
    private void becomeDue(long nowMs) {
        view.tick(nowMs);
        view.flush(nowMs);
    }

    /** Takes what is due; how many of it had been fetched. */
    private int takeDue(long nowMs) {
        Acquired out = new Acquired();
        int fetched = 0;
        becomeDue(nowMs);
        for (long next = view.nextReady(nowMs); next >= 0; next = view.nextReady(nowMs)) {
            if (ahead.find(next)) {
                fetched++;
                FetchedRecords found = ahead.found();
                AmqpRecord record = new AmqpRecord().wrap(found.buffer(), found.position(), found.baseTimestampMs());
                byte[] body = new byte[record.bodyLength()];
                record.buffer().get(record.bodyAt(), body);
                assertThat(new String(body, StandardCharsets.UTF_8).strip()).isEqualTo(String.valueOf(next));
                assertThat(found.baseTimestampMs()).isEqualTo(START_MS + next / PER_BATCH * PER_BATCH);
            }
            assertThat(view.take(nowMs, out)).isTrue();
            assertThat(out.offset).isEqualTo(next);
        }
        assertThat(view.ready()).isZero();
        return fetched;
    }

    @Test
    void aSweepFetchesInTheOrderOfTheLogWhatIsDueWithinTheHorizon() {
        publish(20_000, "");
        ahead.look(true, 0, 0, START_MS);
        assertThat(tasks).isEmpty();
        long lookMs = ahead.nextDueMs(START_MS);
        long firstMs = Arrays.stream(dueMs).min().orElseThrow();
        assertThat(lookMs).isEqualTo(firstMs - LookAhead.HORIZON_MS);
        long nowMs = lookMs + 1_000;
        ahead.look(true, 0, 0, nowMs);
        runAll();
        assertThat(readAt).isNotEmpty().isSorted();
        assertThat(open).isZero();
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(ahead.find(i)).isEqualTo(dueMs[i] <= nowMs + LookAhead.HORIZON_MS);
        }
    }

    @Test
    void whileTimePassesAllIsFetchedBeforehandAndMemoryGoesBack() {
        publish(20_000, "");
        int fetched = 0;
        int turns = 0;
        for (long nowMs = START_MS; nowMs <= START_MS + 30_000; nowMs += 100, turns++) {
            fetched += takeDue(nowMs);
            ahead.look(true, 0, nowMs, nowMs);
            runAll();
        }
        assertThat(fetched).isEqualTo(MESSAGES);
        assertThat(readAt).hasSizeLessThan(turns);
        assertThat(memory.usedBytes()).isZero();
        assertThat(ahead.nextDueMs(START_MS + 30_000)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aMassThatIsDueAlreadyWaitsForItsSweep() {
        publish(5_000, "");
        long nowMs = START_MS + 60_000;
        becomeDue(nowMs);
        ahead.look(true, view.ready(), nowMs, nowMs);
        tasks.remove().run();
        assertThat(reads).isNotEmpty();
        long next = view.nextReady(nowMs);
        assertThat(ahead.find(next)).isFalse();
        assertThat(ahead.awaits(next, nowMs)).isTrue();
        assertThat(ahead.awaits(MESSAGES, nowMs)).isFalse();
        runAll();
        assertThat(ahead.awaits(next, nowMs)).isFalse();
        assertThat(takeDue(nowMs)).isEqualTo(MESSAGES);
    }

    @Test
    void whatComesLateIsNotWaitedFor() {
        publish(2_000, "");
        long nowMs = START_MS + 8_000;
        ahead.look(true, 0, 0, nowMs);
        tasks.remove().run();
        assertThat(reads).isNotEmpty();
        assertThat(ahead.awaits(0, nowMs)).isFalse();
    }

    @Test
    void whereThereIsNoRoomForAllSomeAreFetched() {
        String padding = " ".repeat(10_000);
        publish(4_000, padding);
        long nowMs = START_MS + 9_000;
        ahead.look(true, 0, 0, nowMs);
        runAll();
        assertThat(memory.usedBytes()).isLessThanOrEqualTo(8 << 20);
        ahead.look(true, 0, 0, nowMs + 5_000);
        runAll();
        assertThat(memory.usedBytes()).isEqualTo(8 << 20);
        assertThat(takeDue(nowMs + 2_000)).isGreaterThan(0);
    }

    @Test
    void lotsAreGivenUpWhereNobodyTakesAnything() {
        publish(2_000, "");
        long nowMs = START_MS + 8_000;
        ahead.look(true, 0, 0, nowMs);
        runAll();
        assertThat(memory.usedBytes()).isPositive();
        long dueAtMs = START_MS + 12_000;
        becomeDue(dueAtMs);
        ahead.look(true, view.ready(), 0, dueAtMs);
        ahead.look(true, view.ready(), 0, dueAtMs + 4_000);
        assertThat(memory.usedBytes()).isPositive();
        assertThat(ahead.nextDueMs(dueAtMs + 4_000)).isLessThan(dueAtMs + 6_000);
        ahead.look(true, view.ready(), 0, dueAtMs + 6_000);
        assertThat(memory.usedBytes()).isZero();
        assertThat(ahead.nextDueMs(dueAtMs + 6_000)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aSweepThatIsGivenUpHalfWayGivesAllBack() {
        publish(2_000, "");
        ahead.look(true, 0, 0, START_MS + 8_000);
        tasks.remove().run();
        ahead.close();
        runAll();
        assertThat(open).isZero();
        assertThat(memory.usedBytes()).isZero();
        assertThat(ahead.find(0)).isFalse();
    }

    @Test
    void aSweepThatFailsIsTriedAgainLater() {
        publish(2_000, "");
        failing = true;
        long nowMs = START_MS + 8_000;
        ahead.look(true, 0, 0, nowMs);
        runAll();
        ahead.look(true, 0, 0, nowMs + 200);
        assertThat(tasks).isEmpty();
        failing = false;
        long againMs = ahead.nextDueMs(nowMs);
        assertThat(againMs).isGreaterThan(nowMs + 200);
        ahead.look(true, 0, 0, againMs);
        runAll();
        assertThat(takeDue(START_MS + 13_000)).isEqualTo(MESSAGES);
    }

    @Test
    void fewAreReadWhenTheirTurnComes() {
        publish(2_000, "");
        becomeDue(START_MS + 20_000);
        Acquired out = new Acquired();
        while (view.ready() >= LookAhead.FEW) {
            assertThat(view.take(START_MS + 20_000, out)).isTrue();
        }
        ahead.look(true, 0, 0, START_MS + 20_000);
        runAll();
        assertThat(readAt).isEmpty();
    }
}

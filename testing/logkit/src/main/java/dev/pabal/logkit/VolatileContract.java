package dev.pabal.logkit;

import static dev.pabal.logkit.LogReader.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.log.Append;
import dev.pabal.log.Durability;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The rules of logs with {@link Durability#MEMORY}. */
abstract class VolatileContract extends LogContract {
    private static final LogConfig MEMORY = LogConfig.DEFAULT.keepForever().withDurability(Durability.MEMORY);

    private Log openVolatile(LogId id) {
        return store.open(id, MEMORY);
    }

    @Test
    void anAppendToMemoryIsCompleteWhenItReturns() {
        subject.holdDurability();
        Log log = openVolatile(ID);
        AtomicInteger released = new AtomicInteger();
        Append append = log.append(Batches.of("a", "b"), released::incrementAndGet);
        assertThat(append.durable()).isCompleted();
        assertThat(released).hasValue(1);
        assertThat(append.baseOffset()).isZero();
        assertThat(append.lastOffset()).isEqualTo(1);
        assertThat(log.durableEnd()).isEqualTo(2);
        assertThat(log.append(Batches.of("c"), null).baseOffset()).isEqualTo(2);
        assertThat(values(log)).containsExactly("a", "b", "c");
        assertThat(log.sizeInBytes()).isPositive();
        subject.releaseDurability();
    }

    @Test
    void theListenerOfALogInMemoryIsToldByTheAppender() {
        Log log = openVolatile(ID);
        List<Long> ends = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        log.onDurable(end -> {
            ends.add(end);
            threads.add(Thread.currentThread());
        });
        for (int i = 0; i < 5; i++) {
            log.append(Batches.of("v" + i), null);
            assertThat(ends).endsWith(i + 1L).hasSize(i + 1);
        }
        assertThat(threads).containsOnly(Thread.currentThread());
    }

    @Test
    void aListenerMayAppendToItsOwnLogForLongWithoutAGrowingStack() {
        Log log = openVolatile(ID);
        int appends = 20_000;
        CompletableFuture<Void> last = new CompletableFuture<>();
        log.onDurable(end -> {
            if (end < appends) {
                log.append(Batches.of("v" + end), null);
            } else {
                last.complete(null);
            }
        });
        log.append(Batches.of("v"), null);
        await(last);
        assertThat(log.durableEnd()).isEqualTo(appends);
    }

    @Test
    void nothingInMemoryOutlivesTheStore() throws Exception {
        Log durable = open(id(3));
        append(durable, "stays");
        for (boolean clean : new boolean[] {true, false}) {
            openVolatile(ID).append(Batches.of("gone"), null);
            openVolatile(id(2)).append(Batches.ofSize(80 << 10, 3), null);
            subject.flush();
            openVolatile(ID).append(Batches.of("gone too"), null);
            if (clean) {
                restart();
            } else {
                crash();
            }
            assertThat(store.ids()).containsExactly(id(3));
            assertThat(store.find(ID)).isNull();
            Log again = openVolatile(ID);
            assertThat(List.of(again.startOffset(), again.appendedEnd(), again.sizeInBytes()))
                    .containsOnly(0L);
            assertThat(values(again)).isEmpty();
            again.append(Batches.of("new"), null);
            assertThat(values(again)).containsExactly("new");
            assertThat(values(open(id(3)))).containsExactly("stays");
            await(store.delete(List.of(ID)));
        }
    }

    @Test
    void whatLeftMemoryReadsAsBefore() throws Exception {
        Random random = new Random(7);
        List<List<byte[]>> expected = new ArrayList<>();
        int logs = 5;
        for (int i = 0; i < logs; i++) {
            expected.add(new ArrayList<>());
        }
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 40; i++) {
                int which = random.nextInt(logs);
                Log log = openVolatile(id(which));
                long base = log.appendedEnd();
                log.append(Batches.ofSize(1 + random.nextInt(1 << random.nextInt(15)), random.nextLong()), null);
                expected.get(which).addAll(LogReader.read(log, base, Long.MAX_VALUE, MIB));
            }
            checkAll(expected);
            subject.flush();
            checkAll(expected);
        }
    }

    private void checkAll(List<List<byte[]>> expected) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(LogReader.readAll(openVolatile(id(i)), 10_000)).containsExactlyElementsOf(expected.get(i));
        }
    }

    @Test
    void logsInMemoryAreTrimmedAndDeletedAtOnce() throws Exception {
        subject.holdDurability();
        Log log = openVolatile(ID);
        log.append(Batches.of("a", "b"), null);
        log.append(Batches.of("c"), null);
        assertThat(log.trim(2)).isCompletedWithValue(2L);
        assertThat(log.startOffset()).isEqualTo(2);
        assertThat(values(log)).containsExactly("c");
        assertThat(refusal(() -> await(log.read(1, Long.MAX_VALUE, MIB)))).isEqualTo(Reason.OFFSET_OUT_OF_RANGE);
        assertThat(refusal(() -> await(log.trim(4)))).isEqualTo(Reason.OFFSET_OUT_OF_RANGE);
        subject.releaseDurability();
        subject.flush();
        log.append(Batches.of("d"), null);
        assertThat(await(log.trim(3))).isEqualTo(3);
        assertThat(values(log)).containsExactly("d");
        CompletableFuture<Void> deleted = store.delete(List.of(ID));
        await(deleted);
        assertThat(store.find(ID)).isNull();
        assertThat(refusal(() -> log.append(Batches.of("late"), null))).isEqualTo(Reason.DELETED);
    }

    @Test
    void aLogIsInMemoryForEverOrNever() {
        Log inMemory = openVolatile(ID);
        Log durable = open(id(2));
        assertThatThrownBy(() -> open(ID)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> openVolatile(id(2))).isInstanceOf(IllegalArgumentException.class);
        assertThat(inMemory.config()).isEqualTo(MEMORY);
        assertThat(durable.config().durability()).isEqualTo(Durability.FSYNC);
    }
}

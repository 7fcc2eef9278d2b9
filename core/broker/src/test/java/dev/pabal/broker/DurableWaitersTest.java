package dev.pabal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DurableWaitersTest {
    @Test
    void onlyThoseWhoseOffsetIsPassedAreCalled() {
        DurableWaiters waiters = new DurableWaiters();
        List<Integer> called = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int offset = i;
            waiters.add(offset, () -> called.add(offset));
        }
        waiters.reached(0);
        assertThat(called).isEmpty();
        waiters.reached(4);
        assertThat(called).containsExactlyInAnyOrder(0, 1, 2, 3);
        waiters.reached(4);
        assertThat(called).hasSize(4);
        waiters.reached(Long.MAX_VALUE);
        assertThat(called).hasSize(10);
    }

    @Test
    void cancellingAnywhereInTheListLeavesTheOthers() {
        DurableWaiters waiters = new DurableWaiters();
        List<Integer> called = new ArrayList<>();
        List<DurableWaiters.Node> nodes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            nodes.add(waiters.add(0, () -> called.add(number)));
        }
        for (int gone : new int[] {4, 0, 2, 2}) {
            nodes.get(gone).cancel();
        }
        nodes.get(2).fire();
        waiters.reached(1);
        assertThat(called).containsExactlyInAnyOrder(1, 3);
    }

    @Test
    void aWaiterThatFailsDoesNotKeepTheOthersWaiting() {
        DurableWaiters waiters = new DurableWaiters();
        AtomicInteger called = new AtomicInteger();
        waiters.add(0, called::incrementAndGet);
        waiters.add(0, () -> {
            throw new IllegalStateException("on purpose");
        });
        waiters.add(0, called::incrementAndGet);
        waiters.reached(1);
        assertThat(called).hasValue(2);
    }

    @Test
    void nobodyIsForgottenAndNobodyCalledTwiceWhileTheEndMoves() throws Exception {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        DurableWaiters waiters = new DurableWaiters();
        AtomicLong end = new AtomicLong();
        int rounds = 20_000;
        CompletableFuture<Void> store = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < rounds; i++) {
                waiters.reached(end.incrementAndGet());
            }
        });
        AtomicInteger wrong = new AtomicInteger();
        List<AtomicInteger> calls = new ArrayList<>();
        Random random = new Random(seed);
        // Not for as long as it takes: where only this thread runs, memory would be full of nodes.
        while (!store.isDone() && calls.size() < 1_000_000) {
            AtomicInteger called = new AtomicInteger();
            DurableWaiters.Node node = waiters.add(end.get() + random.nextInt(3) - 1, called::incrementAndGet);
            if (random.nextInt(4) == 0) {
                node.cancel();
                if (called.get() > 1) {
                    wrong.incrementAndGet();
                }
            } else {
                node.fire();
                calls.add(called);
            }
        }
        store.get(60, TimeUnit.SECONDS);
        waiters.reached(Long.MAX_VALUE);
        assertThat(wrong).as("seed " + seed).hasValue(0);
        assertThat(calls).as("seed " + seed).allSatisfy(called -> assertThat(called)
                .hasValue(1));
    }
}

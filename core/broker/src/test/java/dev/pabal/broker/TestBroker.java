package dev.pabal.broker;

import dev.pabal.log.LogStore;
import dev.pabal.log.memory.MemoryLogStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** A broker on the heap with two loops and a clock that stands still. */
final class TestBroker implements AutoCloseable {
    static final long NOW_MS = TestClock.START_MS;

    final LogStore store;
    final BrokerRuntime broker;
    final TestClock clock = new TestClock();
    private final List<ScheduledExecutorService> executors;

    TestBroker() {
        this(new MemoryLogStore(BrokerRuntime.states()), Map.of());
    }

    TestBroker(LogStore store, Map<String, String> configs) {
        this.store = store;
        List<Loop> loops = List.of(new Loop(), new Loop());
        executors = loops.stream().map(l -> l.executor).toList();
        broker = BrokerRuntime.start(
                BrokerOptions.of(configs),
                store,
                loops.stream().map(l -> new ShardLoop(l.executor, l::isCurrent)).toList(),
                clock);
    }

    Partition topic(String name, Map<String, String> configs) {
        await(broker.topics().create(name, 1, configs, false));
        return Objects.requireNonNull(broker.partition(name, 0));
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException r ? r : new CompletionException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("not completed in time", e);
        }
    }

    static Partition.Produced produce(Partition partition, ByteBuffer batch) {
        return await(partition.produce(batch, null));
    }

    @Override
    public void close() {
        broker.close();
        executors.forEach(ScheduledExecutorService::shutdownNow);
    }

    /** One thread, as an event loop is. */
    private static final class Loop {
        final AtomicReference<Thread> thread = new AtomicReference<>();
        final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "loop");
            made.setDaemon(true);
            thread.set(made);
            return made;
        });

        boolean isCurrent() {
            return Thread.currentThread() == thread.get();
        }
    }
}

package dev.pabal.broker.queue;

import dev.pabal.broker.BrokerOptions;
import dev.pabal.broker.BrokerRuntime;
import dev.pabal.broker.ShardLoop;
import dev.pabal.broker.TestClock;
import dev.pabal.catalog.Queue;
import dev.pabal.log.LogStore;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.message.AmqpBatch;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpRecord;
import dev.pabal.message.BatchMemory;
import dev.pabal.message.FieldTableWriter;
import dev.pabal.queue.IndexEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** A broker on the heap with queues, two loops and a clock that moves when told to. */
final class QueueBroker implements AutoCloseable {
    static final UUID CONNECTION = new UUID(1, 1);
    private static final ByteBuffer PLAIN = ByteBuffer.allocate(2);

    final MemoryLogStore store;
    final BrokerRuntime broker;
    final TestClock clock;
    private final List<ScheduledExecutorService> executors = new ArrayList<>();

    QueueBroker() {
        this(new MemoryLogStore(BrokerRuntime.states()), new TestClock());
    }

    QueueBroker(MemoryLogStore store, TestClock clock) {
        this.store = store;
        this.clock = clock;
        List<ShardLoop> loops = List.of(loop(), loop());
        broker = BrokerRuntime.start(BrokerOptions.of(Map.of()), store, loops, clock);
    }

    private ShardLoop loop() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "loop");
            made.setDaemon(true);
            thread.set(made);
            return made;
        });
        executors.add(executor);
        return new ShardLoop(executor, () -> Thread.currentThread() == thread.get());
    }

    /** A durable classic queue in the virtual host "/". */
    MessageQueue queue(String name, Map<String, Object> arguments) {
        return queue(name, true, arguments);
    }

    MessageQueue queue(String name, boolean durable, Map<String, Object> arguments) {
        Queue declared = await(broker.topology().declareQueue("/", name, durable, false, false, arguments, CONNECTION));
        return Objects.requireNonNull(broker.queues().find(declared.id()));
    }

    MessageQueue find(String name) {
        return Objects.requireNonNull(broker.queues().find("/", name));
    }

    /** The clock moves on, and what is then due is done. */
    void passMs(long ms) {
        clock.nowMs += ms;
        ((RunningQueues) broker.queues()).tick();
    }

    /** Lets the queue's shard do what it was asked for before, and what follows from that. */
    static void settleDown(MessageQueue queue) {
        for (int i = 0; i < 3; i++) {
            await(queue.status());
        }
    }

    /** The time passes for which settlements gather: they are in the journal afterwards, as durable as the store makes them. */
    void passGathering(MessageQueue queue) {
        settleDown(queue);
        passMs(ShardQueues.GATHER_MS);
        settleDown(queue);
    }

    /** Holds up whoever calls until the latch opens. */
    static void pause(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("held up for too long");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
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

    void publish(MessageQueue queue, String... bodies) {
        await(publishing(queue, bodies));
    }

    CompletableFuture<?> publishing(MessageQueue queue, String... bodies) {
        return publishing(queue, PLAIN, bodies);
    }

    CompletableFuture<?> publishing(MessageQueue queue, ByteBuffer properties, String... bodies) {
        return queue.publish(batch(queue, properties, bodies));
    }

    /** What is to be published; its messages' times to live count from now. */
    PublishBatch batch(MessageQueue queue, ByteBuffer properties, String... bodies) {
        AmqpBatch batch = new AmqpBatch(new BatchMemory(0));
        List<IndexEntry> index = new ArrayList<>();
        AmqpProperties parsed = new AmqpProperties().wrap(properties, 0, properties.limit());
        for (int i = 0; i < bodies.length; i++) {
            IndexEntry entry = RecordIndex.of(i, parsed, queue.settings(), clock.wallMs(), 0);
            if (entry != null) {
                index.add(entry);
            }
            byte[] body = bodies[i].getBytes(StandardCharsets.UTF_8);
            batch.add(
                    new byte[0],
                    queue.definition().name().getBytes(StandardCharsets.UTF_8),
                    properties,
                    0,
                    properties.limit(),
                    ByteBuffer.wrap(body),
                    0,
                    body.length);
        }
        long bodyBytes = batch.bodyBytes();
        return new PublishBatch(batch.seal(clock.wallMs()), bodies.length, bodyBytes, index, () -> {});
    }

    /** Properties with a priority and an expiration, where not negative or null. */
    static ByteBuffer properties(int priority, String expiration, Map<String, Object> headers) {
        ByteBuffer out = ByteBuffer.allocate(2048);
        int flags = 0;
        out.position(2);
        if (!headers.isEmpty()) {
            flags |= 1 << 13;
            out.put(FieldTableWriter.encode(headers));
        }
        if (priority >= 0) {
            flags |= 1 << 11;
            out.put((byte) priority);
        }
        if (expiration != null) {
            flags |= 1 << 8;
            out.put((byte) expiration.length()).put(expiration.getBytes(StandardCharsets.US_ASCII));
        }
        out.putShort(0, (short) flags);
        return out.flip();
    }

    static ConsumerOptions options(int credit) {
        return new ConsumerOptions("tag", "connection", false, false, 0, credit, -1);
    }

    static String body(Deliveries deliveries, int index) {
        AmqpRecord record = new AmqpRecord()
                .wrap(deliveries.buffer(index), deliveries.position(index), deliveries.baseTimestampMs(index));
        byte[] bytes = new byte[record.bodyLength()];
        record.buffer().get(record.bodyAt(), bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Gets one message and settles it; null where there is none. */
    static String take(MessageQueue queue) {
        try (Deliveries one = await(queue.get(true, queue.newHolder()))) {
            return one == null ? null : body(one, 0);
        }
    }

    static List<String> takeAll(MessageQueue queue) {
        List<String> all = new ArrayList<>();
        String next = take(queue);
        while (next != null) {
            all.add(next);
            next = take(queue);
        }
        return all;
    }

    /** A stop in order and a start on what is left. */
    QueueBroker restarted() {
        close();
        store.close();
        return new QueueBroker(store.reopened(), clock);
    }

    /** The process dies, and what was not durable with it. */
    QueueBroker crashed() {
        executors.forEach(ScheduledExecutorService::shutdownNow);
        MemoryLogStore next = store.reopened();
        next.durabilityMode(MemoryLogStore.DurabilityMode.IMMEDIATE);
        return new QueueBroker(next, clock);
    }

    @Override
    public void close() {
        broker.close();
        executors.forEach(ScheduledExecutorService::shutdownNow);
    }

    /** Takes what it is given, and keeps it until it is settled. */
    static final class Collector implements QueueConsumer {
        record Received(String body, long offset, int generation, boolean redelivered) {}

        private final List<Received> received = new ArrayList<>();
        private final List<Reason> reasons = new ArrayList<>();
        private final List<Integer> batchSizes = new ArrayList<>();

        @Override
        public synchronized void deliver(Deliveries deliveries) {
            batchSizes.add(deliveries.size());
            for (int i = 0; i < deliveries.size(); i++) {
                received.add(new Received(
                        body(deliveries, i),
                        deliveries.offset(i),
                        deliveries.generation(i),
                        deliveries.redelivered(i)));
            }
            deliveries.close();
        }

        @Override
        public synchronized void cancelled(Reason reason) {
            reasons.add(reason);
        }

        synchronized List<Received> received() {
            return List.copyOf(received);
        }

        synchronized List<String> bodies() {
            return received.stream().map(Received::body).toList();
        }

        synchronized List<Reason> reasons() {
            return List.copyOf(reasons);
        }
    }

    static Settlement settle(Settlement.Outcome outcome, Collector.Received... messages) {
        Settlement settlement = new Settlement(outcome);
        Arrays.stream(messages).forEach(m -> settlement.add(m.offset(), m.generation()));
        return settlement;
    }

    LogStore store() {
        return store;
    }
}

package dev.pabal.sqs.action;

import dev.pabal.broker.BrokerOptions;
import dev.pabal.broker.BrokerRuntime;
import dev.pabal.broker.ShardLoop;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.PeekedMessage;
import dev.pabal.broker.queue.PublishBatch;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.log.seam.Clock;
import dev.pabal.message.AmqpBatch;
import dev.pabal.message.AmqpRecord;
import dev.pabal.message.BatchMemory;
import dev.pabal.message.FieldTableWriter;
import dev.pabal.sqs.SqsSettings;
import dev.pabal.sqs.realm.Caller;
import dev.pabal.sqs.realm.Realm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The actions on a broker on the heap; time passes by itself, and in leaps when told to. */
final class SqsBroker implements AutoCloseable {
    static final String ARN = "arn:aws:sqs:us-east-1:000000000000:";
    static final String URL = "http://localhost:9324/000000000000/";

    final BrokerRuntime broker;
    private final MemoryLogStore store;
    private final AtomicLong leapMs;
    private final Actions actions;
    private final List<ScheduledExecutorService> executors = new ArrayList<>();

    SqsBroker() {
        this(new MemoryLogStore(BrokerRuntime.states()), new AtomicLong());
    }

    private SqsBroker(MemoryLogStore store, AtomicLong leapMs) {
        this.store = store;
        this.leapMs = leapMs;
        Clock clock = new Clock() {
            @Override
            public long wallMs() {
                return Clock.SYSTEM.wallMs() + leapMs.get();
            }

            @Override
            public long monotonicNs() {
                return Clock.SYSTEM.monotonicNs() + TimeUnit.MILLISECONDS.toNanos(leapMs.get());
            }
        };
        broker = BrokerRuntime.start(BrokerOptions.of(Map.of()), store, List.of(loop()), clock);
        actions = Actions.of(broker, SqsSettings.defaults());
    }

    private ShardLoop loop() {
        Thread[] thread = new Thread[1];
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "loop");
            made.setDaemon(true);
            thread[0] = made;
            return made;
        });
        executors.add(executor);
        return new ShardLoop(executor, () -> Thread.currentThread() == thread[0]);
    }

    /** A stop in order and a start on what is left. */
    SqsBroker restarted() {
        close();
        store.close();
        return new SqsBroker(store.reopened(), leapMs);
    }

    void leap(long ms) {
        leapMs.addAndGet(ms);
    }

    /** What the action answers; what it refuses is thrown. */
    Map<String, Object> call(String action, Map<String, Object> parameters) {
        return call(action, parameters, null);
    }

    /** As {@link #call}, with a tracing header on the request. */
    Map<String, Object> call(String action, Map<String, Object> parameters, @Nullable String trace) {
        return call(new Caller("key", SqsSettings.defaults().realm()), action, parameters, trace);
    }

    /** As {@link #call}, of somebody in another realm. */
    Map<String, Object> call(Realm realm, String action, Map<String, Object> parameters) {
        return call(new Caller("key", realm), action, parameters, null);
    }

    private Map<String, Object> call(
            Caller caller, String action, Map<String, Object> parameters, @Nullable String trace) {
        Call call = new Call(new MapParameters(parameters), "", "http://localhost:9324", caller, trace, task -> {});
        return ReadReply.of(await(Objects.requireNonNull(actions.find(action)).perform(call)));
    }

    /** Makes a queue; answers its URL. */
    String create(String name, Map<String, String> attributes) {
        return (String) call("CreateQueue", Map.of("QueueName", name, "Attributes", attributes))
                .get("QueueUrl");
    }

    /** The attributes of those names. */
    @SuppressWarnings("unchecked")
    Map<String, String> attributes(String name, String... names) {
        Map<String, Object> reply =
                call("GetQueueAttributes", Map.of("QueueUrl", URL + name, "AttributeNames", List.of(names)));
        return (Map<String, String>) reply.getOrDefault("Attributes", Map.of());
    }

    void set(String name, Map<String, String> attributes) {
        call("SetQueueAttributes", Map.of("QueueUrl", URL + name, "Attributes", attributes));
    }

    /** Makes a queue as an AMQP client does. */
    void declare(String name) {
        await(broker.topology().declareQueue("/", name, true, false, false, Map.of(), QueueActions.NO_CONNECTION));
    }

    MessageQueue queue(String name) {
        return Objects.requireNonNull(broker.queues().find("/", name));
    }

    /** Puts messages into a queue, with headers. */
    void publish(String name, Map<String, Object> headers, String... bodies) {
        byte[] table = FieldTableWriter.encode(new HashMap<>(headers));
        ByteBuffer properties = ByteBuffer.allocate(2 + table.length)
                .putShort((short) (1 << 13))
                .put(table)
                .flip();
        AmqpBatch batch = new AmqpBatch(new BatchMemory(0));
        for (String text : bodies) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            batch.add(
                    new byte[0], new byte[0], properties, 0, properties.limit(), ByteBuffer.wrap(body), 0, body.length);
        }
        long bodyBytes = batch.bodyBytes();
        ByteBuffer sealed = batch.seal(broker.clock().wallMs());
        await(queue(name).publish(new PublishBatch(sealed, bodies.length, bodyBytes, List.of(), () -> {})));
    }

    /** The bodies of the messages that are ready. */
    List<String> bodies(String name) {
        return await(queue(name).peek(100)).stream().map(SqsBroker::body).toList();
    }

    private static String body(PeekedMessage message) {
        AmqpRecord record = new AmqpRecord().wrap(message.record(), 0, message.baseTimestampMs());
        byte[] bytes = new byte[record.bodyLength()];
        record.buffer().get(record.bodyAt(), bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static <T> T await(Future<T> future) {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new CompletionException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("not completed in time", e);
        }
    }

    @Override
    public void close() {
        broker.close();
        executors.forEach(ScheduledExecutorService::shutdownNow);
    }
}

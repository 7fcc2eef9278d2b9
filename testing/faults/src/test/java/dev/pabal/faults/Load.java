package dev.pabal.faults;

import dev.pabal.logkit.history.Attempt;
import dev.pabal.logkit.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Idempotent producers, one for each partition, and a consumer that follows them, all writing down what they did and saw. They go on while
 * the broker is killed and comes back; {@link #finish} drains.
 */
final class Load implements AutoCloseable {
    static final String TOPIC = "load";

    private static final int MAX_IN_FLIGHT = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String bootstrap;
    private final int partitions;
    private final long pauseNs;
    private final History history = new History();
    private final AtomicLong acknowledged = new AtomicLong();
    private final ConcurrentLinkedQueue<Acknowledged> log = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Throwable> refusals = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean producing = true;
    private volatile boolean consuming = true;

    /** A record that the broker has acknowledged. */
    record Acknowledged(int partition, long offset, String value) {}

    private Load(String bootstrap, int partitions, long pauseNs) {
        this.bootstrap = bootstrap;
        this.partitions = partitions;
        this.pauseNs = pauseNs;
    }

    /**
     * Creates the topic and starts the clients.
     *
     * @param recordsPerSecond of each producer, about; 0 for as many as go
     */
    static Load start(String bootstrap, int partitions, int recordsPerSecond) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        long pauseNs = recordsPerSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / recordsPerSecond;
        Load load = new Load(bootstrap, partitions, pauseNs);
        for (int partition = 0; partition < partitions; partition++) {
            int mine = partition;
            load.run("producer-" + mine, () -> load.produce(mine));
        }
        load.run("consumer", load::consume);
        return load;
    }

    History history() {
        return history;
    }

    long acknowledgedCount() {
        return acknowledged.get();
    }

    /** What was acknowledged up to now. */
    List<Acknowledged> acknowledgedSoFar() {
        return List.copyOf(log);
    }

    /** Why records were refused for good. */
    List<Throwable> refusals() {
        return List.copyOf(refusals);
    }

    /** Stops producing, waits for the last answers, and reads every partition to its end once more. */
    void finish() throws InterruptedException {
        stopProducing();
        consuming = false;
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
        }
        drain(bootstrap, partitions, history);
        history.drained();
    }

    void stopProducing() throws InterruptedException {
        producing = false;
        for (Thread thread : threads) {
            if (!thread.getName().equals("consumer")) {
                thread.join(3 * PATIENCE.toMillis());
            }
        }
    }

    @Override
    public void close() {
        producing = false;
        consuming = false;
        threads.forEach(Thread::interrupt);
    }

    /** Reads every partition from its start to its end into a history, and returns the records. */
    static List<ConsumerRecord<String, String>> drain(String bootstrap, int partitions, @Nullable History into) {
        List<ConsumerRecord<String, String>> all = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(bootstrap)) {
            List<TopicPartition> assigned = assignment(partitions);
            consumer.assign(assigned);
            consumer.seekToBeginning(assigned);
            Map<TopicPartition, Long> ends = consumer.endOffsets(assigned);
            if (into != null) {
                assigned.forEach(p -> into.moved("drain", name(p.partition()), 0));
            }
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!assigned.stream().allMatch(p -> consumer.position(p) >= ends.get(p))) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("the end of every partition was not reached in " + PATIENCE + ": " + ends);
                }
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    all.add(record);
                    if (into != null) {
                        into.consumed("drain", name(record.partition()), record.offset(), record.value());
                    }
                }
            }
        }
        return all;
    }

    private void run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void produce(int partition) {
        Map<String, Object> config = new HashMap<>(Map.of(
                "bootstrap.servers", bootstrap,
                "acks", "all",
                "enable.idempotence", true,
                "linger.ms", 1,
                "delivery.timeout.ms", 120_000,
                "reconnect.backoff.ms", 10,
                "reconnect.backoff.max.ms", 50,
                "retry.backoff.ms", 10,
                "retry.backoff.max.ms", 100));
        config.put("request.timeout.ms", 10_000);
        Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (long i = 0; producing; i++) {
                inFlight.acquire();
                String value = partition + "-" + i + "-" + "x".repeat((int) (i % 300));
                Attempt attempt = history.sent("producer-" + partition, name(partition), value);
                producer.send(new ProducerRecord<>(TOPIC, partition, null, value), (stored, refused) -> {
                    answered(attempt, partition, value, stored, refused);
                    inFlight.release();
                });
                if (pauseNs > 0) {
                    LockSupport.parkNanos(pauseNs);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answered(
            Attempt attempt, int partition, String value, RecordMetadata stored, @Nullable Exception refused) {
        if (refused == null) {
            history.acknowledged(attempt, stored.offset());
            log.add(new Acknowledged(partition, stored.offset(), value));
            acknowledged.incrementAndGet();
        } else {
            refusals.add(refused); // a maybe in the history: an earlier try may have been stored
        }
    }

    private void consume() {
        try (KafkaConsumer<String, String> consumer = consumer(bootstrap)) {
            List<TopicPartition> assigned = assignment(partitions);
            consumer.assign(assigned);
            consumer.seekToBeginning(assigned);
            assigned.forEach(p -> history.moved("follower", name(p.partition()), 0));
            while (consuming) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    history.consumed("follower", name(record.partition()), record.offset(), record.value());
                }
            }
        } catch (org.apache.kafka.common.errors.InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static KafkaConsumer<String, String> consumer(String bootstrap) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "auto.offset.reset",
                        "none",
                        "reconnect.backoff.ms",
                        10,
                        "reconnect.backoff.max.ms",
                        50),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static List<TopicPartition> assignment(int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(p -> new TopicPartition(TOPIC, p))
                .toList();
    }

    static String name(int partition) {
        return TOPIC + "-" + partition;
    }
}

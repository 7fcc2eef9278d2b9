package dev.pabal.benchmarks;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Latencies in microseconds, the same probe for every broker: a producer with acks=all and no linger, and a consumer on a thread of its own
 * that follows the tail. Each payload carries the time at which it was due to be sent, so a late sender counts as latency.
 */
final class LatencyProbe implements AutoCloseable {
    private static final int RECORD_SIZE = 1024;
    private static final long MAX_LATENCY_US = TimeUnit.MINUTES.toMicros(1);
    private static final int MAX_WAIT_SECONDS = 60;

    private final String topic;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread follower;
    private volatile Histogram acks = new ConcurrentHistogram(MAX_LATENCY_US, 3);
    private volatile Histogram endToEnd = new ConcurrentHistogram(MAX_LATENCY_US, 3);
    private volatile long seen;
    private long sent;

    LatencyProbe(Broker broker, String topic, int partitions) {
        this.topic = topic;
        this.partitions = partitions;
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrap(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(p -> new TopicPartition(topic, p))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
        follower = new Thread(this::follow, "latency-probe-consumer");
        follower.setDaemon(true);
        follower.start();
    }

    /** @param acks send to acknowledgement, microseconds; {@code endToEnd} send to consumer */
    record Latencies(Histogram acks, Histogram endToEnd) {}

    /** One record at a time: the next is sent when the last is acknowledged and consumed. */
    Latencies oneByOne(int records) {
        reset();
        for (int i = 0; i < records; i++) {
            send(System.nanoTime());
            awaitSeen();
        }
        return new Latencies(acks, endToEnd);
    }

    /** At a fixed rate, whatever the answers do. */
    Latencies atRate(int recordsPerSecond, int seconds) {
        reset();
        long gapNs = TimeUnit.SECONDS.toNanos(1) / recordsPerSecond;
        long begin = System.nanoTime();
        for (long i = 0; i < (long) recordsPerSecond * seconds; i++) {
            long due = begin + i * gapNs;
            long wait = due - System.nanoTime();
            while (wait > 0) {
                LockSupport.parkNanos(wait);
                wait = due - System.nanoTime();
            }
            sendAsync(due);
        }
        awaitSeen();
        return new Latencies(acks, endToEnd);
    }

    @Override
    public void close() {
        producer.close();
        consumer.wakeup();
        try {
            follower.join(TimeUnit.SECONDS.toMillis(MAX_WAIT_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reset() {
        acks = new ConcurrentHistogram(MAX_LATENCY_US, 3);
        endToEnd = new ConcurrentHistogram(MAX_LATENCY_US, 3);
    }

    private void send(long dueNs) {
        try {
            sendAsync(dueNs).get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a record of the probe was not acknowledged", e);
        }
    }

    private java.util.concurrent.Future<?> sendAsync(long dueNs) {
        byte[] payload = new byte[RECORD_SIZE];
        ByteBuffer.wrap(payload).putLong(dueNs);
        int partition = (int) (sent++ % partitions);
        Histogram into = acks;
        return producer.send(new ProducerRecord<>(topic, partition, null, payload), (metadata, refused) -> {
            if (refused == null) {
                into.recordValue(microsSince(dueNs));
            }
        });
    }

    private void awaitSeen() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_WAIT_SECONDS);
        while (seen < sent) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("consumed " + seen + " of " + sent + " records of the probe");
            }
            LockSupport.parkNanos(20_000);
        }
    }

    private void follow() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    endToEnd.recordValue(
                            microsSince(ByteBuffer.wrap(record.value()).getLong()));
                    seen = seen + 1;
                }
            }
        } catch (WakeupException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static long microsSince(long ns) {
        return Math.min(MAX_LATENCY_US, Math.max(0, (System.nanoTime() - ns) / 1000));
    }
}

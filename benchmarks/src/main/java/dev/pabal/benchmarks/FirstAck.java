package dev.pabal.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Time from starting a broker's process to the first acknowledged produce of a client that tries again every few milliseconds. */
final class FirstAck {
    private static final int MAX_MS = 90_000;

    private FirstAck() {}

    /** A started broker and how long its first acknowledgement took. */
    record Started(Broker broker, double seconds) {}

    /** Starts a broker and produces one record to {@code topic}, which the broker creates if it must. */
    static Started start(Contender contender, Path data, String topic) throws IOException {
        long begin = System.nanoTime();
        Broker broker = contender.start(data);
        try {
            produceOne(broker, topic);
        } catch (IllegalStateException e) {
            broker.kill();
            throw e;
        }
        return new Started(broker, (System.nanoTime() - begin) / 1e9);
    }

    private static void produceOne(Broker broker, String topic) {
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrap(),
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG,
                5,
                ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                10,
                ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                5,
                ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG,
                10,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                MAX_MS,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                MAX_MS);
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config, bytes, bytes)) {
            producer.send(new ProducerRecord<>(topic, "first".getBytes(StandardCharsets.UTF_8)))
                    .get(MAX_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no acknowledgement from a started broker", e);
        }
    }
}

package dev.pabal.conformance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Official clients with the settings that tests share, and the few lines around them that every test would repeat. */
final class Clients {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Clients() {}

    static KafkaProducer<byte[], byte[]> producer(BrokerUnderTest broker, Object... config) {
        Map<String, Object> all = config(broker, config);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static KafkaConsumer<byte[], byte[]> consumer(BrokerUnderTest broker, Object... config) {
        Map<String, Object> all = config(broker, config);
        all.putIfAbsent("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static Admin admin(BrokerUnderTest broker) {
        return Admin.create(config(broker));
    }

    /** Creates a topic and returns its name, which starts with {@code prefix}. */
    static String topic(BrokerUnderTest broker, String prefix, int partitions, Map<String, String> configs) {
        String name = BrokerUnderTest.unique(prefix);
        try (Admin admin = admin(broker)) {
            await(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs)))
                    .all());
        }
        return name;
    }

    static String topic(BrokerUnderTest broker, String prefix, int partitions) {
        return topic(broker, prefix, partitions, Map.of());
    }

    /** Produces {@code values} to one partition, in order, and waits for the acknowledgements. */
    static void produce(BrokerUnderTest broker, String topic, int partition, String... values) {
        try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
            List<Future<?>> sent = new ArrayList<>();
            for (String value : values) {
                sent.add(producer.send(new ProducerRecord<>(topic, partition, null, bytes(value))));
            }
            sent.forEach(Clients::await);
        }
    }

    /** Polls until {@code count} records have come, or fails. */
    static List<ConsumerRecord<byte[], byte[]>> poll(KafkaConsumer<byte[], byte[]> consumer, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (records.size() < count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("only " + records.size() + " of " + count + " records came in " + PATIENCE);
            }
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }

    static List<String> values(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> text(record.value())).toList();
    }

    static <T> T await(KafkaFuture<T> future) {
        return await(future.toCompletionStage().toCompletableFuture());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("refused: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer in " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The error that a call is refused with. */
    static Throwable refusal(KafkaFuture<?> future) {
        return refusal(future.toCompletionStage().toCompletableFuture());
    }

    static Throwable refusal(Future<?> future) {
        try {
            Object answer = future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("expected a refusal, got " + answer);
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            throw new AssertionError("no answer in " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static String[] numbered(String prefix, int count) {
        String[] values = new String[count];
        for (int i = 0; i < count; i++) {
            values[i] = prefix + i;
        }
        return values;
    }

    private static Map<String, Object> config(BrokerUnderTest broker, Object... pairs) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", broker.bootstrap());
        for (int i = 0; i < pairs.length; i += 2) {
            config.put((String) pairs[i], pairs[i + 1]);
        }
        return config;
    }
}

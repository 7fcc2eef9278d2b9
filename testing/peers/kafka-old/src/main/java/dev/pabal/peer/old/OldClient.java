package dev.pabal.peer.old;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * What programs built years ago do: create a topic, change its configs by the call that replaces them all, produce with every codec with and
 * without idempotence, read by a group, commit, look up offsets, delete. Prints {@code OK <step>} after each step, and fails with the first
 * surprise. Arguments: bootstrap servers, a name for topic and group.
 */
public final class OldClient {
    private static final List<String> CODECS = Arrays.asList("none", "gzip", "snappy", "lz4", "zstd");
    private static final int RECORDS_EACH = 50;

    private final String bootstrap;
    private final String name;

    private OldClient(String bootstrap, String name) {
        this.bootstrap = bootstrap;
        this.name = name;
    }

    public static void main(String[] args) throws Exception {
        OldClient client = new OldClient(args[0], args[1]);
        try (Admin admin = Admin.create(client.config())) {
            client.create(admin);
            client.produce(true);
            client.produce(false);
            client.consume();
            client.lookAround(admin);
            client.delete(admin);
        }
    }

    private void create(Admin admin) throws Exception {
        admin.createTopics(Collections.singleton(new NewTopic(name, 2, (short) 1)))
                .all()
                .get();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        alterAll(admin, resource);
        Config config = admin.describeConfigs(Collections.singleton(resource))
                .all()
                .get()
                .get(resource);
        check("3600000".equals(config.get("retention.ms").value()), "retention.ms is " + config.get("retention.ms"));
        say("create");
    }

    @SuppressWarnings("deprecation") // the deprecated call is what old programs use
    private static void alterAll(Admin admin, ConfigResource resource) throws Exception {
        Config wanted = new Config(Collections.singleton(new ConfigEntry("retention.ms", "3600000")));
        admin.alterConfigs(Collections.singletonMap(resource, wanted)).all().get();
    }

    private void produce(boolean idempotent) throws Exception {
        for (String codec : CODECS) {
            Properties config = config();
            config.put("compression.type", codec);
            config.put("enable.idempotence", Boolean.toString(idempotent));
            config.put("acks", "all");
            config.put("linger.ms", "10");
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(config)) {
                List<Future<?>> sent = new ArrayList<>();
                for (int i = 0; i < RECORDS_EACH; i++) {
                    ProducerRecord<String, String> record = new ProducerRecord<>(name, i % 2, "k" + i, codec + i);
                    record.headers().add(new RecordHeader("codec", codec.getBytes("UTF-8")));
                    sent.add(producer.send(record));
                }
                for (Future<?> future : sent) {
                    future.get();
                }
            }
        }
        say(idempotent ? "produce idempotent" : "produce");
    }

    private void consume() {
        Properties config = config();
        config.put("group.id", name);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        int expected = 2 * CODECS.size() * RECORDS_EACH;
        int seen = 0;
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config)) {
            consumer.subscribe(Collections.singleton(name));
            long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
            while (seen < expected && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    String codec =
                            new String(record.headers().lastHeader("codec").value(), StandardCharsets.UTF_8);
                    check(record.value().startsWith(codec), "value " + record.value() + " under codec " + codec);
                    seen++;
                }
            }
            consumer.commitSync();
            TopicPartition first = new TopicPartition(name, 0);
            long committed =
                    consumer.committed(Collections.singleton(first)).get(first).offset();
            check(committed == expected / 2, "committed offset " + committed);
            Map<TopicPartition, Long> ends = consumer.endOffsets(Collections.singleton(first));
            check(ends.get(first) == expected / 2, "end offset " + ends);
        }
        check(seen == expected, seen + " of " + expected + " records consumed");
        say("consume");
    }

    private void lookAround(Admin admin) throws Exception {
        check(
                admin.describeTopics(Collections.singleton(name))
                                .all()
                                .get()
                                .get(name)
                                .partitions()
                                .size()
                        == 2,
                "partitions");
        check(admin.listTopics().names().get().contains(name), "listed topics");
        TopicPartition first = new TopicPartition(name, 0);
        long end = admin.listOffsets(Collections.singletonMap(first, OffsetSpec.latest()))
                .all()
                .get()
                .get(first)
                .offset();
        check(end == CODECS.size() * RECORDS_EACH, "latest offset " + end);
        check(admin.describeCluster().nodes().get().size() == 1, "nodes");
        admin.describeConsumerGroups(Collections.singleton(name)).all().get();
        check(
                !admin.listConsumerGroupOffsets(name)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .isEmpty(),
                "group offsets");
        check(
                !admin.describeLogDirs(Collections.singleton(admin.describeCluster()
                                .nodes()
                                .get()
                                .iterator()
                                .next()
                                .id()))
                        .allDescriptions()
                        .get()
                        .isEmpty(),
                "log dirs");
        say("look around");
    }

    private void delete(Admin admin) throws Exception {
        admin.deleteConsumerGroups(Collections.singleton(name)).all().get();
        admin.deleteTopics(Collections.singleton(name)).all().get();
        check(!admin.listTopics().names().get().contains(name), "deleted topic is listed");
        say("delete");
    }

    private Properties config() {
        Properties config = new Properties();
        config.put("bootstrap.servers", bootstrap);
        config.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        config.put("value.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        config.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        config.put("value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        return config;
    }

    private static void say(String step) {
        System.out.println("OK " + step);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("not as expected: " + what);
        }
    }
}

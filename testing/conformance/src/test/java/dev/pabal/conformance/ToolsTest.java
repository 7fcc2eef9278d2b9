package dev.pabal.conformance;

import static dev.pabal.conformance.Clients.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own command-line tools, each in a process of its own. */
@ExtendWith(BrokerUnderTest.Started.class)
class ToolsTest {
    private static final String TOOLS = "org.apache.kafka.tools.";

    private final BrokerUnderTest broker;

    ToolsTest(BrokerUnderTest broker) {
        this.broker = broker;
    }

    @Test
    void verifiableProducerAndConsumerAgree() {
        String topic = Clients.topic(broker, "verifiable", 3);
        String produced = tool("VerifiableProducer", "--topic", topic, "--max-messages", "2000");
        assertThat(produced.lines().filter(line -> line.contains("\"producer_send_success\"")))
                .hasSize(2_000);
        assertThat(produced).contains("\"sent\":2000", "\"acked\":2000");
        for (String protocol : List.of("classic", "consumer")) {
            String consumed = tool(
                    "VerifiableConsumer",
                    "--topic",
                    topic,
                    "--group-protocol",
                    protocol,
                    "--group-id",
                    BrokerUnderTest.unique("verifiable"),
                    "--max-messages",
                    "2000",
                    "--verbose");
            assertThat(consumed.lines().filter(line -> line.contains("\"record_data\"")))
                    .as(protocol)
                    .hasSize(2_000);
            assertThat(consumed).contains("\"offsets_committed\"").doesNotContain("\"success\":false");
        }
    }

    @Test
    void topicCommand() {
        String topic = BrokerUnderTest.unique("command");
        tool("TopicCommand", "--create", "--topic", topic, "--partitions", "3", "--config", "retention.ms=9999");
        assertThat(tool("TopicCommand", "--list")).contains(topic);
        tool("TopicCommand", "--alter", "--topic", topic, "--partitions", "4");
        assertThat(tool("TopicCommand", "--describe", "--topic", topic))
                .contains("PartitionCount: 4", "ReplicationFactor: 1", "retention.ms=9999");
        tool("TopicCommand", "--delete", "--topic", topic);
        assertThat(tool("TopicCommand", "--list")).doesNotContain(topic);
    }

    @Test
    void configCommand() {
        String topic = Clients.topic(broker, "config", 1);
        String[] target = {"--entity-type", "topics", "--entity-name", topic};
        config(target, "--alter", "--add-config", "max.message.bytes=2000,cleanup.policy=compact");
        assertThat(config(target, "--describe")).contains("max.message.bytes=2000", "cleanup.policy=compact");
        config(target, "--alter", "--delete-config", "max.message.bytes");
        assertThat(config(target, "--describe")).doesNotContain("max.message.bytes=2000");
        assertThat(Programs.kafka(
                                "kafka.admin.ConfigCommand",
                                "--bootstrap-server",
                                broker.bootstrap(),
                                "--describe",
                                "--all",
                                "--broker",
                                brokerId())
                        .ok())
                .contains("auto.create.topics.enable=true");
    }

    private String brokerId() {
        try (var admin = Clients.admin(broker)) {
            return Clients.await(admin.describeCluster().nodes())
                    .iterator()
                    .next()
                    .idString();
        }
    }

    private String config(String[] target, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", broker.bootstrap()));
        all.addAll(List.of(target));
        all.addAll(List.of(arguments));
        return Programs.kafka("kafka.admin.ConfigCommand", all.toArray(String[]::new))
                .ok();
    }

    @Test
    void consumerGroupCommand() {
        String topic = Clients.topic(broker, "groups", 1);
        String group = BrokerUnderTest.unique("groups");
        Clients.produce(broker, topic, 0, numbered("v", 10));
        try (var consumer = Clients.consumer(broker, "group.id", group)) {
            consumer.subscribe(List.of(topic));
            Clients.poll(consumer, 10);
            consumer.commitSync();
        }
        String command = "consumer.group.ConsumerGroupCommand";
        assertThat(tool(command, "--list")).contains(group);
        assertThat(tool(command, "--describe", "--group", group).replaceAll(" +", " "))
                .contains(group + " " + topic + " 0 10 10 0");
        tool(command, "--reset-offsets", "--group", group, "--topic", topic, "--to-offset", "3", "--execute");
        assertThat(tool(command, "--describe", "--group", group).replaceAll(" +", " "))
                .contains(group + " " + topic + " 0 3 10 7");
        assertThat(tool(command, "--describe", "--group", group, "--state")).contains("Empty");
        assertThat(tool(command, "--delete", "--group", group)).contains("successful");
        assertThat(tool("GroupsCommand", "--list")).doesNotContain(group);
    }

    @Test
    void offsetsAndDirectoriesAndDeletedRecords(@TempDir Path folder) throws Exception {
        String topic = Clients.topic(broker, "offsets", 2);
        Clients.produce(broker, topic, 0, numbered("v", 10));
        assertThat(tool("GetOffsetShell", "--topic", topic)).contains(topic + ":0:10", topic + ":1:0");
        assertThat(tool("LogDirsCommand", "--describe", "--topic-list", topic))
                .contains("\"partition\":\"" + topic + "-0\"");
        Path json = Files.writeString(
                folder.resolve("delete.json"),
                "{\"partitions\":[{\"topic\":\"" + topic + "\",\"partition\":0,\"offset\":4}],\"version\":1}");
        assertThat(tool("DeleteRecordsCommand", "--offset-json-file", json.toString()))
                .contains("low_watermark: 4");
        assertThat(tool("GetOffsetShell", "--topic", topic, "--time", "earliest"))
                .contains(topic + ":0:4");
    }

    @Test
    void consoleProducerAndConsumer() {
        String topic = Clients.topic(broker, "console", 1);
        Programs.kafkaWithInput(
                        "k1:first\nk2:second\n",
                        TOOLS + "ConsoleProducer",
                        "--bootstrap-server",
                        broker.bootstrap(),
                        "--topic",
                        topic,
                        "--reader-property",
                        "parse.key=true",
                        "--reader-property",
                        "key.separator=:")
                .ok();
        String read = tool(
                "consumer.ConsoleConsumer",
                "--topic",
                topic,
                "--from-beginning",
                "--max-messages",
                "2",
                "--formatter-property",
                "print.key=true");
        assertThat(read).contains("k1\tfirst", "k2\tsecond");
    }

    @Test
    void versionsAndFeatures() {
        assertThat(tool("BrokerApiVersionsCommand")).contains("Produce(0): 0 to 13", "Fetch(1): 4 to 18");
        assertThat(tool("FeatureCommand", "describe")).contains("group.version");
    }

    @Test
    void performanceTools() {
        String topic = Clients.topic(broker, "performance", 2);
        assertThat(tool(
                        "ProducerPerformance",
                        "--topic",
                        topic,
                        "--num-records",
                        "20000",
                        "--record-size",
                        "100",
                        "--throughput",
                        "-1",
                        "--command-property",
                        "acks=all"))
                .contains("20000 records sent");
        assertThat(tool("ConsumerPerformance", "--topic", topic, "--num-records", "20000", "--timeout", "60000"))
                .contains(", 20000, ");
        assertThat(tool(
                        "EndToEndLatency",
                        "--topic",
                        Clients.topic(broker, "latency", 1),
                        "--num-records",
                        "50",
                        "--producer-acks",
                        "all",
                        "--record-size",
                        "100"))
                .contains("Percentiles");
    }

    private String tool(String name, String... arguments) {
        List<String> all = new ArrayList<>();
        List<String> own = Arrays.asList(arguments);
        if (name.equals("FeatureCommand")) {
            all.addAll(List.of("--bootstrap-server", broker.bootstrap()));
            all.addAll(own);
        } else {
            all.addAll(own);
            all.addAll(List.of("--bootstrap-server", broker.bootstrap()));
        }
        return Programs.kafka(TOOLS + name, all.toArray(String[]::new)).ok();
    }
}

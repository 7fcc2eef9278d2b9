package dev.pabal.cli.topic;

import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.ServerOption;
import dev.pabal.cli.client.Table;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a topic's partitions with their offsets, and its configs. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = "Prints a topic's id, configs, and each partition's first and next offset.",
        footer = {"", "Examples:", "  pabal topic describe orders", "  pabal topic describe orders --all-configs"})
final class TopicDescribeCommand implements Callable<Integer> {
    @Mixin
    private ServerOption server = new ServerOption();

    @Parameters(paramLabel = "TOPIC", description = "The topic's name.")
    private String topic = "";

    @Option(names = "--all-configs", description = "Prints the configs that hold by default too.")
    private boolean allConfigs;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = CommandOutput.of(spec);
        try (Admin admin = server.admin()) {
            TopicDescription description =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            out.println("Topic " + topic + ", id " + description.topicId() + ", "
                    + description.partitions().size() + " partitions");
            printConfigs(admin, out);
            printPartitions(admin, description, out);
        }
        return 0;
    }

    private void printConfigs(Admin admin, PrintWriter out) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        config.entries().stream()
                .filter(entry -> allConfigs || entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .forEach(entry -> out.println("  " + entry.name() + "=" + entry.value()));
    }

    private void printPartitions(Admin admin, TopicDescription description, PrintWriter out)
            throws ExecutionException, InterruptedException {
        List<TopicPartition> partitions = description.partitions().stream()
                .map(TopicPartitionInfo::partition)
                .map(index -> new TopicPartition(topic, index))
                .toList();
        Map<TopicPartition, ListOffsetsResultInfo> first = offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> next = offsets(admin, partitions, OffsetSpec.latest());
        Table table = new Table("PARTITION", "FIRST", "NEXT", "RECORDS");
        for (TopicPartition partition : partitions) {
            long start = first.get(partition).offset();
            long end = next.get(partition).offset();
            table.row(partition.partition(), start, end, end - start);
        }
        table.print(out);
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Admin admin, List<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = partitions.stream().collect(Collectors.toMap(p -> p, p -> which));
        return new HashMap<>(admin.listOffsets(asked).all().get());
    }
}

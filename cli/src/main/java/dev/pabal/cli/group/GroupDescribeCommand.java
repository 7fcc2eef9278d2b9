package dev.pabal.cli.group;

import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.ServerOption;
import dev.pabal.cli.client.Table;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a group's state, and for each partition how far it has got and who reads it. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = "Prints a group's state, its members, and for each partition the committed offset and the lag.",
        footer = {"", "Examples:", "  pabal group describe billing"})
final class GroupDescribeCommand implements Callable<Integer> {
    @Mixin
    private ServerOption server = new ServerOption();

    @Parameters(paramLabel = "GROUP", description = "The group's name.")
    private String group = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = CommandOutput.of(spec);
        try (Admin admin = server.admin()) {
            ConsumerGroupDescription description =
                    admin.describeConsumerGroups(List.of(group)).all().get().get(group);
            out.println("Group " + group + ", " + description.type() + ", " + description.groupState() + ", "
                    + description.members().size() + " members, assignor "
                    + (description.partitionAssignor().isEmpty() ? "-" : description.partitionAssignor()));
            printOffsets(admin, description, out);
        }
        return 0;
    }

    private void printOffsets(Admin admin, ConsumerGroupDescription description, PrintWriter out)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = GroupOffsets.committed(admin, group);
        Map<TopicPartition, String> readers = new HashMap<>();
        for (MemberDescription member : description.members()) {
            String name = member.clientId() + " at " + member.host();
            member.assignment().topicPartitions().forEach(partition -> readers.put(partition, name));
        }
        TreeSet<TopicPartition> partitions = new TreeSet<>(GroupOffsets.ORDER);
        partitions.addAll(committed.keySet());
        partitions.addAll(readers.keySet());
        Map<TopicPartition, Long> ends = GroupOffsets.offsets(admin, partitions, OffsetSpec.latest());
        Table table = new Table("TOPIC", "PARTITION", "COMMITTED", "NEXT", "LAG", "READER");
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            long end = ends.getOrDefault(partition, -1L);
            table.row(
                    partition.topic(),
                    partition.partition(),
                    offset == null ? "-" : offset.offset(),
                    end,
                    offset == null ? "-" : end - offset.offset(),
                    readers.getOrDefault(partition, "-"));
        }
        table.print(out);
    }
}

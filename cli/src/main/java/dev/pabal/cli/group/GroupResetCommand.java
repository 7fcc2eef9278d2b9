package dev.pabal.cli.group;

import dev.pabal.cli.client.CommandFailure;
import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.Moment;
import dev.pabal.cli.client.ServerOption;
import dev.pabal.cli.client.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Moves a group to other offsets. */
@Command(
        name = "reset",
        mixinStandardHelpOptions = true,
        description = "Moves a group without members to other offsets of a topic.",
        footer = {
            "",
            "Examples:",
            "  pabal group reset billing --topic orders --to-beginning",
            "  pabal group reset billing --topic orders --to-time PT1H --dry-run",
            "  pabal group reset billing --topic orders --partition 2 --to-offset 1000",
            "  pabal group reset billing --topic orders --shift -100"
        })
final class GroupResetCommand implements Callable<Integer> {
    @Mixin
    private ServerOption server = new ServerOption();

    @Parameters(paramLabel = "GROUP", description = "The group's name.")
    private String group = "";

    @Option(names = "--topic", required = true, paramLabel = "TOPIC", description = "The topic.")
    private String topic = "";

    @Option(names = "--partition", paramLabel = "N", description = "Moves in this partition only; may be repeated.")
    private List<Integer> partitions = new ArrayList<>();

    @ArgGroup(multiplicity = "1")
    private Target target = new Target();

    @Option(names = "--dry-run", description = "Prints what would be done and does nothing.")
    private boolean dryRun;

    @Spec
    private @Nullable CommandSpec spec;

    /** Where to; exactly one. */
    static final class Target {
        @Option(names = "--to-beginning", description = "To the first record.")
        private boolean beginning;

        @Option(names = "--to-end", description = "Behind the last record.")
        private boolean end;

        @Option(names = "--to-offset", paramLabel = "N", description = "To this offset, or the nearest that exists.")
        private @Nullable Long offset;

        @Option(
                names = "--to-time",
                paramLabel = "TIME",
                description = "To the first record at or after: " + Moment.FORMS + ".")
        private @Nullable String time;

        @Option(names = "--shift", paramLabel = "N", description = "By N records, back where N is negative.")
        private @Nullable Long shift;
    }

    @Override
    public Integer call() throws Exception {
        try (Admin admin = server.admin()) {
            List<TopicPartition> chosen = GroupOffsets.partitions(admin, topic).stream()
                    .filter(partition -> partitions.isEmpty() || partitions.contains(partition.partition()))
                    .toList();
            if (chosen.isEmpty()) {
                throw new CommandFailure(
                        CommandFailure.USAGE, "Topic " + topic + " has none of the partitions given with --partition.");
            }
            Map<TopicPartition, OffsetAndMetadata> before = GroupOffsets.committed(admin, group);
            Map<TopicPartition, OffsetAndMetadata> after = targets(admin, chosen, before);
            if (!dryRun) {
                admin.alterConsumerGroupOffsets(group, after).all().get();
            }
            print(chosen, before, after);
        }
        return 0;
    }

    private Map<TopicPartition, OffsetAndMetadata> targets(
            Admin admin, List<TopicPartition> chosen, Map<TopicPartition, OffsetAndMetadata> before)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> first = GroupOffsets.offsets(admin, chosen, OffsetSpec.earliest());
        Map<TopicPartition, Long> next = GroupOffsets.offsets(admin, chosen, OffsetSpec.latest());
        Map<TopicPartition, Long> byTime = target.time == null
                ? Map.of()
                : GroupOffsets.offsets(
                        admin,
                        chosen,
                        OffsetSpec.forTimestamp(Moment.parseMs("--to-time", target.time, System.currentTimeMillis())));
        Map<TopicPartition, OffsetAndMetadata> targets = new HashMap<>();
        for (TopicPartition partition : chosen) {
            long start = Objects.requireNonNull(first.get(partition));
            long end = Objects.requireNonNull(next.get(partition));
            OffsetAndMetadata now = before.get(partition);
            long wanted = wanted(start, end, byTime.getOrDefault(partition, -1L), now == null ? start : now.offset());
            targets.put(partition, new OffsetAndMetadata(Math.max(start, Math.min(end, wanted))));
        }
        return targets;
    }

    private long wanted(long start, long end, long byTime, long now) {
        if (target.beginning) {
            return start;
        } else if (target.end) {
            return end;
        } else if (target.offset != null) {
            return target.offset;
        } else if (target.shift != null) {
            return now + target.shift;
        }
        return byTime < 0 ? end : byTime;
    }

    private void print(
            List<TopicPartition> chosen,
            Map<TopicPartition, OffsetAndMetadata> before,
            Map<TopicPartition, OffsetAndMetadata> after) {
        Table table = new Table("TOPIC", "PARTITION", "BEFORE", dryRun ? "WOULD BE" : "NOW");
        for (TopicPartition partition : chosen) {
            OffsetAndMetadata old = before.get(partition);
            table.row(
                    partition.topic(),
                    partition.partition(),
                    old == null ? "-" : old.offset(),
                    Objects.requireNonNull(after.get(partition)).offset());
        }
        table.print(CommandOutput.of(spec));
    }
}

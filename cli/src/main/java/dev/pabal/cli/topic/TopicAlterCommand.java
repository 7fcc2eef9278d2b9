package dev.pabal.cli.topic;

import dev.pabal.cli.client.Assignments;
import dev.pabal.cli.client.CommandFailure;
import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.ServerOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Changes a topic's configs and grows it. */
@Command(
        name = "alter",
        mixinStandardHelpOptions = true,
        description = "Changes a topic's configs, or grows its number of partitions.",
        footer = {
            "",
            "Examples:",
            "  pabal topic alter orders --set retention.ms=3600000 --unset max.message.bytes",
            "  pabal topic alter orders --partitions 12"
        })
final class TopicAlterCommand implements Callable<Integer> {
    @Mixin
    private ServerOption server = new ServerOption();

    @Parameters(paramLabel = "TOPIC", description = "The topic's name.")
    private String topic = "";

    @Option(names = "--partitions", paramLabel = "N", description = "Number of partitions in all; can only grow.")
    private @Nullable Integer partitions;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets one of the topic's configs; may be repeated.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--unset",
            paramLabel = "KEY",
            description = "Lets the default hold for a config again; may be repeated.")
    private List<String> unset = new ArrayList<>();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<AlterConfigOp> changes = changes();
        if (changes.isEmpty() && partitions == null) {
            throw new CommandFailure(
                    CommandFailure.USAGE, "Nothing is to be changed; give --set, --unset or --partitions.");
        }
        try (Admin admin = server.admin()) {
            if (!changes.isEmpty()) {
                ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
                admin.incrementalAlterConfigs(Map.of(resource, changes)).all().get();
            }
            if (partitions != null) {
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                        .all()
                        .get();
            }
        }
        CommandOutput.of(spec).println("Altered topic " + topic + ".");
        return 0;
    }

    private List<AlterConfigOp> changes() {
        List<AlterConfigOp> changes = new ArrayList<>();
        Assignments.parse("--set", set)
                .forEach((key, value) ->
                        changes.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
        unset.forEach(key -> changes.add(new AlterConfigOp(new ConfigEntry(key, ""), AlterConfigOp.OpType.DELETE)));
        return changes;
    }
}

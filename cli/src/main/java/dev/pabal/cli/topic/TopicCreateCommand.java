package dev.pabal.cli.topic;

import dev.pabal.cli.client.Assignments;
import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.ServerOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a topic. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = "Makes a topic.",
        footer = {
            "",
            "Examples:",
            "  pabal topic create orders",
            "  pabal topic create orders --partitions 6 --set cleanup.policy=compact",
            "  pabal topic create orders --if-not-exists"
        })
final class TopicCreateCommand implements Callable<Integer> {
    @Mixin
    private ServerOption server = new ServerOption();

    @Parameters(paramLabel = "TOPIC", description = "The topic's name.")
    private String topic = "";

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Number of partitions (default: the broker's num.partitions).")
    private @Nullable Integer partitions;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One of the topic's configs; may be repeated.")
    private List<String> configs = new ArrayList<>();

    @Option(names = "--if-not-exists", description = "Leaves a topic of that name as it is instead of failing.")
    private boolean ifNotExists;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        NewTopic wanted = new NewTopic(topic, Optional.ofNullable(partitions), Optional.empty())
                .configs(Assignments.parse("--set", configs));
        try (Admin admin = server.admin()) {
            CreateTopicsResult result = admin.createTopics(List.of(wanted));
            result.all().get();
            CommandOutput.of(spec)
                    .println("Created topic " + topic + " with "
                            + result.numPartitions(topic).get() + " partitions.");
        } catch (ExecutionException e) {
            if (!(ifNotExists && e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
            CommandOutput.of(spec).println("Topic " + topic + " exists already.");
        }
        return 0;
    }
}

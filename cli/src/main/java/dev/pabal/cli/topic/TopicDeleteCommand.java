package dev.pabal.cli.topic;

import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.ServerOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Removes topics with all their data. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Removes topics and all their records, for ever.",
        footer = {"", "Examples:", "  pabal topic delete orders", "  pabal topic delete orders invoices"})
final class TopicDeleteCommand implements Callable<Integer> {
    @Mixin
    private ServerOption server = new ServerOption();

    @Parameters(paramLabel = "TOPIC", arity = "1..*", description = "The topics' names.")
    private List<String> topics = new ArrayList<>();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try (Admin admin = server.admin()) {
            admin.deleteTopics(topics).all().get();
        }
        topics.forEach(topic -> CommandOutput.of(spec).println("Deleted topic " + topic + "."));
        return 0;
    }
}

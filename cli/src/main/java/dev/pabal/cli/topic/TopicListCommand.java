package dev.pabal.cli.topic;

import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.ServerOption;
import java.io.PrintWriter;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the names of topics. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Prints the topics' names, one a line.",
        footer = {
            "",
            "Examples:",
            "  pabal topic list",
            "  pabal topic list --internal --server broker.example.org:9092"
        })
final class TopicListCommand implements Callable<Integer> {
    @Mixin
    private ServerOption server = new ServerOption();

    @Option(names = "--internal", description = "Prints the broker's own topics too.")
    private boolean internal;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = CommandOutput.of(spec);
        try (Admin admin = server.admin()) {
            new TreeSet<>(admin.listTopics(new ListTopicsOptions().listInternal(internal))
                            .names()
                            .get())
                    .forEach(out::println);
        }
        return 0;
    }
}

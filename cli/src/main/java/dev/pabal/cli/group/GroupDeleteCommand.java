package dev.pabal.cli.group;

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

/** Forgets groups and what they have committed. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Forgets groups without members, and all they have committed.",
        footer = {"", "Examples:", "  pabal group delete billing", "  pabal group delete billing audit"})
final class GroupDeleteCommand implements Callable<Integer> {
    @Mixin
    private ServerOption server = new ServerOption();

    @Parameters(paramLabel = "GROUP", arity = "1..*", description = "The groups' names.")
    private List<String> groups = new ArrayList<>();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try (Admin admin = server.admin()) {
            admin.deleteConsumerGroups(groups).all().get();
        }
        groups.forEach(group -> CommandOutput.of(spec).println("Deleted group " + group + "."));
        return 0;
    }
}

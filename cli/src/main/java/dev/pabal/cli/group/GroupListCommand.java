package dev.pabal.cli.group;

import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.ServerOption;
import dev.pabal.cli.client.Table;
import java.util.Comparator;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the groups. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Prints the groups with their types and states.",
        footer = {"", "Examples:", "  pabal group list", "  pabal group list --server broker.example.org:9092"})
final class GroupListCommand implements Callable<Integer> {
    @Mixin
    private ServerOption server = new ServerOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Table table = new Table("GROUP", "TYPE", "STATE");
        try (Admin admin = server.admin()) {
            admin.listGroups().all().get().stream()
                    .sorted(Comparator.comparing(GroupListing::groupId))
                    .forEach(group -> table.row(
                            group.groupId(),
                            group.type().map(Object::toString).orElse("-"),
                            group.groupState().map(Object::toString).orElse("-")));
        }
        table.print(CommandOutput.of(spec));
        return 0;
    }
}

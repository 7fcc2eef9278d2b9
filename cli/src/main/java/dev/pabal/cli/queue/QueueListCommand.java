package dev.pabal.cli.queue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pabal.cli.amqp.Fields;
import dev.pabal.cli.amqp.ManagementOption;
import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.Table;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the queues of a virtual host. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Prints the queues with their messages and consumers.",
        footer = {"", "Examples:", "  pabal queue list", "  pabal queue list --vhost staging"})
final class QueueListCommand implements Callable<Integer> {
    @Mixin
    private ManagementOption management = new ManagementOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Table table = new Table("QUEUE", "TYPE", "READY", "UNACKED", "CONSUMERS");
        for (JsonNode queue : management.readAll("queues/" + management.virtualHost())) {
            table.row(
                    Fields.text(queue, "name"),
                    Fields.text(queue, "type"),
                    Fields.number(queue, "messages_ready"),
                    Fields.number(queue, "messages_unacknowledged"),
                    Fields.number(queue, "consumers"));
        }
        table.print(CommandOutput.of(spec));
        return 0;
    }
}

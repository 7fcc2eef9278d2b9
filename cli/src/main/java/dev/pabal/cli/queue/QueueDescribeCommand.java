package dev.pabal.cli.queue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pabal.cli.amqp.Fields;
import dev.pabal.cli.amqp.ManagementOption;
import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.Table;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a queue's settings, messages and bindings. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = "Prints a queue's settings, how many messages wait, and what is bound to it.",
        footer = {"", "Examples:", "  pabal queue describe orders"})
final class QueueDescribeCommand implements Callable<Integer> {
    @Mixin
    private ManagementOption management = new ManagementOption();

    @Parameters(paramLabel = "QUEUE", description = "The queue's name.")
    private String queue = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        String path = "queues/" + management.virtualHost() + "/" + ManagementOption.segment(queue);
        JsonNode found = management.read(path);
        PrintWriter out = CommandOutput.of(spec);
        out.println("Queue " + queue + ", " + Fields.text(found, "type") + ", "
                + (found.path("durable").asBoolean() ? "durable" : "transient")
                + (found.path("auto_delete").asBoolean() ? ", goes with its last consumer" : "")
                + (found.path("exclusive").asBoolean() ? ", of one connection only" : ""));
        out.println("  arguments  " + Fields.assignments(found.path("arguments")));
        out.println("  policy     " + Fields.text(found, "policy"));
        out.println("  ready      " + Fields.number(found, "messages_ready"));
        out.println("  unacked    " + Fields.number(found, "messages_unacknowledged"));
        out.println("  consumers  " + Fields.number(found, "consumers"));
        Table table = new Table("BOUND TO", "KEY", "ARGUMENTS");
        for (JsonNode binding : management.read(path + "/bindings")) {
            String source = Fields.text(binding, "source");
            table.row(
                    source.equals("-") ? "(default exchange)" : source,
                    Fields.text(binding, "routing_key"),
                    Fields.assignments(binding.path("arguments")));
        }
        table.print(out);
        return 0;
    }
}

package dev.pabal.cli.queue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pabal.cli.amqp.Fields;
import dev.pabal.cli.amqp.ManagementOption;
import dev.pabal.cli.client.CommandOutput;
import dev.pabal.cli.client.Table;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the next messages of a queue and leaves them there. */
@Command(
        name = "peek",
        mixinStandardHelpOptions = true,
        description = "Prints the next messages of a queue and leaves them there.",
        footer = {
            "",
            "The messages go back to their places, from then on marked as redelivered.",
            "",
            "Examples:",
            "  pabal queue peek orders",
            "  pabal queue peek failed --count 20 --json"
        })
final class QueuePeekCommand implements Callable<Integer> {
    private static final int MAX_SHOWN_BYTES = 50_000;

    @Mixin
    private ManagementOption management = new ManagementOption();

    @Parameters(paramLabel = "QUEUE", description = "The queue's name.")
    private String queue = "";

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "5",
            description = "Messages (default: ${DEFAULT-VALUE}).")
    private int count = 5;

    @Option(names = "--json", description = "Prints all of each message, as the management API gives it, one a line.")
    private boolean wholeAsJson;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        JsonNode messages = management.post(
                "queues/" + management.virtualHost() + "/" + ManagementOption.segment(queue) + "/get",
                Map.of("count", count, "ackmode", "ack_requeue_true", "encoding", "auto", "truncate", MAX_SHOWN_BYTES));
        PrintWriter out = CommandOutput.of(spec);
        if (wholeAsJson) {
            messages.forEach(out::println);
            return 0;
        }
        Table table = new Table("EXCHANGE", "KEY", "REDELIVERED", "HEADERS", "BODY");
        for (JsonNode message : messages) {
            boolean base64 = message.path("payload_encoding").asText().equals("base64");
            table.row(
                    Fields.text(message, "exchange"),
                    Fields.text(message, "routing_key"),
                    message.path("redelivered").asBoolean() ? "yes" : "no",
                    Fields.assignments(message.path("properties").path("headers")),
                    (base64 ? "base64:" : "") + message.path("payload").asText());
        }
        table.print(out);
        return 0;
    }
}

package dev.pabal.cli.exchange;

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

/** Prints the exchanges of a virtual host. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Prints the exchanges with their types.",
        footer = {"", "Examples:", "  pabal exchange list"})
final class ExchangeListCommand implements Callable<Integer> {
    @Mixin
    private ManagementOption management = new ManagementOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Table table = new Table("EXCHANGE", "TYPE", "DURABLE", "ARGUMENTS");
        for (JsonNode exchange : management.readAll("exchanges/" + management.virtualHost())) {
            String name = exchange.path("name").asText();
            table.row(
                    name.isEmpty() ? "(default exchange)" : name,
                    Fields.text(exchange, "type"),
                    exchange.path("durable").asBoolean() ? "yes" : "no",
                    Fields.assignments(exchange.path("arguments")));
        }
        table.print(CommandOutput.of(spec));
        return 0;
    }
}

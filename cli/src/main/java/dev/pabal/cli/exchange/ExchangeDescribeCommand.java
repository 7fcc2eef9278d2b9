package dev.pabal.cli.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pabal.cli.amqp.Fields;
import dev.pabal.cli.amqp.ManagementOption;
import dev.pabal.cli.client.CommandOutput;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints an exchange's settings and where it leads. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = "Prints an exchange's settings and its bindings.",
        footer = {"", "Examples:", "  pabal exchange describe events"})
final class ExchangeDescribeCommand implements Callable<Integer> {
    @Mixin
    private ManagementOption management = new ManagementOption();

    @Parameters(paramLabel = "EXCHANGE", description = "The exchange's name.")
    private String exchange = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        String path = "exchanges/" + management.virtualHost() + "/" + ManagementOption.segment(exchange);
        JsonNode found = management.read(path);
        PrintWriter out = CommandOutput.of(spec);
        out.println("Exchange " + exchange + ", " + Fields.text(found, "type") + ", "
                + (found.path("durable").asBoolean() ? "durable" : "transient")
                + (found.path("internal").asBoolean() ? ", internal" : "")
                + (found.path("auto_delete").asBoolean() ? ", goes with its last binding" : ""));
        out.println("  arguments  " + Fields.assignments(found.path("arguments")));
        BindingTable bindings = new BindingTable();
        management.read(path + "/bindings/source").forEach(bindings::add);
        bindings.print(out);
        return 0;
    }
}

package dev.pabal.cli.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pabal.cli.amqp.ManagementOption;
import dev.pabal.cli.client.CommandOutput;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints bindings. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Prints the bindings of all exchanges, or of one.",
        footer = {"", "Examples:", "  pabal binding list", "  pabal binding list events"})
final class BindingListCommand implements Callable<Integer> {
    @Mixin
    private ManagementOption management = new ManagementOption();

    @Parameters(arity = "0..1", paramLabel = "EXCHANGE", description = "Only this exchange's.")
    private @Nullable String exchange;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        JsonNode found = management.read(
                exchange == null
                        ? "bindings/" + management.virtualHost()
                        : "exchanges/" + management.virtualHost() + "/" + ManagementOption.segment(exchange)
                                + "/bindings/source");
        BindingTable bindings = new BindingTable();
        found.forEach(bindings::add);
        bindings.print(CommandOutput.of(spec));
        return 0;
    }
}

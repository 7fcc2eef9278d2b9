package dev.pabal.cli.exchange;

import dev.pabal.cli.amqp.AmqpOption;
import dev.pabal.cli.client.CommandOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Removes exchanges. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Removes exchanges with their bindings; one that is not there is no error.",
        footer = {"", "Examples:", "  pabal exchange delete events", "  pabal exchange delete events --if-unused"})
final class ExchangeDeleteCommand implements Callable<Integer> {
    @Mixin
    private AmqpOption amqp = new AmqpOption();

    @Parameters(paramLabel = "EXCHANGE", arity = "1..*", description = "The exchanges' names.")
    private List<String> exchanges = new ArrayList<>();

    @Option(names = "--if-unused", description = "Refuses where there are bindings.")
    private boolean ifUnused;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        for (String exchange : exchanges) {
            amqp.with(channel -> channel.exchangeDelete(exchange, ifUnused));
            CommandOutput.of(spec).println("Deleted exchange " + exchange + ".");
        }
        return 0;
    }
}

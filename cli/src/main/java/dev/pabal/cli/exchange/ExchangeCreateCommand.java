package dev.pabal.cli.exchange;

import dev.pabal.cli.amqp.AmqpOption;
import dev.pabal.cli.amqp.ArgumentValues;
import dev.pabal.cli.client.CommandOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Declares an exchange. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = "Makes a durable exchange; one that is there already with the same settings is left as it is.",
        footer = {
            "",
            "Types: direct, fanout, topic, headers, x-consistent-hash, x-random, x-delayed-message.",
            "",
            "Examples:",
            "  pabal exchange create events --type topic",
            "  pabal exchange create later --type x-delayed-message --set x-delayed-type=direct",
            "  pabal exchange create orders --type direct --alternate unrouted"
        })
final class ExchangeCreateCommand implements Callable<Integer> {
    @Mixin
    private AmqpOption amqp = new AmqpOption();

    @Parameters(paramLabel = "EXCHANGE", description = "The exchange's name.")
    private String exchange = "";

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "direct",
            description = "Type (default: ${DEFAULT-VALUE}).")
    private String type = "direct";

    @Option(
            names = "--alternate",
            paramLabel = "EXCHANGE",
            description = "Exchange for messages that no binding takes.")
    private @Nullable String alternate;

    @Option(names = "--transient", description = "An exchange that a restart of the broker removes.")
    private boolean transientExchange;

    @Option(names = "--auto-delete", description = "An exchange that goes with its last binding.")
    private boolean autoDelete;

    @Option(names = "--internal", description = "Only other exchanges may publish to it.")
    private boolean internal;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "An argument; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Map<String, Object> arguments = ArgumentValues.parse("--set", settings);
        if (alternate != null) {
            arguments.put("alternate-exchange", alternate);
        }
        amqp.with(channel ->
                channel.exchangeDeclare(exchange, type, !transientExchange, autoDelete, internal, arguments));
        CommandOutput.of(spec).println("Exchange " + exchange + " is there.");
        return 0;
    }
}

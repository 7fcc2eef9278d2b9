package dev.pabal.cli.exchange;

import dev.pabal.cli.amqp.AmqpOption;
import dev.pabal.cli.client.CommandOutput;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Binds a queue or an exchange to an exchange. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = "Lets messages of an exchange go to a queue or to another exchange.",
        footer = {
            "",
            "Examples:",
            "  pabal binding create events audit --key 'order.#'",
            "  pabal binding create jobs reports --set x-match=all --set format=pdf",
            "  pabal binding create events archive --to-exchange --key '#'"
        })
final class BindingCreateCommand implements Callable<Integer> {
    @Mixin
    private AmqpOption amqp = new AmqpOption();

    @Mixin
    private BindingOptions binding = new BindingOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Map<String, Object> arguments = binding.arguments();
        amqp.with(channel -> binding.toExchange()
                ? channel.exchangeBind(binding.destination(), binding.source(), binding.key(), arguments)
                : channel.queueBind(binding.destination(), binding.source(), binding.key(), arguments));
        CommandOutput.of(spec)
                .println("Bound " + binding.destination() + " to exchange " + binding.source() + " with key '"
                        + binding.key() + "'.");
        return 0;
    }
}

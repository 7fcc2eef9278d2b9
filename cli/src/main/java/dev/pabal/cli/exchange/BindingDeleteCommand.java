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

/** Removes a binding. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Removes a binding, named by all that it was made with; one that is not there is no error.",
        footer = {"", "Examples:", "  pabal binding delete events audit --key 'order.#'"})
final class BindingDeleteCommand implements Callable<Integer> {
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
                ? channel.exchangeUnbind(binding.destination(), binding.source(), binding.key(), arguments)
                : channel.queueUnbind(binding.destination(), binding.source(), binding.key(), arguments));
        CommandOutput.of(spec)
                .println("Unbound " + binding.destination() + " from exchange " + binding.source() + " with key '"
                        + binding.key() + "'.");
        return 0;
    }
}

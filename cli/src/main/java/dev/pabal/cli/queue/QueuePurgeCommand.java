package dev.pabal.cli.queue;

import dev.pabal.cli.amqp.AmqpOption;
import dev.pabal.cli.client.CommandOutput;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Empties a queue. */
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        description = "Removes all messages that wait in a queue; those that consumers hold stay theirs.",
        footer = {"", "Examples:", "  pabal queue purge orders"})
final class QueuePurgeCommand implements Callable<Integer> {
    @Mixin
    private AmqpOption amqp = new AmqpOption();

    @Parameters(paramLabel = "QUEUE", description = "The queue's name.")
    private String queue = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        int messages = amqp.with(channel -> channel.queuePurge(queue).getMessageCount());
        CommandOutput.of(spec).println("Purged " + messages + " messages from queue " + queue + ".");
        return 0;
    }
}

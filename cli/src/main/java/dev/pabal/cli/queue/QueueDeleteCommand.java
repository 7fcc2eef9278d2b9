package dev.pabal.cli.queue;

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

/** Removes queues with their messages. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Removes queues and all their messages, for ever; one that is not there is no error.",
        footer = {"", "Examples:", "  pabal queue delete orders", "  pabal queue delete orders retries --if-empty"})
final class QueueDeleteCommand implements Callable<Integer> {
    @Mixin
    private AmqpOption amqp = new AmqpOption();

    @Parameters(paramLabel = "QUEUE", arity = "1..*", description = "The queues' names.")
    private List<String> queues = new ArrayList<>();

    @Option(names = "--if-empty", description = "Refuses where messages wait.")
    private boolean ifEmpty;

    @Option(names = "--if-unused", description = "Refuses where there are consumers.")
    private boolean ifUnused;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        for (String queue : queues) {
            int messages = amqp.with(
                    channel -> channel.queueDelete(queue, ifUnused, ifEmpty).getMessageCount());
            CommandOutput.of(spec).println("Deleted queue " + queue + " with " + messages + " messages.");
        }
        return 0;
    }
}

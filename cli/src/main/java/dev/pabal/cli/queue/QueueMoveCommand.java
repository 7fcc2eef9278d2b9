package dev.pabal.cli.queue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.pabal.cli.amqp.AmqpOption;
import dev.pabal.cli.amqp.Confirms;
import dev.pabal.cli.client.CommandFailure;
import dev.pabal.cli.client.CommandOutput;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Moves messages from one queue to another. */
@Command(
        name = "move",
        mixinStandardHelpOptions = true,
        description = "Moves the messages that wait in a queue now to another one, in their order.",
        footer = {
            "",
            "A message leaves its queue once the other one has confirmed it: an interruption may leave some in both, never in none.",
            "",
            "Examples:",
            "  pabal queue move failed orders",
            "  pabal queue move failed orders --count 1"
        })
final class QueueMoveCommand implements Callable<Integer> {
    private static final int BATCH = 100;

    @Mixin
    private AmqpOption amqp = new AmqpOption();

    @Parameters(index = "0", paramLabel = "FROM", description = "The queue to take from.")
    private String from = "";

    @Parameters(index = "1", paramLabel = "TO", description = "The queue to put into.")
    private String to = "";

    @Option(names = "--count", paramLabel = "N", description = "Moves so many at most.")
    private long count = Long.MAX_VALUE;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        long moved = amqp.with(this::move);
        CommandOutput.of(spec).println("Moved " + moved + " messages from " + from + " to " + to + ".");
        return 0;
    }

    private long move(Channel channel) throws IOException, InterruptedException {
        channel.queueDeclarePassive(to);
        long waiting = Math.min(count, channel.queueDeclarePassive(from).getMessageCount());
        Confirms confirms = new Confirms(channel);
        long moved = 0;
        long unsettled = 0;
        long tag = 0;
        while (moved + unsettled < waiting) {
            GetResponse message = channel.basicGet(from, false);
            if (message == null) {
                break;
            }
            tag = message.getEnvelope().getDeliveryTag();
            confirms.awaitRoom();
            channel.basicPublish("", to, true, message.getProps(), message.getBody());
            if (++unsettled == BATCH) {
                settle(channel, confirms, tag);
                moved += unsettled;
                unsettled = 0;
            }
        }
        if (unsettled > 0) {
            settle(channel, confirms, tag);
        }
        return moved + unsettled;
    }

    private void settle(Channel channel, Confirms confirms, long tag) throws IOException, InterruptedException {
        confirms.awaitAll();
        if (confirms.refused() + confirms.unroutable() > 0) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "Queue " + to + " did not take " + (confirms.refused() + confirms.unroutable())
                            + " messages, which stay in " + from + "; is it full, or gone? 'pabal queue describe " + to
                            + "' shows it.");
        }
        channel.basicAck(tag, true);
    }
}

package dev.pabal.cli.message;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.pabal.cli.amqp.AmqpOption;
import dev.pabal.cli.client.CommandFailure;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes messages from a queue and prints them. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = "Takes messages from a queue and prints their bodies, one a line.",
        footer = {
            "",
            "A message is acknowledged, and gone, once it is printed; 'pabal queue peek' leaves it there. Without --follow it takes what is"
                    + " there now and ends. A stream is read with --follow and keeps its messages.",
            "",
            "Examples:",
            "  pabal get orders",
            "  pabal get orders --count 1 --format json",
            "  pabal get orders --follow",
            "  pabal get events --follow --offset first --timeout 1000"
        })
public final class GetCommand implements Callable<Integer> {
    private static final int OUTPUT_BYTES = 256 * 1024;
    private static final int ACK_EVERY = 100;

    @Mixin
    private AmqpOption amqp = new AmqpOption();

    @Parameters(paramLabel = "QUEUE", description = "The queue's name.")
    private String queue = "";

    @Option(names = "--count", paramLabel = "N", description = "Ends after so many messages.")
    private long count = Long.MAX_VALUE;

    @Option(names = "--follow", description = "Waits for new messages instead of ending.")
    private boolean follow;

    @Option(
            names = "--timeout",
            paramLabel = "MS",
            description = "With --follow, ends when no message has come for so long (default: never).")
    private @Nullable Long timeoutMs;

    @Option(
            names = "--offset",
            paramLabel = "first|last|next|N",
            description = "Where to begin in a stream (default: next).")
    private @Nullable String offset;

    @Option(
            names = "--format",
            paramLabel = "text|json",
            defaultValue = "text",
            description =
                    "text: bodies as they are; json: an object with key, properties, headers and body (default: text).")
    private Format format = Format.text;

    /** The words of {@code --format}, spelled as people type them. */
    enum Format {
        text,
        json
    }

    @Override
    public Integer call() throws Exception {
        if (!follow && (timeoutMs != null || offset != null)) {
            throw new CommandFailure(CommandFailure.USAGE, "--timeout and --offset go with --follow; add it.");
        }
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUTPUT_BYTES);
        MessageFormat chosen = format == Format.json ? new JsonMessages() : MessageFormat.text();
        long printed = amqp.with(channel -> follow
                ? new FollowLoop(channel, chosen, out, count, timeoutMs == null ? Long.MAX_VALUE : timeoutMs)
                        .run(queue, offset)
                : take(channel, chosen, out));
        System.err.printf(Locale.ROOT, "Got %,d messages from %s.%n", printed, queue);
        return 0;
    }

    private long take(Channel channel, MessageFormat chosen, OutputStream out) throws IOException {
        long taken = 0;
        long tag = 0;
        long waiting = Math.min(count, channel.queueDeclarePassive(queue).getMessageCount());
        while (taken < waiting) {
            GetResponse message = channel.basicGet(queue, false);
            if (message == null) {
                break;
            }
            chosen.write(message.getEnvelope(), message.getProps(), message.getBody(), out);
            tag = message.getEnvelope().getDeliveryTag();
            if (++taken % ACK_EVERY == 0) {
                out.flush();
                channel.basicAck(tag, true);
            }
        }
        out.flush();
        if (taken % ACK_EVERY != 0) {
            channel.basicAck(tag, true);
        }
        return taken;
    }
}

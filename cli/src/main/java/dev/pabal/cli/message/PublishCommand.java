package dev.pabal.cli.message;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import dev.pabal.cli.amqp.AmqpOption;
import dev.pabal.cli.amqp.Confirms;
import dev.pabal.cli.client.CommandFailure;
import dev.pabal.cli.client.Pace;
import dev.pabal.cli.client.Progress;
import dev.pabal.cli.record.LineReader;
import dev.pabal.cli.record.LinesOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes lines as messages. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = "Publishes each line of standard input, or of a file, as a message.",
        footer = {
            "",
            "Without --exchange the key is the name of a queue. Exits with 0 when every message is confirmed and had somewhere to go.",
            "",
            "Examples:",
            "  pabal publish orders < orders.txt",
            "  echo hello | pabal publish --exchange events order.created --header source=shop",
            "  echo later | pabal publish --exchange later reminders --delay 60000",
            "  yes job | pabal publish jobs --rate 1000 --property priority=5"
        })
public final class PublishCommand implements Callable<Integer> {
    @Mixin
    private AmqpOption amqp = new AmqpOption();

    @Parameters(index = "0", paramLabel = "KEY", description = "Routing key, or the queue's name.")
    private String key = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "File to read instead of standard input.")
    private @Nullable Path file;

    @Mixin
    private LinesOption reading = new LinesOption();

    @Option(
            names = "--exchange",
            paramLabel = "NAME",
            description = "Exchange (default: the one that knows all queues).")
    private String exchange = "";

    @Mixin
    private PropertyOptions properties = new PropertyOptions();

    @Option(names = "--rate", paramLabel = "N", description = "Messages a second at most (default: as many as go).")
    private double rate;

    @Option(names = "--unroutable-ok", description = "Takes it as no failure when a message has nowhere to go.")
    private boolean unroutableOk;

    @Override
    public Integer call() throws Exception {
        AMQP.BasicProperties ofEach = properties.properties();
        long startedNs = System.nanoTime();
        try (InputStream in = reading.open(file)) {
            Confirms confirms =
                    amqp.with(channel -> publish(channel, new LineReader(in, reading.maxLineBytes()), ofEach));
            check(confirms);
            double seconds = (System.nanoTime() - startedNs) / 1e9;
            System.err.printf(Locale.ROOT, "Published %,d messages in %.1f s.%n", confirms.published(), seconds);
        }
        return 0;
    }

    private Confirms publish(Channel channel, LineReader lines, AMQP.BasicProperties ofEach)
            throws IOException, InterruptedException {
        Confirms confirms = new Confirms(channel);
        Pace pace = new Pace(rate);
        Progress progress = new Progress();
        byte[] line;
        while ((line = lines.next()) != null) {
            pace.await();
            confirms.awaitRoom();
            channel.basicPublish(exchange, key, true, ofEach, line);
            progress.tick(() -> String.format(Locale.ROOT, "%,d published", confirms.published()));
        }
        confirms.awaitAll();
        progress.clear();
        return confirms;
    }

    private void check(Confirms confirms) {
        if (confirms.refused() > 0) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    confirms.refused() + " of " + confirms.published() + " messages were refused: a queue is full and"
                            + " set to refuse. 'pabal queue list' shows which.");
        }
        if (confirms.unroutable() > 0 && !unroutableOk) {
            String where =
                    exchange.isEmpty() ? "queue '" + key + "'" : "exchange '" + exchange + "' with key '" + key + "'";
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    confirms.unroutable() + " of " + confirms.published() + " messages had nowhere to go from " + where
                            + "; make the queue with 'pabal queue create', or a binding with 'pabal binding create'.");
        }
    }
}

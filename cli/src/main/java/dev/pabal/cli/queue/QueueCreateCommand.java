package dev.pabal.cli.queue;

import dev.pabal.cli.amqp.AmqpOption;
import dev.pabal.cli.amqp.ArgumentValues;
import dev.pabal.cli.client.CommandOutput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

/** Declares a queue. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = "Makes a durable queue; one that is there already with the same settings is left as it is.",
        footer = {
            "",
            "--set takes any argument of RabbitMQ's by its own name. Digits are a number; put quotes around them for a text.",
            "",
            "Examples:",
            "  pabal queue create orders",
            "  pabal queue create orders --max-length 10000 --overflow reject-publish",
            "  pabal queue create retries --message-ttl 30000 --dead-letter-exchange '' --dead-letter-routing-key orders",
            "  pabal queue create events --type stream --set x-max-age=7D"
        })
final class QueueCreateCommand implements Callable<Integer> {
    @Mixin
    private AmqpOption amqp = new AmqpOption();

    @Parameters(paramLabel = "QUEUE", description = "The queue's name.")
    private String queue = "";

    @Option(names = "--type", paramLabel = "classic|quorum|stream", description = "Kind of queue (default: classic).")
    private @Nullable String type;

    @Option(names = "--max-length", paramLabel = "N", description = "Most messages that may wait.")
    private @Nullable Long maxLength;

    @Option(
            names = "--overflow",
            paramLabel = "POLICY",
            description = "What happens when it is full: drop-head (default), reject-publish or reject-publish-dlx.")
    private @Nullable String overflow;

    @Option(names = "--message-ttl", paramLabel = "MS", description = "Time after which a waiting message expires.")
    private @Nullable Long messageTtlMs;

    @Option(
            names = "--dead-letter-exchange",
            paramLabel = "EXCHANGE",
            description = "Where rejected and expired messages go; '' is the default exchange.")
    private @Nullable String deadLetterExchange;

    @Option(
            names = "--dead-letter-routing-key",
            paramLabel = "KEY",
            description = "Their routing key (default: the one they came with).")
    private @Nullable String deadLetterRoutingKey;

    @Option(
            names = "--delivery-limit",
            paramLabel = "N",
            description = "Failed deliveries after which a message is dead.")
    private @Nullable Long deliveryLimit;

    @Option(names = "--transient", description = "A queue that a restart of the broker removes.")
    private boolean transientQueue;

    @Option(names = "--auto-delete", description = "A queue that goes with its last consumer.")
    private boolean autoDelete;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "An argument; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Map<String, Object> arguments = arguments();
        amqp.with(channel -> channel.queueDeclare(queue, !transientQueue, false, autoDelete, arguments));
        CommandOutput.of(spec).println("Queue " + queue + " is there.");
        return 0;
    }

    private Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        put(arguments, "x-queue-type", type);
        put(arguments, "x-max-length", maxLength);
        put(arguments, "x-overflow", overflow);
        put(arguments, "x-message-ttl", messageTtlMs);
        put(arguments, "x-dead-letter-exchange", deadLetterExchange);
        put(arguments, "x-dead-letter-routing-key", deadLetterRoutingKey);
        put(arguments, "x-delivery-limit", deliveryLimit);
        arguments.putAll(ArgumentValues.parse("--set", settings));
        return arguments;
    }

    private static void put(Map<String, Object> arguments, String name, @Nullable Object value) {
        if (value != null) {
            arguments.put(name, value);
        }
    }
}

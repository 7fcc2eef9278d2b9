package dev.pabal.cli.message;

import com.rabbitmq.client.AMQP;
import dev.pabal.cli.amqp.ArgumentValues;
import dev.pabal.cli.client.Assignments;
import dev.pabal.cli.client.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Properties and headers of every message that is published. */
final class PropertyOptions {
    private static final int PERSISTENT = 2;
    private static final int TRANSIENT = 1;

    @Option(names = "--header", paramLabel = "KEY=VALUE", description = "A header of every message; may be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--property",
            paramLabel = "NAME=VALUE",
            description =
                    "content-type, content-encoding, priority, correlation-id, reply-to, expiration, message-id, type,"
                            + " user-id or app-id; may be repeated.")
    private List<String> properties = new ArrayList<>();

    @Option(
            names = "--delay",
            paramLabel = "MS",
            description = "Time after which an exchange of type x-delayed-message passes it on.")
    private @Nullable Long delayMs;

    @Option(names = "--transient", description = "Messages that need not survive a restart of the broker.")
    private boolean transientMessages;

    /** @throws CommandFailure where a property has no such name or value */
    AMQP.BasicProperties properties() {
        AMQP.BasicProperties.Builder built =
                new AMQP.BasicProperties.Builder().deliveryMode(transientMessages ? TRANSIENT : PERSISTENT);
        Map<String, Object> typed = ArgumentValues.parse("--header", headers);
        if (delayMs != null) {
            typed.put("x-delay", delayMs);
        }
        if (!typed.isEmpty()) {
            built.headers(typed);
        }
        Assignments.parse("--property", properties).forEach((name, value) -> set(built, name, value));
        return built.build();
    }

    private static void set(AMQP.BasicProperties.Builder built, String name, String value) {
        switch (name) {
            case "content-type" -> built.contentType(value);
            case "content-encoding" -> built.contentEncoding(value);
            case "priority" -> built.priority(priority(value));
            case "correlation-id" -> built.correlationId(value);
            case "reply-to" -> built.replyTo(value);
            case "expiration" -> built.expiration(value);
            case "message-id" -> built.messageId(value);
            case "type" -> built.type(value);
            case "user-id" -> built.userId(value);
            case "app-id" -> built.appId(value);
            default ->
                throw new CommandFailure(
                        CommandFailure.USAGE,
                        "--property knows no '" + name
                                + "'; 'pabal publish --help' lists the names, --header takes any.");
        }
    }

    private static int priority(String value) {
        try {
            int priority = Integer.parseInt(value);
            if (priority >= 0 && priority <= 255) {
                return priority;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new CommandFailure(CommandFailure.USAGE, "--property priority takes 0 to 255, not '" + value + "'.");
    }
}

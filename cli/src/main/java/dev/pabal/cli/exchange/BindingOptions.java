package dev.pabal.cli.exchange;

import dev.pabal.cli.amqp.ArgumentValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What names a binding. */
final class BindingOptions {
    @Parameters(index = "0", paramLabel = "EXCHANGE", description = "The exchange whose messages it takes.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "DESTINATION", description = "The queue that they go to.")
    private String destination = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "",
            description =
                    "Routing key; for a topic exchange a pattern with * for a word and # for any number (default: empty).")
    private String key = "";

    @Option(names = "--to-exchange", description = "The destination is an exchange.")
    private boolean toExchange;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "An argument, for example a header to match; may be repeated.")
    private List<String> settings = new ArrayList<>();

    String source() {
        return source;
    }

    String destination() {
        return destination;
    }

    String key() {
        return key;
    }

    boolean toExchange() {
        return toExchange;
    }

    Map<String, Object> arguments() {
        return ArgumentValues.parse("--set", settings);
    }
}

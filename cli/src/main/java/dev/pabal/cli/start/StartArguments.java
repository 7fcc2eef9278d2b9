package dev.pabal.cli.start;

import dev.pabal.server.StartException;
import dev.pabal.server.config.ConfigKey;
import dev.pabal.server.config.ConfigSources;
import dev.pabal.server.config.PabalConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@code pabal start}. Parsed here and not by picocli, because loading that costs a tenth of the whole start; the help, which
 * has time, is picocli's.
 */
public final class StartArguments {
    private final Map<ConfigKey, String> named = new EnumMap<>(ConfigKey.class);
    private final List<String> assignments = new ArrayList<>();
    private @Nullable Path configFile;

    private StartArguments() {}

    /**
     * @param arguments those after the word {@code start}; {@code --name value} or {@code --name=value}
     * @throws StartException where one is unknown or lacks its value
     */
    public static StartArguments parse(List<String> arguments) {
        StartArguments parsed = new StartArguments();
        int next = 0;
        while (next < arguments.size()) {
            String argument = arguments.get(next++);
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (name.equals("--insecure")) {
                parsed.named.put(ConfigKey.INSECURE, equals < 0 ? "true" : argument.substring(equals + 1));
            } else if (!takesValue(name)) {
                throw new StartException(
                        StartException.USAGE,
                        "Unknown option '" + argument + "' of start; './pabal start --help' lists the options.");
            } else if (equals >= 0) {
                parsed.take(name, argument.substring(equals + 1));
            } else if (next < arguments.size()) {
                parsed.take(name, arguments.get(next++));
            } else {
                throw new StartException(
                        StartException.USAGE,
                        "The option " + name + " needs a value; './pabal start --help' shows examples.");
            }
        }
        return parsed;
    }

    private static boolean takesValue(String name) {
        return name.equals("--config") || name.equals("--set") || StartOption.of(name) != null;
    }

    private void take(String name, String value) {
        StartOption option = StartOption.of(name);
        if (option != null) {
            named.put(option.key(), value);
        } else if (name.equals("--config")) {
            configFile = Path.of(value);
        } else {
            assignments.add(value);
        }
    }

    /** Puts file, environment, assignments and named options over the defaults, in this order. */
    public PabalConfig config(PabalConfig.Builder builder, Map<String, String> environment) {
        if (configFile != null) {
            ConfigSources.file(builder, configFile);
        }
        ConfigSources.environment(builder, environment);
        assignments.forEach(assignment -> ConfigSources.assignment(builder, assignment));
        named.forEach((key, value) -> builder.set(key.key(), value, "the command line"));
        return builder.build();
    }
}

package dev.pabal.server.config;

import dev.pabal.server.StartException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/** Reads a config file, the environment and {@code --set} options into a {@link PabalConfig.Builder}. */
public final class ConfigSources {
    private static final String PREFIX = "PABAL_";

    /** Variables that the launcher reads; they are no config keys. */
    private static final Set<String> LAUNCHER =
            Set.of("PABAL_HEAP", "PABAL_DIRECT", "PABAL_JAVA", "PABAL_JAVA_OPTS", "PABAL_CACHE");

    private ConfigSources() {}

    /**
     * Reads a properties file in UTF-8.
     *
     * @throws StartException where it cannot be read or holds an unknown key
     */
    public static void file(PabalConfig.Builder builder, Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new StartException(
                    StartException.USAGE,
                    "The config file " + file + " does not exist; check the path given with --config.",
                    e);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(
                    StartException.USAGE,
                    "The config file " + file + " cannot be read (" + reason(e)
                            + "); it must be a properties file in UTF-8 that this user may read.",
                    e);
        }
        for (String key : properties.stringPropertyNames()) {
            builder.set(key, properties.getProperty(key), file.toString());
        }
    }

    /**
     * Takes every variable {@code PABAL_SOME_KEY} as the key {@code some.key}. What a Kubernetes service named {@code pabal} puts into the
     * environment of every pod ({@code PABAL_SERVICE_HOST}, {@code PABAL_PORT} ...) is left alone.
     *
     * @throws StartException where a variable names an unknown key
     */
    public static void environment(PabalConfig.Builder builder, Map<String, String> environment) {
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(PREFIX) || LAUNCHER.contains(name)) {
                continue;
            }
            String key =
                    name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
            boolean serviceLink = key.startsWith("service.") || key.equals("port") || key.startsWith("port.");
            if (builder.knows(key) || !serviceLink) {
                builder.set(key, variable.getValue(), "the environment variable " + name);
            }
        }
    }

    /**
     * Takes one {@code key=value}.
     *
     * @throws StartException where it is not of that form or the key is unknown
     */
    public static void assignment(PabalConfig.Builder builder, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new StartException(
                    StartException.USAGE,
                    "--set takes key=value, for example --set num.partitions=3, not '" + assignment + "'.");
        }
        builder.set(assignment.substring(0, equals).strip(), assignment.substring(equals + 1), "--set");
    }

    private static String reason(Exception e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof CharacterCodingException) {
            return "it is not UTF-8";
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}

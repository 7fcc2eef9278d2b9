package dev.pabal.cli.training;

import dev.pabal.cli.PabalCommand;
import dev.pabal.cli.logging.PabalLogging;
import dev.pabal.server.PabalServer;
import dev.pabal.server.config.ConfigKey;
import dev.pabal.server.config.PabalConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine;

/**
 * Starts a broker, uses it as its first users will, restarts it on its data, and ends: the JVM, told so by the launcher's flags, then archives
 * what was loaded. Needs an empty directory and leaves its data there. Bounded in time by what it does, a few seconds.
 */
public final class TrainingRun {
    private static final int RECORDS = 2_000;

    private TrainingRun() {}

    /** @param arguments the directory */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Path lines = directory.resolve("lines");
        Files.write(lines, Collections.nCopies(RECORDS, "one line of a record"));
        PabalLogging.level("ERROR");
        PabalConfig config = PabalServer.configBuilder()
                .set(ConfigKey.DATA_DIR, directory.resolve("data").toString())
                .set(ConfigKey.KAFKA_PORT, "0")
                .set(ConfigKey.HTTP_PORT, "0")
                .build();
        for (int round = 0; round < 2; round++) {
            try (PabalServer server = PabalServer.start(config, failure -> {})) {
                use(server, lines);
            }
        }
        System.exit(0);
    }

    private static void use(PabalServer server, Path lines) throws IOException {
        String topic = "training";
        for (List<String> command : List.of(
                List.of("--help"),
                List.of("start", "--help"),
                List.of("topic", "create", topic, "--if-not-exists"),
                List.of("produce", topic, lines.toString()),
                List.of("consume", topic, "--count", "1", "--format", "json"),
                List.of("consume", topic, "--count", "1", "--group", "training"),
                List.of("topic", "list"),
                List.of("topic", "describe", topic),
                List.of("group", "list"),
                List.of("group", "describe", "training"),
                List.of("bench", "produce", topic, "--records", Integer.toString(RECORDS)),
                List.of("bench", "consume", topic, "--records", Integer.toString(RECORDS)))) {
            run(command, server.kafkaAddress());
        }
        get(server, "/health");
        get(server, "/metrics");
    }

    /** The outcome does not matter here: a command that fails has loaded its classes too. */
    private static void run(List<String> command, String server) {
        List<String> all = new ArrayList<>(command);
        if (!command.contains("--help")) {
            all.addAll(List.of("--server", server));
        }
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        CommandLine commandLine = PabalCommand.commandLine().setOut(nowhere).setErr(nowhere);
        commandLine.execute(all.toArray(String[]::new));
    }

    private static void get(PabalServer server, String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + server.httpAddress() + path).toURL().openConnection();
        try {
            connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}

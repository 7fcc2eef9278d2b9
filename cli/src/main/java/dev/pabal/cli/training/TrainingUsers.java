package dev.pabal.cli.training;

import dev.pabal.cli.PabalCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** The users of a {@link TrainingRun}: what the commands do, and a look at the HTTP pages. */
public final class TrainingUsers {
    private TrainingUsers() {}

    /** @param arguments the Kafka address, the HTTP address, and a file of lines */
    public static void main(String[] arguments) throws IOException {
        String topic = "training";
        for (List<String> command : List.of(
                List.of("produce", topic, arguments[2]),
                List.of("consume", topic, "--count", "1", "--group", "training"))) {
            run(command, arguments[0]);
        }
        get(arguments[1], "/health");
        System.exit(0);
    }

    /** The outcome does not matter here: a request that is refused has loaded its classes too. */
    private static void run(List<String> command, String server) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("--server", server));
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        CommandLine commandLine = PabalCommand.commandLine().setOut(nowhere).setErr(nowhere);
        commandLine.execute(all.toArray(String[]::new));
    }

    private static void get(String server, String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + server + path).toURL().openConnection();
        try {
            connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}

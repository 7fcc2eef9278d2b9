package dev.pabal.cli.training;

import dev.pabal.cli.start.StartProgram;
import dev.pabal.server.PabalServer;
import dev.pabal.server.config.PabalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts a broker, lets it be used as its first users will, restarts it on its data, and ends: the JVM, told so by the launcher's flags, then
 * archives what was loaded. The users run in a process of their own, so that their classes do not make the broker's archive, and with it the
 * broker's memory, larger. Needs an empty directory and leaves its data there.
 */
public final class TrainingRun {
    private static final int RECORDS = 2_000;
    private static final long USERS_TIMEOUT_SECONDS = 60;

    private TrainingRun() {}

    /** @param arguments the directory */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[0]);
        Path lines = directory.resolve("lines");
        Files.write(lines, Collections.nCopies(RECORDS, "one line of a record"));
        PabalConfig config = StartProgram.configure(
                List.of(
                        "--data",
                        directory.resolve("data").toString(),
                        "--kafka-port=0",
                        "--amqp-port=0",
                        "--sqs-port=0",
                        "--http-port=0"),
                Map.of("PABAL_LOG_LEVEL", "WARN"));
        for (int round = 0; round < 2; round++) {
            try (PabalServer server = PabalServer.start(config, failure -> {})) {
                System.out.println(StartProgram.readyLine(server));
                use(server, lines);
            }
        }
        System.exit(0);
    }

    private static void use(PabalServer server, Path lines) throws IOException, InterruptedException {
        Process users = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TrainingUsers.class.getName(),
                        server.kafkaAddress(),
                        server.httpAddress(),
                        lines.toString()))
                .inheritIO()
                .start();
        if (!users.waitFor(USERS_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            users.destroyForcibly();
        }
    }
}

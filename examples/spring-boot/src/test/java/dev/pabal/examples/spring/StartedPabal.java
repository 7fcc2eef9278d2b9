package dev.pabal.examples.spring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/** A broker by Pabal's launcher, on free ports and a temporary folder. */
final class StartedPabal implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("pabal ready in .*kafka=(\\S+).*amqp=(\\S+).*");

    private final Process process;
    private final Path data;
    private final String kafkaAddress;
    private final String amqpAddress;

    private StartedPabal(Process process, Path data, Matcher ready) {
        this.process = process;
        this.data = data;
        this.kafkaAddress = ready.group(1);
        this.amqpAddress = ready.group(2);
    }

    static StartedPabal start() throws IOException {
        Path data = Files.createTempDirectory("pabal-spring");
        Path launcher = Path.of("../../pabal").toAbsolutePath().normalize();
        Process process = new ProcessBuilder(List.of(
                        launcher.toString(),
                        "start",
                        "--data",
                        data.toString(),
                        "--kafka-port",
                        "0",
                        "--amqp-port",
                        "0",
                        "--sqs-port",
                        "0",
                        "--http-port",
                        "0"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        List<String> said = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.matches()) {
                return new StartedPabal(process, data, ready);
            }
            said.add(line);
        }
        process.destroyForcibly();
        throw new IOException("the broker did not start: " + said);
    }

    String kafkaAddress() {
        return kafkaAddress;
    }

    String amqpAddress() {
        return amqpAddress;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        FileSystemUtils.deleteRecursively(data);
    }
}

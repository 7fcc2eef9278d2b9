package dev.pabal.conformance;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Other people's programs as child processes, each bounded in time. */
public final class Programs {
    private static final int MAX_SECONDS = 300;

    private Programs() {}

    /** What a program printed on both outputs, and how it ended. */
    public record Result(int exitCode, String output) {
        /** The output of a program that ended well; fails with the output otherwise. */
        public String ok() {
            if (exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + ":\n" + output);
            }
            return output;
        }
    }

    /** Kafka's tools and Streams, of the newest complete release. */
    static Result kafka(String main, String... arguments) {
        return run("", javaCommand("kafka", main, arguments));
    }

    /** The same with something on standard input. */
    static Result kafkaWithInput(String input, String main, String... arguments) {
        return run(input, javaCommand("kafka", main, arguments));
    }

    /** A main class on kafka-clients 2.8. */
    static Result oldKafka(String main, String... arguments) {
        return run("", javaCommand("kafka-old", main, arguments));
    }

    /** Java on the class path of one of the modules under testing/peers. */
    static List<String> javaCommand(String peer, String main, String... arguments) {
        Path target = Path.of(System.getProperty("pabal.peers"), peer, "target");
        try {
            String classPath = target.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(target.resolve("class-path.txt")).trim();
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    classPath,
                    main));
            command.addAll(Arrays.asList(arguments));
            return command;
        } catch (IOException e) {
            throw new UncheckedIOException("build testing/peers first", e);
        }
    }

    public static Result run(String input, List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            CompletableFuture<byte[]> output = new CompletableFuture<>();
            // A thread of its own: the common pool's may all be held by programs that run longer.
            Thread reader = new Thread(() -> readAll(process, output), "output-of-" + process.pid());
            reader.setDaemon(true);
            reader.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The program has ended without reading all of it; its output says why.
            }
            boolean ended = process.waitFor(MAX_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String printed = new String(output.get(60, TimeUnit.SECONDS), StandardCharsets.UTF_8);
            if (!ended) {
                throw new AssertionError(command.get(0) + " did not end in " + MAX_SECONDS + " s:\n" + printed);
            }
            return new Result(process.exitValue(), printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static void readAll(Process process, CompletableFuture<byte[]> output) {
        try (var stdout = process.getInputStream()) {
            output.complete(stdout.readAllBytes());
        } catch (IOException e) {
            output.completeExceptionally(e);
        }
    }

    /**
     * Skips the test, loudly, where a program is missing. With {@code TESTS_NO_SKIPS=true}, as in continuous integration, that is a failure.
     *
     * @param howToGetIt what a person types to have it
     */
    public static void require(String program, String howToGetIt) {
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return;
            }
        }
        skip(program + " is not on this machine (" + howToGetIt + ")");
    }

    public static void skip(String reason) {
        if ("true".equals(System.getenv("TESTS_NO_SKIPS"))) {
            Assertions.fail("must not be skipped here: " + reason);
        }
        System.err.println("SKIPPED: " + reason);
        Assumptions.abort(reason);
    }
}

package dev.pabal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.testkit.PabalProcess;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that cannot start says why in one sentence with what to do, exits with a code other than zero, and changes nothing. */
class RefusedStartTest {
    /** Where a checkpoint names its format: after the magic number. */
    private static final int FORMAT_AT = 4;

    @Test
    void aPortInUse(@TempDir Path data) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(refusal(
                            data,
                            "--kafka-port",
                            Integer.toString(taken.getLocalPort()),
                            "--amqp-port",
                            "0",
                            "--sqs-port",
                            "0",
                            "--http-port",
                            "0"))
                    .contains(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void aDataDirectoryInUse(@TempDir Path data) throws Exception {
        try (PabalProcess first = PabalProcess.builder(data).start()) {
            assertThat(refusal(data, "--kafka-port", "0", "--amqp-port", "0", "--sqs-port", "0", "--http-port", "0"))
                    .contains(data.toString());
            assertThat(first.isAlive()).isTrue();
        }
    }

    @Test
    void aDataDirectoryOfANewerVersion(@TempDir Path data) throws Exception {
        try (PabalProcess first = PabalProcess.builder(data).start()) {
            first.stop();
        }
        Path checkpoint = data.resolve("checkpoint");
        byte[] bytes = Files.readAllBytes(checkpoint);
        bytes[FORMAT_AT + 3] = 99;
        Files.write(checkpoint, bytes);
        assertThat(refusal(data, "--kafka-port", "0", "--amqp-port", "0", "--sqs-port", "0", "--http-port", "0"))
                .contains("newer version");
        assertThat(Files.readAllBytes(checkpoint)).isEqualTo(bytes);
    }

    @Test
    void anUnknownKeyOnTheCommandLine(@TempDir Path data) throws Exception {
        assertThat(refusal(data, "--set", "num.partitoins=3")).contains("num.partitoins", "num.partitions");
    }

    @Test
    void aConfigThatCannotBeRead(@TempDir Path data) throws Exception {
        assertThat(refusal(data, "--config", data.resolve("missing.properties").toString()))
                .contains("missing.properties");
    }

    @Test
    void anUnknownKeyInAConfig(@TempDir Path data) throws Exception {
        Path config = Files.writeString(data.resolve("pabal.properties"), "kafka.prot=9092\n");
        assertThat(refusal(data.resolve("data"), "--config", config.toString())).contains("kafka.prot");
    }

    @Test
    void anOpenAddressWithoutAuthentication(@TempDir Path data) throws Exception {
        assertThat(refusal(
                        data,
                        "--host",
                        "0.0.0.0",
                        "--kafka-port",
                        "0",
                        "--amqp-port",
                        "0",
                        "--sqs-port",
                        "0",
                        "--http-port",
                        "0"))
                .contains("--insecure");
    }

    /** What a broker says that is expected to end by itself. */
    private static String refusal(Path data, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.pabal.cli.Pabal",
                "start",
                "--data",
                data.toString()));
        command.addAll(List.of(arguments));
        File output = File.createTempFile("refusal", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(output.toPath(), StandardCharsets.UTF_8);
        Files.delete(output.toPath());
        assertThat(ended).as("ended by itself; it said: %s", said).isTrue();
        assertThat(process.exitValue()).as("exit code; it said: %s", said).isNotZero();
        assertThat(said.strip().lines()).as("one line: %s", said).hasSize(1);
        assertThat(said).doesNotContain("Exception");
        return said;
    }
}

package dev.pabal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.testkit.EmbeddedPabal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for queues against a started broker. */
final class QueueCommandsTest {
    private static EmbeddedPabal broker;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        broker = EmbeddedPabal.builder().start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void queuesAreMadeListedDescribedAndDeleted() {
        amqp("queue", "create", "made", "--max-length", "10", "--set", "x-overflow=reject-publish");
        assertThat(out.toString()).isEqualTo("Queue made is there.\n");
        http("queue", "list");
        assertThat(out.toString()).contains("QUEUE").containsPattern("made +classic +0 +0 +0");
        http("queue", "describe", "made");
        assertThat(out.toString())
                .contains("Queue made, classic, durable")
                .contains("x-max-length=10")
                .contains("x-overflow=reject-publish")
                .contains("(default exchange)");
        amqp("queue", "delete", "made");
        assertThat(out.toString()).isEqualTo("Deleted queue made with 0 messages.\n");
        assertThat(execute(broker.server().httpAddress(), "--http", "queue", "describe", "made"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("pabal queue list");
    }

    @Test
    void otherSettingsAreRefusedInOneSentence() {
        amqp("queue", "create", "settled", "--message-ttl", "1000");
        assertThat(execute(broker.amqpAddress(), "--server", "queue", "create", "settled", "--message-ttl", "2000"))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("PRECONDITION_FAILED - inequivalent arg 'x-message-ttl'")
                .contains("pabal queue describe");
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void messagesArePublishedPeekedMovedGotAndPurged() throws Exception {
        amqp("queue", "create", "from");
        amqp("queue", "create", "to");
        Path lines = Files.writeString(folder.resolve("lines"), "one\ntwo\nthree\n");
        amqp("publish", "from", lines.toString(), "--header", "n=1", "--property", "content-type=text/plain");
        http("queue", "peek", "from", "--count", "2");
        assertThat(out.toString())
                .contains("n=1")
                .contains("one")
                .contains("two")
                .doesNotContain("three");
        amqp("queue", "move", "from", "to", "--count", "2");
        assertThat(out.toString()).isEqualTo("Moved 2 messages from from to to.\n");
        assertThat(got("get", "to", "--format", "json"))
                .hasSize(2)
                .allMatch(line -> line.contains("\"content-type\":\"text/plain\"") && line.contains("\"n\":1"));
        assertThat(got("get", "from")).containsExactly("three");
        assertThat(got("get", "from")).isEmpty();
        amqp("publish", "from", lines.toString());
        amqp("queue", "purge", "from");
        assertThat(out.toString()).isEqualTo("Purged 3 messages from queue from.\n");
    }

    @Test
    void exchangesAndBindingsLeadToQueues() throws Exception {
        amqp("exchange", "create", "news", "--type", "topic");
        amqp("queue", "create", "sports");
        amqp("binding", "create", "news", "sports", "--key", "sports.#");
        http("binding", "list", "news");
        assertThat(out.toString()).containsPattern("news +sports\\.# +queue sports");
        http("exchange", "describe", "news");
        assertThat(out.toString()).contains("Exchange news, topic, durable").contains("sports.#");
        http("exchange", "list");
        assertThat(out.toString()).contains("(default exchange)").containsPattern("news +topic +yes");
        Path line = Files.writeString(folder.resolve("line"), "goal\n");
        amqp("publish", "--exchange", "news", "sports.football", line.toString());
        assertThat(got("get", "sports")).containsExactly("goal");
        amqp("binding", "delete", "news", "sports", "--key", "sports.#");
        assertThat(execute(broker.amqpAddress(), "--server", "publish", "--exchange", "news", "x", line.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("1 of 1 messages had nowhere to go").contains("pabal binding create");
        amqp("exchange", "delete", "news");
    }

    @Test
    void aFullQueueIsToldToThePublisher() throws Exception {
        amqp("queue", "create", "full", "--max-length", "2", "--overflow", "reject-publish");
        Path lines = Files.writeString(folder.resolve("lines"), "1\n2\n3\n");
        assertThat(execute(broker.amqpAddress(), "--server", "publish", "full", lines.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("1 of 3 messages were refused");
    }

    private void amqp(String... command) {
        assertThat(execute(broker.amqpAddress(), "--server", command))
                .as(err.toString())
                .isZero();
    }

    private void http(String... command) {
        assertThat(execute(broker.server().httpAddress(), "--http", command))
                .as(err.toString())
                .isZero();
    }

    private int execute(String address, String option, String... command) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(Arrays.asList(command));
        arguments.add(option);
        arguments.add(address);
        return PabalCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }

    /** What {@code get} writes goes to the process's standard output, so it runs in one of its own. */
    private static List<String> got(String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Pabal.class.getName()));
        line.addAll(Arrays.asList(command));
        line.addAll(List.of("--server", broker.amqpAddress()));
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text.lines().toList();
    }
}

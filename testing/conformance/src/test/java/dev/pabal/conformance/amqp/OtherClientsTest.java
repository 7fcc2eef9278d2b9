package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.conformance.Programs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that share no code with RabbitMQ's: amqplib for Node, pika, and a Celery worker with its kombu. */
@ExtendWith(AmqpUnderTest.Resolver.class)
class OtherClientsTest {
    private static final Path NODE = Path.of("src/test/node");
    private static final Path PYTHON = Path.of("src/test/python");
    private static final String INTERPRETER = "/usr/bin/python3";

    private final AmqpUnderTest broker;

    OtherClientsTest(AmqpUnderTest broker) {
        this.broker = broker;
    }

    private String uri(String vhost) {
        return "amqp://guest:guest@" + broker.host() + ":" + broker.port() + "/" + vhost;
    }

    @Test
    void amqplib() {
        Programs.require("node", "apt-get install nodejs npm");
        if (!Files.isDirectory(NODE.resolve("node_modules/amqplib"))) {
            Programs.skip("amqplib is not installed (npm ci in testing/conformance/" + NODE + ")");
        }
        List<String> command =
                List.of("node", NODE.resolve("amqplib.js").toString(), uri("%2F"), AmqpUnderTest.unique("amqplib"));
        assertThat(Programs.run("", command).ok())
                .contains("OK consume", "OK dead letter", "OK routing", "OK reply", "OK refusals", "OK close");
    }

    /** Debian's Python, for its packages are Debian's; another may come first on the path. */
    private static void requirePython(String module, String debianPackage) {
        boolean there = Files.isExecutable(Path.of(INTERPRETER))
                && Programs.run("", List.of(INTERPRETER, "-c", "import " + module))
                                .exitCode()
                        == 0;
        if (!there) {
            Programs.skip(module + " is not installed (apt-get install " + debianPackage + ")");
        }
    }

    @Test
    void pika() {
        requirePython("pika", "python3-pika");
        List<String> command = List.of(
                INTERPRETER, PYTHON.resolve("pika_client.py").toString(), uri("%2F"), AmqpUnderTest.unique("pika"));
        assertThat(Programs.run("", command).ok())
                .contains("OK consume", "OK get", "OK confirm", "OK exclusive", "OK topology", "OK close");
    }

    @Test
    void celery(@TempDir Path folder) throws IOException, InterruptedException {
        requirePython("celery", "python3-celery");
        List<String> environment = List.of(
                "PABAL_CELERY_NAME=" + AmqpUnderTest.unique("celery"),
                "PABAL_CELERY_BROKER=" + uri("/"),
                "PYTHONDONTWRITEBYTECODE=1",
                "PYTHONPATH=" + PYTHON.toAbsolutePath());
        List<String> worker = inEnvironment(
                environment,
                List.of(
                        "-m",
                        "celery",
                        "-A",
                        "celery_tasks",
                        "worker",
                        "--pool",
                        "solo",
                        "--without-mingle",
                        "-l",
                        "INFO"));
        File log = folder.resolve("worker.log").toFile();
        Process running = new ProcessBuilder(worker)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        try {
            String script = PYTHON.resolve("celery_client.py").toString();
            Programs.Result client = Programs.run("", inEnvironment(environment, List.of(script)));
            assertThat(client.output())
                    .as("the worker said: %s", Files.readString(log.toPath()))
                    .contains("OK task", "OK many", "OK retry", "OK chain", "OK group", "OK exception", "OK later")
                    .contains("OK shutdown");
            assertThat(running.waitFor(60, TimeUnit.SECONDS))
                    .as("the worker ends when it is told")
                    .isTrue();
        } finally {
            running.destroyForcibly();
        }
    }

    private static List<String> inEnvironment(List<String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/env"));
        command.addAll(environment);
        command.add(INTERPRETER);
        command.addAll(arguments);
        return command;
    }
}

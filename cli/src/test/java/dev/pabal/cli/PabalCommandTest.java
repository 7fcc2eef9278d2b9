package dev.pabal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.cli.client.CommandFailure;
import dev.pabal.cli.client.Failures;
import dev.pabal.cli.client.Moment;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class PabalCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        return PabalCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void everyCommandHasHelpWithExamples() {
        List<CommandLine> commands = new ArrayList<>(List.of(PabalCommand.commandLine()));
        for (int i = 0; i < commands.size(); i++) {
            CommandLine command = commands.get(i);
            String name = command.getCommandSpec().qualifiedName();
            assertThat(command.getUsageMessage()).as(name).contains("Examples:").contains("--help");
            commands.addAll(command.getSubcommands().values());
        }
        assertThat(commands).hasSizeGreaterThan(35);
    }

    @Test
    void wrongUsageIsOneSentenceAndExitCode2() {
        assertThat(execute("topic", "create")).isEqualTo(2);
        assertThat(err.toString()).startsWith("pabal: ").contains("pabal topic create --help");
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(execute()).isEqualTo(2);
        assertThat(execute("nonsense")).isEqualTo(2);
    }

    @Test
    void nobodyThereIsOneSentenceAndExitCode1() {
        assertThat(execute("topic", "list", "--server", "127.0.0.1:1")).isEqualTo(1);
        assertThat(err.toString()).contains("No broker answers at 127.0.0.1:1").contains("pabal start");
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(execute("topic", "list", "--server", "nonsense")).isEqualTo(2);
    }

    @Test
    void nobodyThereIsToldByAmqpAndManagementCommandsToo() {
        assertThat(execute("queue", "create", "orders", "--server", "127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("No broker answers at 127.0.0.1:1").contains("pabal start");
        assertThat(execute("queue", "list", "--http", "127.0.0.1:1")).isEqualTo(1);
        assertThat(err.toString()).contains("No broker answers at http://127.0.0.1:1");
        assertThat(err.toString().lines()).hasSize(2);
    }

    @Test
    void failuresOfClientsBecomeSentences() {
        assertThat(Failures.sentence(new ExecutionException(new UnknownTopicOrPartitionException("x"))))
                .contains("pabal topic list");
        assertThat(Failures.sentence(new IllegalStateException("odd"))).isEqualTo("odd.");
        assertThat(Failures.sentence(new NullPointerException())).isEqualTo("NullPointerException.");
    }

    @Test
    void momentsAreReadAsPeopleWriteThem() {
        long now = Duration.ofDays(20_000).toMillis();
        assertThat(Moment.parseMs("--t", "PT1H", now)).isEqualTo(now - 3_600_000);
        assertThat(Moment.parseMs("--t", "123", now)).isEqualTo(123);
        assertThat(Moment.parseMs("--t", "1970-01-01T00:00:01Z", now)).isEqualTo(1000);
        Assertions.assertThatThrownBy(() -> Moment.parseMs("--t", "soon", now))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("--t")
                .hasMessageContaining("'soon'");
    }
}

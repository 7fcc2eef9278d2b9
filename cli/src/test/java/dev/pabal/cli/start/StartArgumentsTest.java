package dev.pabal.cli.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.server.PabalServer;
import dev.pabal.server.StartException;
import dev.pabal.server.config.PabalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class StartArgumentsTest {
    private static PabalConfig config(Map<String, String> environment, String... arguments) {
        return StartArguments.parse(List.of(arguments)).config(PabalServer.configBuilder(), environment);
    }

    @Test
    void namedOptionsOverrideEverything(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "kafka.port=1\nhttp.port=1\n");
        PabalConfig config = config(
                Map.of("PABAL_KAFKA_PORT", "2"),
                "--config",
                file.toString(),
                "--set=kafka.port=3",
                "--kafka-port",
                "4",
                "--data=/somewhere",
                "--host",
                "localhost",
                "--advertised-host=broker",
                "--insecure");
        assertThat(config.kafkaPort()).isEqualTo(4);
        assertThat(config.httpPort()).isEqualTo(1);
        assertThat(config.dataDirectory()).isEqualTo(Path.of("/somewhere"));
        assertThat(config.advertisedHost()).isEqualTo("broker");
        assertThat(config.insecure()).isTrue();
    }

    @Test
    void wrongArgumentsAreOneSentence() {
        assertThatThrownBy(() -> config(Map.of(), "--kafka-prot", "1"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("--kafka-prot");
        assertThatThrownBy(() -> config(Map.of(), "--data")).hasMessageContaining("needs a value");
        assertThatThrownBy(() -> config(Map.of(), "stray")).hasMessageContaining("stray");
        assertThatThrownBy(() -> config(Map.of(), "--kafka-port", "many")).hasMessageContaining("'many'");
    }

    @Test
    void anOpenBrokerIsAskedForInSoManyWords() {
        Map<String, String> open = Map.of("PABAL_INSECURE", "true");
        assertThat(config(open).insecure()).isTrue();
        assertThat(config(open, "--insecure=false").insecure()).isFalse();
        assertThatThrownBy(() -> config(Map.of(), "--insecure=maybe")).hasMessageContaining("'maybe'");
    }

    @Test
    void theHelpNamesTheOptionsThatAreTaken() {
        Set<String> helped = new TreeSet<>();
        new CommandLine(new StartCommand())
                .getCommandSpec()
                .options()
                .forEach(option -> helped.add(option.longestName()));
        helped.removeAll(Set.of("--help", "--version"));
        Set<String> taken = new TreeSet<>(Set.of("--config", "--set", "--insecure"));
        for (StartOption option : StartOption.values()) {
            taken.add("--" + option.key().key().replace("data.dir", "data").replace('.', '-'));
        }
        assertThat(helped).isEqualTo(taken);
    }

    @Test
    void processAgeIsSmallAndGrows() {
        long first = ProcessAge.ms();
        assertThat(first).isBetween(0L, 3_600_000L);
        assertThat(ProcessAge.ms()).isGreaterThanOrEqualTo(first);
    }
}

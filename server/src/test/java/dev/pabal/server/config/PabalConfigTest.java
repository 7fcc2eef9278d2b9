package dev.pabal.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.server.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PabalConfigTest {
    private final PabalConfig.Builder builder = PabalConfig.builder(List.of("num.partitions", "log.retention.ms"));

    @Test
    void defaultsListenOnLoopback() {
        PabalConfig config = builder.build();
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.advertisedHost()).isEqualTo("127.0.0.1");
        assertThat(config.kafkaPort()).isEqualTo(9092);
        assertThat(config.insecure()).isFalse();
        assertThat(config.eventLoops()).isPositive();
    }

    @Test
    void laterSourcesOverrideEarlierOnes(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("pabal.properties"), "kafka.port=1\nhttp.port=1\nhost=localhost\nnum.partitions=1\n");
        ConfigSources.file(builder, file);
        ConfigSources.environment(builder, Map.of("PABAL_KAFKA_PORT", "2", "PABAL_HTTP_PORT", "2", "HOME", "/"));
        ConfigSources.assignment(builder, "kafka.port=3");
        PabalConfig config = builder.build();
        assertThat(config.kafkaPort()).isEqualTo(3);
        assertThat(config.httpPort()).isEqualTo(2);
        assertThat(config.host()).isEqualTo("localhost");
        assertThat(config.brokerConfigs()).isEqualTo(Map.of("num.partitions", "1"));
    }

    @Test
    void brokerConfigsComeFromTheEnvironmentToo() {
        ConfigSources.environment(builder, Map.of("PABAL_LOG_RETENTION_MS", "5"));
        assertThat(builder.build().brokerConfigs()).containsEntry("log.retention.ms", "5");
    }

    @Test
    void anUnknownKeyNamesTheNearestKnownOne() {
        assertThatThrownBy(() -> builder.set("kafka.prot", "1", "--set"))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessage("Unknown config key 'kafka.prot' in --set; did you mean 'kafka.port'?");
        assertThatThrownBy(() -> builder.set("number.partitions", "1", "--set")).hasMessageContaining("num.partitions");
        assertThatThrownBy(() -> builder.set("x", "1", "--set")).hasMessageContaining("--help");
    }

    @Test
    void aWrongValueSaysWhatIsTaken() {
        assertThatThrownBy(() -> builder.set("kafka.port", "70000", "--set"))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessage("'70000' is no value for kafka.port (from --set), which takes a port from 0 to 65535.");
        assertThatThrownBy(() -> builder.set("insecure", "yes", "--set")).hasMessageContaining("true or false");
        assertThatThrownBy(() -> builder.set("log.level", "LOUD", "--set")).hasMessageContaining("ERROR, WARN");
        assertThatThrownBy(() -> builder.set("host", " ", "--set")).hasMessageContaining("not empty");
    }

    @Test
    void anAccountAndARegionAreChecked() {
        assertThatThrownBy(() -> builder.set("sqs.account", "12345", "--set"))
                .hasMessage("'12345' is no value for sqs.account (from --set), which takes an account of 12 digits.");
        assertThatThrownBy(() -> builder.set("sqs.region", "Earth Prime", "--set"))
                .hasMessageContaining("which takes a region such as us-east-1");
        PabalConfig config = builder.set("sqs.account", "123456789012", "--set")
                .set("sqs.region", "eu-west-1", "--set")
                .build();
        assertThat(config.sqsAccount()).isEqualTo("123456789012");
        assertThat(config.sqsRegion()).isEqualTo("eu-west-1");
        assertThat(config.sqsPort()).isEqualTo(9324);
        assertThat(config.sqsKeys()).isEmpty();
    }

    @Test
    void anUnknownVariableIsRefusedButNotTheLaunchersNorAServiceLink() {
        ConfigSources.environment(
                builder,
                Map.of("PABAL_HEAP", "2g", "PABAL_SERVICE_HOST", "10.0.0.1", "PABAL_PORT_9092_TCP", "tcp://10.0.0.1"));
        assertThat(builder.build().brokerConfigs()).isEmpty();
        assertThatThrownBy(() -> ConfigSources.environment(builder, Map.of("PABAL_KAFKA_PROT", "1")))
                .hasMessageContaining("PABAL_KAFKA_PROT")
                .hasMessageContaining("kafka.port");
    }

    @Test
    void anUnreadableFileIsOneSentence(@TempDir Path directory) throws IOException {
        assertThatThrownBy(() -> ConfigSources.file(builder, directory.resolve("absent")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("does not exist");
        Path latin = Files.write(directory.resolve("latin"), new byte[] {'a', '=', (byte) 0xff});
        assertThatThrownBy(() -> ConfigSources.file(builder, latin))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> ConfigSources.file(builder, directory))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void anAssignmentNeedsAnEqualsSign() {
        assertThatThrownBy(() -> ConfigSources.assignment(builder, "kafka.port"))
                .hasMessageContaining("key=value");
        assertThatThrownBy(() -> ConfigSources.assignment(builder, "=1")).hasMessageContaining("key=value");
        ConfigSources.assignment(builder, "advertised.host=a=b");
        assertThat(builder.build().advertisedHost()).isEqualTo("a=b");
    }

    @Test
    void distanceIsLevenshteins() {
        assertThat(NearestKey.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestKey.distance("", "abc")).isEqualTo(3);
        assertThat(NearestKey.distance("abc", "abc")).isZero();
    }
}

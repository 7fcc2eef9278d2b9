package dev.pabal.cli.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.cli.client.CommandFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ArgumentValuesTest {
    @Test
    void digitsAreNumbersUnlessQuoted() {
        assertThat(ArgumentValues.parse("--set", List.of("a=12", "b=-3", "c=\"12\"", "d=12s", "e=", "f=true", "g=x=y")))
                .containsEntry("a", 12L)
                .containsEntry("b", -3L)
                .containsEntry("c", "12")
                .containsEntry("d", "12s")
                .containsEntry("e", "")
                .containsEntry("f", true)
                .containsEntry("g", "x=y");
    }

    @Test
    void whatIsNoAssignmentIsWrongUsage() {
        assertThatThrownBy(() -> ArgumentValues.parse("--set", List.of("x-max-length")))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("--set takes key=value, not 'x-max-length'");
    }

    @Test
    void addressesAreHostAndPort() {
        assertThat(HostAndPort.parse("--server", "broker.example.org:5672"))
                .isEqualTo(new HostAndPort("broker.example.org", 5672));
        for (String wrong : List.of("nonsense", ":5672", "host:", "host:0", "host:65536", "host:amqp")) {
            assertThatThrownBy(() -> HostAndPort.parse("--http", wrong))
                    .as(wrong)
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("--http takes HOST:PORT");
        }
    }
}

package dev.pabal.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kcat, and with it librdkafka as Debian ships it. */
@ExtendWith(BrokerUnderTest.Started.class)
class KcatTest {
    private final BrokerUnderTest broker;

    KcatTest(BrokerUnderTest broker) {
        this.broker = broker;
    }

    @BeforeEach
    void needsKcat() {
        Programs.require("kcat", "apt-get install kcat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void writesAndReadsAFile(String codec, @TempDir Path folder) throws Exception {
        String topic = Clients.topic(broker, "kcat-" + codec, 3);
        Path file = folder.resolve("lines");
        List<String> lines =
                IntStream.range(0, 20_000).mapToObj(i -> "line " + i).toList();
        Files.write(file, lines);
        kcat("", "-P", "-t", topic, "-z", codec, "-l", file.toString());
        String read = kcat("", "-C", "-t", topic, "-e", "-q", "-o", "beginning");
        assertThat(records(read).sorted().toList())
                .isEqualTo(lines.stream().sorted().toList());
    }

    @Test
    void keepsKeysHeadersAndTombstones() {
        String topic = Clients.topic(broker, "kcat-fields", 1);
        kcat("k1:v1\nk2:\n", "-P", "-t", topic, "-K:", "-Z", "-H", "h1=a", "-H", "h2=b");
        String read = kcat("", "-C", "-t", topic, "-e", "-q", "-f", "%o %k %S %h\n");
        assertThat(records(read)).containsExactly("0 k1 2 h1=a,h2=b", "1 k2 -1 h1=a,h2=b");
    }

    @Test
    void producesIdempotently() {
        String topic = Clients.topic(broker, "kcat-idempotent", 1);
        String lines = IntStream.range(0, 1_000).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
        kcat(lines, "-P", "-t", topic, "-X", "enable.idempotence=true", "-X", "batch.num.messages=10");
        assertThat(records(kcat("", "-C", "-t", topic, "-e", "-q")))
                .containsExactlyElementsOf(lines.lines().toList());
    }

    @Test
    void readsAsAMemberOfAGroup() {
        String topic = Clients.topic(broker, "kcat-group", 2);
        String group = BrokerUnderTest.unique("kcat");
        Clients.produce(broker, topic, 0, "a", "b");
        Clients.produce(broker, topic, 1, "c");
        String read = kcat("", "-G", group, "-c", "3", "-q", "-X", "auto.offset.reset=earliest", topic);
        assertThat(records(read)).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void listsTopicsAndLooksUpOffsets() {
        String topic = Clients.topic(broker, "kcat-list", 2);
        Clients.produce(broker, topic, 0, "a", "b");
        assertThat(kcat("", "-m", "60", "-L", "-t", topic)).contains("topic \"" + topic + "\" with 2 partitions");
        assertThat(kcat("", "-m", "60", "-Q", "-t", topic + ":0:-1")).contains("offset 2");
    }

    /** What it read, without what it says of itself, such as that a request took long. */
    private static Stream<String> records(String output) {
        return output.lines().filter(line -> !line.startsWith("%"));
    }

    private String kcat(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("kcat", "-b", broker.bootstrap()));
        command.addAll(List.of(arguments));
        return Programs.run(input, command).ok();
    }
}

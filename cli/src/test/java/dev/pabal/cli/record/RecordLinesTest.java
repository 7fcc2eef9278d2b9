package dev.pabal.cli.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.cli.client.CommandFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

final class RecordLinesTest {
    private static List<String> lines(byte[] input, int maxLineBytes) throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream(input), maxLineBytes);
        List<String> lines = new ArrayList<>();
        byte[] line;
        while ((line = reader.next()) != null) {
            lines.add(new String(line, StandardCharsets.ISO_8859_1));
        }
        return lines;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void splitsAtLineFeedsOnly() throws IOException {
        assertThat(lines(utf8(""), 100)).isEmpty();
        assertThat(lines(utf8("a\n\nb\r\nc"), 100)).containsExactly("a", "", "b\r", "c");
        assertThat(lines(utf8("a\n"), 100)).containsExactly("a");
        assertThat(lines(new byte[] {(byte) 0xff, 0, '\n'}, 100)).containsExactly("\u00ff\u0000");
    }

    @Test
    void joinsLinesAcrossItsBuffer() throws IOException {
        String longLine = "x".repeat(200_000);
        assertThat(lines(utf8("a\n" + longLine + "\nb\n"), 300_000)).containsExactly("a", longLine, "b");
    }

    @Test
    void refusesALineWithoutEnd() {
        assertThatThrownBy(() -> lines(utf8("a\n" + "x".repeat(200_000)), 1000))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("Line 2")
                .hasMessageContaining("--max-line-bytes");
    }

    @Test
    void splitsKeyAndValueAtTheFirstSeparator() {
        RecordParser parser = new RecordParser("t", null, "::", List.of());
        ProducerRecord<byte[], byte[]> record = parser.parse(utf8("k::v::w"), 1);
        assertThat(record.key()).isEqualTo(utf8("k"));
        assertThat(record.value()).isEqualTo(utf8("v::w"));
        assertThat(parser.parse(utf8("::v"), 1).key()).isEmpty();
        assertThatThrownBy(() -> parser.parse(utf8("k:v"), 7))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("Line 7");
    }

    @Test
    void jsonIsWellFormedWhateverTheBytes() throws IOException {
        Headers headers = new RecordHeaders().add("h\"", utf8("1")).add("n", null);
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "t", 3, 7, 9, TimestampType.CREATE_TIME, 0, 0, null, utf8("a\"\\\n\u0001é"), headers, Optional.empty());
        assertThat(written(new JsonFormat(), record))
                .isEqualTo("{\"topic\":\"t\",\"partition\":3,\"offset\":7,\"timestamp\":9,\"key\":null,"
                        + "\"value\":\"a\\\"\\\\\\n\\u0001é\",\"headers\":[[\"h\\\"\",\"1\"],[\"n\",null]]}\n");
        ConsumerRecord<byte[], byte[]> binary = new ConsumerRecord<>("t", 0, 0, utf8("k"), new byte[] {(byte) 0xff});
        assertThat(written(new JsonFormat(), binary)).contains("\"value\":{\"base64\":\"/w==\"}");
    }

    @Test
    void textIsTheValueAsItIs() throws IOException {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", 0, 0, utf8("k"), utf8("v"));
        assertThat(written(new TextFormat(null), record)).isEqualTo("v\n");
        assertThat(written(new TextFormat("="), record)).isEqualTo("k=v\n");
        assertThat(written(new TextFormat("="), new ConsumerRecord<>("t", 0, 0, null, null)))
                .isEqualTo("=\n");
    }

    private static String written(RecordFormat format, ConsumerRecord<byte[], byte[]> record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.write(record, out);
        return out.toString(StandardCharsets.UTF_8);
    }
}

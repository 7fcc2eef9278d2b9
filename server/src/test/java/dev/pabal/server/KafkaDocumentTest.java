package dev.pabal.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.broker.Configs;
import dev.pabal.catalog.Topic;
import dev.pabal.server.config.ConfigKey;
import dev.pabal.server.config.PabalConfig;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tables of {@code docs/kafka.md} say what the started broker says. {@code -Dpabal.docs.write=true} writes them instead of comparing.
 */
class KafkaDocumentTest {
    private static final short VERSION = 3;
    private static final String WITHOUT_EFFECT = " Taken for compatibility; it has no effect here, because ";

    @TempDir
    private Path data;

    @Test
    void theTablesAreTrue() throws IOException {
        Path page = page();
        String written = Files.readString(page);
        String expected = written;
        for (Map.Entry<String, String> table : tables().entrySet()) {
            expected = with(expected, table.getKey(), table.getValue());
        }
        if (Boolean.getBoolean("pabal.docs.write")) {
            Files.writeString(page, expected);
        } else {
            assertThat(written)
                    .as("docs/kafka.md is out of date; this test with -Dpabal.docs.write=true mends it")
                    .isEqualTo(expected);
        }
    }

    private Map<String, String> tables() throws IOException {
        PabalConfig config = PabalServer.configBuilder()
                .set(ConfigKey.DATA_DIR, data.resolve("store").toString())
                .set(ConfigKey.KAFKA_PORT, "0")
                .set(ConfigKey.AMQP_PORT, "0")
                .set(ConfigKey.SQS_PORT, "0")
                .set(ConfigKey.HTTP_PORT, "0")
                .set(ConfigKey.EVENT_LOOPS, "1")
                .build();
        Map<String, String> tables = new LinkedHashMap<>();
        try (PabalServer server = PabalServer.start(config, failure -> {})) {
            tables.put("apis", apis(server.kafkaPort()));
            Configs configs = server.broker().configs();
            List<Configs.Entry> topic = configs.topicEntries(new Topic(new UUID(0, 1), "any", 1, 0, Map.of(), false));
            tables.put("topic configs", configs(topic, entry -> !withoutEffect(entry)));
            tables.put("topic configs without effect", configs(topic, KafkaDocumentTest::withoutEffect));
            List<Configs.Entry> broker = configs.brokerEntries("1");
            tables.put("broker configs", brokerConfigs(broker, entry -> !withoutEffect(entry)));
            tables.put("broker configs without effect", configs(broker, KafkaDocumentTest::withoutEffect));
        }
        return tables;
    }

    private static String apis(int port) throws IOException {
        StringBuilder table = new StringBuilder("| key | API | versions |\n|---|---|---|\n");
        advertised(port).data().apiKeys().stream()
                .sorted(Comparator.comparing(ApiVersion::apiKey))
                .forEach(api -> table.append("| %d | %s | %d to %d |%n"
                        .formatted(api.apiKey(), ApiKeys.forId(api.apiKey()), api.minVersion(), api.maxVersion())));
        return table.toString();
    }

    private static ApiVersionsResponse advertised(int port) throws IOException {
        RequestHeader header = new RequestHeader(ApiKeys.API_VERSIONS, VERSION, "docs", 1);
        ByteBuffer request = RequestUtils.serialize(
                header.data(),
                header.headerVersion(),
                new ApiVersionsRequestData().setClientSoftwareName("docs").setClientSoftwareVersion("1"),
                VERSION);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(request.remaining());
            out.write(request.array(), request.position(), request.remaining());
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = in.readNBytes(in.readInt());
            return (ApiVersionsResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header);
        }
    }

    private static boolean withoutEffect(Configs.Entry entry) {
        return entry.documentation().contains(WITHOUT_EFFECT);
    }

    private static String configs(List<Configs.Entry> entries, Predicate<Configs.Entry> which) {
        return "| config | default | |\n|---|---|---|\n"
                + rows(entries, which, entry -> "| `%s` | %s | %s |%n"
                        .formatted(entry.name(), value(entry), words(entry)));
    }

    private static String brokerConfigs(List<Configs.Entry> entries, Predicate<Configs.Entry> which) {
        return "| config | default | while it runs | |\n|---|---|---|---|\n"
                + rows(entries, which, entry -> "| `%s` | %s | %s | %s |%n"
                        .formatted(entry.name(), value(entry), entry.readOnly() ? "no" : "yes", entry.documentation()));
    }

    private static String rows(
            List<Configs.Entry> entries, Predicate<Configs.Entry> which, Function<Configs.Entry, String> row) {
        return entries.stream()
                .filter(which)
                .sorted(Comparator.comparing(Configs.Entry::name))
                .map(row)
                .collect(Collectors.joining());
    }

    /** What it means; in the tables of configs without effect the reason alone follows. */
    private static String words(Configs.Entry entry) {
        return entry.documentation().replace(WITHOUT_EFFECT, " No effect: ").replace("|", "\\|");
    }

    /** The value where it is the same on every machine. */
    private static String value(Configs.Entry entry) {
        return entry.source() != Configs.Source.DEFAULT
                        || entry.value() == null
                        || entry.value().isEmpty()
                ? ""
                : "`" + entry.value() + "`";
    }

    private static String with(String page, String name, String table) {
        String start = "<!-- " + name + " -->\n";
        int from = page.indexOf(start);
        assertThat(from).as("docs/kafka.md has a place for " + name).isNotNegative();
        int to = page.indexOf("<!-- end -->", from);
        return page.substring(0, from + start.length()) + table + page.substring(to);
    }

    private static Path page() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("docs/kafka.md"))) {
                return at.resolve("docs/kafka.md");
            }
        }
        throw new AssertionError("docs/kafka.md is not above " + Path.of("").toAbsolutePath());
    }
}

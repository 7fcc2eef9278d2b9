package dev.pabal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.server.config.ConfigKey;
import dev.pabal.server.config.PabalConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PabalServerTest {
    private static final Consumer<Throwable> NO_FAILURE = failure -> {
        throw new AssertionError("the store failed", failure);
    };

    @TempDir
    private Path data;

    private PabalConfig.Builder config() {
        return PabalServer.configBuilder()
                .set(ConfigKey.DATA_DIR, data.resolve("store").toString())
                .set(ConfigKey.KAFKA_PORT, "0")
                .set(ConfigKey.AMQP_PORT, "0")
                .set(ConfigKey.SQS_PORT, "0")
                .set(ConfigKey.HTTP_PORT, "0")
                .set(ConfigKey.EVENT_LOOPS, "1");
    }

    @Test
    void healthAndMetricsAnswer() throws Exception {
        try (PabalServer server = PabalServer.start(config().build(), NO_FAILURE)) {
            HttpResponse<String> health = send(server, "GET", "/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).isEqualTo("{\"status\":\"up\",\"store\":\"writable\"}\n");
            HttpResponse<String> metrics = send(server, "GET", "/metrics?name=x");
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.body())
                    .contains("pabal_store_writable 1.0", "pabal_kafka_connections 0.0", "jvm_threads");
        }
    }

    @Test
    void anAddressOfColonsIsToldInBrackets() {
        PabalConfig config =
                config().set(ConfigKey.ADVERTISED_HOST, "2001:db8::7").build();
        try (PabalServer server = PabalServer.start(config, NO_FAILURE)) {
            assertThat(server.kafkaAddress()).isEqualTo("[2001:db8::7]:" + server.kafkaPort());
            assertThat(server.httpAddress()).isEqualTo("[2001:db8::7]:" + server.httpPort());
        }
    }

    @Test
    void theListenersConfigsHold() throws Exception {
        PabalConfig config = config().set("max.connections", "1", "the test")
                .set("socket.receive.buffer.bytes", "65536", "the test")
                .set("socket.send.buffer.bytes", "65536", "the test")
                .set("queued.max.request.bytes", "1", "the test")
                .build();
        try (PabalServer server = PabalServer.start(config, NO_FAILURE);
                Socket first = new Socket("127.0.0.1", server.kafkaPort());
                Socket second = new Socket("127.0.0.1", server.kafkaPort())) {
            first.setSoTimeout(30_000);
            second.setSoTimeout(30_000);
            assertThat(second.getInputStream().read()).as("closed at once").isEqualTo(-1);
        }
    }

    @Test
    void limitsThatServeNobodyAreRefusedInASentence() {
        PabalConfig config =
                config().set("socket.request.max.bytes", "512", "the test").build();
        assertThatThrownBy(() -> PabalServer.start(config, NO_FAILURE))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("socket.request.max.bytes");
    }

    @Test
    void headSendsTheHeadersOnly() throws Exception {
        try (PabalServer server = PabalServer.start(config().build(), NO_FAILURE)) {
            HttpResponse<String> head = send(server, "HEAD", "/health");
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValueAsLong("content-length")).hasValue(35);
        }
    }

    @Test
    void whatIsNotServedIsRefused() throws Exception {
        try (PabalServer server = PabalServer.start(config().build(), NO_FAILURE)) {
            assertThat(send(server, "GET", "/").statusCode()).isEqualTo(404);
            assertThat(send(server, "GET", "/health/").statusCode()).isEqualTo(404);
            assertThat(send(server, "DELETE", "/health").statusCode()).isEqualTo(405);
            assertThat(raw(server, "GET /health HTTP/1.1\r\nX: " + "y".repeat(9_000) + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 4");
            assertThat(raw(server, "POST /health HTTP/1.1\r\nConnection: close\r\nContent-Length: 99999999\r\n\r\n"))
                    .startsWith("HTTP/1.1 413");
            assertThat(send(server, "GET", "/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (PabalServer server = PabalServer.start(config().build(), NO_FAILURE)) {
            String answers = raw(
                    server,
                    "GET /metrics HTTP/1.1\r\n\r\nGET /nothing HTTP/1.1\r\n\r\n"
                            + "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n");
            int metrics = answers.indexOf("pabal_store_writable");
            int nothing = answers.indexOf("HTTP/1.1 404");
            int health = answers.indexOf("\"status\":\"up\"");
            assertThat(new int[] {0, metrics, nothing, health}).isSorted().doesNotContain(-1);
        }
    }

    @Test
    void aPortInUseIsOneSentenceAndLeavesNothingBehind() {
        try (PabalServer first = PabalServer.start(config().build(), NO_FAILURE)) {
            PabalConfig.Builder other = config().set(
                            ConfigKey.DATA_DIR, data.resolve("second").toString())
                    .set(ConfigKey.KAFKA_PORT, Integer.toString(first.kafkaPort()));
            assertThatThrownBy(() -> PabalServer.start(other.build(), NO_FAILURE))
                    .isInstanceOfSatisfying(
                            StartException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
                    .hasMessage("The Kafka port 127.0.0.1:" + first.kafkaPort() + " cannot be bound (it is in use);"
                            + " stop what uses it or choose another with --kafka-port (0 takes any free one).");
            other.set(ConfigKey.KAFKA_PORT, "0");
            PabalServer.start(other.build(), NO_FAILURE).close();
        }
    }

    @Test
    void listeningBeyondLoopbackNeedsInsecure() {
        PabalConfig.Builder open = config().set(ConfigKey.HOST, "0.0.0.0");
        assertThatThrownBy(() -> PabalServer.start(open.build(), NO_FAILURE))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessageContaining("--insecure");
        open.set(ConfigKey.INSECURE, "true");
        assertThatThrownBy(() -> PabalServer.start(open.build(), NO_FAILURE)).hasMessageContaining("--advertised-host");
    }

    @Test
    void aWrongBrokerConfigIsOneSentence() {
        PabalConfig wrong = config().set("num.partitions", "0", "--set").build();
        assertThatThrownBy(() -> PabalServer.start(wrong, NO_FAILURE))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessageContaining("num.partitions");
    }

    private static HttpResponse<String> send(PabalServer server, String method, String path)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + server.httpAddress() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Everything that is answered until the server closes. */
    private static String raw(PabalServer server, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.httpPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

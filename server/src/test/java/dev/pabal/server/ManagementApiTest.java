package dev.pabal.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.server.config.ConfigKey;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The management API over a socket, against a started broker. */
final class ManagementApiTest {
    @TempDir
    private static Path data;

    private static PabalServer server;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        server = PabalServer.start(
                PabalServer.configBuilder()
                        .set(ConfigKey.DATA_DIR, data.resolve("store").toString())
                        .set(ConfigKey.KAFKA_PORT, "0")
                        .set(ConfigKey.AMQP_PORT, "0")
                        .set(ConfigKey.SQS_PORT, "0")
                        .set(ConfigKey.HTTP_PORT, "0")
                        .set(ConfigKey.EVENT_LOOPS, "1")
                        .build(),
                failure -> {});
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> send(String user, String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + server.httpAddress() + "/api/" + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (user != null) {
            request.header("Authorization", basic(user));
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> as(String method, String path, String body) throws Exception {
        return send("guest:guest", method, path, body);
    }

    private static int status(String method, String path, String body) throws Exception {
        return as(method, path, body).statusCode();
    }

    private static String get(String path) throws Exception {
        HttpResponse<String> response = as("GET", path, null);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    @Test
    void nobodyComesInWithoutThePassword() throws Exception {
        for (String user : new String[] {null, "guest:wrong", "nobody:guest", "guest"}) {
            HttpResponse<String> response = send(user, "GET", "overview", null);
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(response.body()).contains("\"error\":\"not_authorized\"");
        }
    }

    @Test
    void aMessageGoesThroughAnExchangeIntoAQueueAndOut() throws Exception {
        assertThat(status("PUT", "exchanges/%2F/way", "{\"type\":\"topic\"}")).isEqualTo(201);
        assertThat(status("PUT", "exchanges/%2F/way", "{\"type\":\"topic\"}")).isEqualTo(204);
        assertThat(status("PUT", "queues/%2F/way%20in", "{}")).isEqualTo(201);
        assertThat(status("PUT", "queues/%2F/way%20in", "{\"durable\":true}")).isEqualTo(204);
        HttpResponse<String> bound =
                as("POST", "bindings/%2F/e/way/q/way%20in", "{\"routing_key\":\"a.#\",\"arguments\":{}}");
        assertThat(bound.statusCode()).isEqualTo(201);
        assertThat(bound.headers().firstValue("Location")).hasValue("way%20in/a.%23");
        String message = "{\"properties\":{\"message_id\":\"m\",\"headers\":{\"n\":1}},\"routing_key\":\"%s\","
                + "\"payload\":\"hello\",\"payload_encoding\":\"string\"}";
        assertThat(as("POST", "exchanges/%2F/way/publish", message.formatted("a.b"))
                        .body())
                .isEqualTo("{\"routed\":true}");
        assertThat(as("POST", "exchanges/%2F/way/publish", message.formatted("b"))
                        .body())
                .isEqualTo("{\"routed\":false}");
        String taken = "{\"count\":2,\"ackmode\":\"%s\",\"encoding\":\"auto\"}";
        String first = as("POST", "queues/%2F/way%20in/get", taken.formatted("ack_requeue_true"))
                .body();
        assertThat(first).contains("\"payload\":\"hello\"", "\"message_id\":\"m\"", "\"redelivered\":false");
        String second = as("POST", "queues/%2F/way%20in/get", taken.formatted("ack_requeue_false"))
                .body();
        assertThat(second).contains("\"headers\":{\"n\":1}", "\"redelivered\":true");
        assertThat(as("POST", "queues/%2F/way%20in/get", taken.formatted("ack_requeue_false"))
                        .body())
                .isEqualTo("[]");
        assertThat(status("DELETE", "bindings/%2F/e/way/q/way%20in/a.%2523", null))
                .isEqualTo(204);
        assertThat(status("DELETE", "queues/%2F/way%20in", null)).isEqualTo(204);
        assertThat(status("DELETE", "queues/%2F/way%20in", null)).isEqualTo(404);
        assertThat(status("DELETE", "exchanges/%2F/way", null)).isEqualTo(204);
    }

    @Test
    void whatCountsMessagesIsThereForScalers() throws Exception {
        as("PUT", "queues/%2F/scaled", "{}");
        for (int i = 0; i < 3; i++) {
            as(
                    "POST",
                    "exchanges/%2F/amq.default/publish",
                    "{\"routing_key\":\"scaled\",\"payload\":\"x\",\"payload_encoding\":\"string\",\"properties\":{}}");
        }
        assertThat(get("queues/%2F/scaled"))
                .contains("\"messages\":3", "\"messages_ready\":3", "\"messages_unacknowledged\":0", "publish_details");
        assertThat(status("DELETE", "queues/%2F/scaled/contents", null)).isEqualTo(204);
        assertThat(get("queues/%2F/scaled?columns=name,messages,message_stats.publish"))
                .contains("\"messages\":0");
        as("DELETE", "queues/%2F/scaled", null);
    }

    @Test
    void aQueueThatGrowsSaysHowFast() throws Exception {
        as("PUT", "queues/%2F/growing", "{}");
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> {
            as(
                    "POST",
                    "exchanges/%2F/amq.default/publish",
                    "{\"routing_key\":\"growing\",\"payload\":\"x\",\"payload_encoding\":\"string\",\"properties\":{}}");
            return get("queues/%2F/growing?columns=messages_details")
                    .matches("\\{\"messages_details\":\\{\"rate\":(0\\.0?[1-9]|[1-9]).*");
        });
        as("DELETE", "queues/%2F/growing", null);
    }

    @Test
    void listsComeInPages() throws Exception {
        for (int i = 0; i < 5; i++) {
            as("PUT", "queues/%2F/page-" + i, "{}");
        }
        assertThat(get("queues/%2F?page=2&page_size=2&name=page-&columns=name"))
                .contains(
                        "\"filtered_count\":5",
                        "\"page_count\":3",
                        "\"items\":[{\"name\":\"page-2\"},{\"name\":\"page-3\"}]");
        assertThat(get("queues/%2F?page=1&page_size=2&name=%5Epage-%5B34%5D%24&use_regex=true&columns=name"
                        + "&sort=name&sort_reverse=true"))
                .contains("\"items\":[{\"name\":\"page-4\"},{\"name\":\"page-3\"}]");
        assertThat(as("GET", "queues/%2F?page=9&page_size=100", null).body()).contains("page_out_of_range");
        assertThat(status("GET", "queues/%2F?page=0", null)).isEqualTo(400);
        assertThat(status("GET", "queues/%2F?page=1&use_regex=true&name=%28", null))
                .isEqualTo(400);
        for (int i = 0; i < 5; i++) {
            as("DELETE", "queues/%2F/page-" + i, null);
        }
    }

    @Test
    void tagsSayWhatAUserMayDo() throws Exception {
        as("PUT", "users/watcher", "{\"password\":\"w\",\"tags\":\"monitoring\"}");
        as("PUT", "users/worker", "{\"password\":\"w\",\"tags\":[\"management\"]}");
        as("PUT", "users/nobody", "{\"password\":\"w\",\"tags\":\"\"}");
        assertThat(send("nobody:w", "GET", "whoami", null).statusCode()).isEqualTo(401);
        assertThat(send("watcher:w", "GET", "nodes", null).statusCode()).isEqualTo(200);
        assertThat(send("watcher:w", "GET", "users", null).statusCode()).isEqualTo(401);
        assertThat(send("worker:w", "GET", "nodes", null).statusCode()).isEqualTo(401);
        assertThat(send("worker:w", "GET", "queues/%2F", null).statusCode()).isEqualTo(401);
        as("PUT", "permissions/%2F/worker", "{\"configure\":\"^own\",\"write\":\".*\",\"read\":\".*\"}");
        assertThat(send("worker:w", "GET", "queues/%2F", null).statusCode()).isEqualTo(200);
        assertThat(send("worker:w", "PUT", "queues/%2F/own", "{}").statusCode()).isEqualTo(201);
        assertThat(send("worker:w", "PUT", "queues/%2F/others", "{}").statusCode())
                .isEqualTo(401);
        as("DELETE", "queues/%2F/own", null);
        as("POST", "users/bulk-delete", "{\"users\":[\"watcher\",\"worker\",\"nobody\"]}");
        assertThat(get("users")).contains("guest").doesNotContain("worker");
    }

    @Test
    void definitionsComeOutAndGoIn() throws Exception {
        as("PUT", "vhosts/moved", "{\"description\":\"d\"}");
        as("PUT", "permissions/moved/guest", "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}");
        as("PUT", "queues/moved/q", "{\"arguments\":{\"x-max-length\":5}}");
        as("PUT", "exchanges/moved/e", "{\"type\":\"headers\"}");
        as("POST", "bindings/moved/e/e/q/q", "{\"routing_key\":\"\",\"arguments\":{\"x-match\":\"any\",\"a\":1}}");
        as(
                "PUT",
                "policies/moved/p",
                "{\"pattern\":\"^q\",\"definition\":{\"message-ttl\":1000},\"apply-to\":\"queues\"}");
        String all = get("definitions");
        String one = get("definitions/moved");
        assertThat(one).contains("\"x-max-length\":5", "\"x-match\":\"any\"", "\"message-ttl\":1000");
        assertThat(status("DELETE", "vhosts/moved", null)).isEqualTo(204);
        assertThat(status("GET", "queues/moved/q", null)).isEqualTo(404);
        assertThat(as("POST", "definitions", all).statusCode()).isEqualTo(204);
        assertThat(get("definitions/moved")).isEqualTo(one);
        assertThat(as("POST", "definitions/moved", one).statusCode()).isEqualTo(204);
        as("DELETE", "vhosts/moved", null);
    }

    @Test
    void definitionsWithAFaultMakeNothing() throws Exception {
        String faulty = "{\"queues\":[{\"name\":\"half\",\"vhost\":\"/\"},"
                + "{\"name\":\"bad\",\"vhost\":\"/\",\"arguments\":{\"x-max-length\":-1}}]}";
        assertThat(status("POST", "definitions", faulty)).isEqualTo(400);
        assertThat(status("GET", "queues/%2F/half", null)).isEqualTo(404);
        String policy = "{\"queues\":[{\"name\":\"half\",\"vhost\":\"/\"}],"
                + "\"policies\":[{\"name\":\"p\",\"vhost\":\"/\",\"pattern\":\"x\",\"definition\":{\"nonsense\":1}}]}";
        assertThat(status("POST", "definitions", policy)).isEqualTo(400);
        assertThat(status("GET", "queues/%2F/half", null)).isEqualTo(404);
    }

    @Test
    void definitionsThatReferToWhatIsNotThereMakeNothing() throws Exception {
        String queue = "\"queues\":[{\"name\":\"half\",\"vhost\":\"/\"}]";
        for (String fault : new String[] {
            "\"bindings\":[{\"source\":\"nowhere\",\"vhost\":\"/\",\"destination\":\"half\",\"destination_type\":\"queue\","
                    + "\"routing_key\":\"\",\"arguments\":{}}]",
            "\"permissions\":[{\"user\":\"nobody\",\"vhost\":\"/\",\"configure\":\"\",\"write\":\"\",\"read\":\"\"}]",
            "\"policies\":[{\"name\":\"p\",\"vhost\":\"absent\",\"pattern\":\"x\",\"definition\":{\"message-ttl\":1}}]",
            "\"exchanges\":[{\"name\":\"e\",\"vhost\":\"/\",\"type\":\"strange\"}]"
        }) {
            assertThat(status("POST", "definitions", "{" + queue + "," + fault + "}"))
                    .as(fault)
                    .isEqualTo(400);
            assertThat(status("GET", "queues/%2F/half", null)).as(fault).isEqualTo(404);
        }
    }

    @Test
    void whatIsThereAlreadyStaysWhateverDefinitionsSayAndTheRestIsMade() throws Exception {
        as("PUT", "queues/%2F/stays", "{\"arguments\":{\"x-max-length\":5}}");
        as("PUT", "exchanges/%2F/same", "{\"type\":\"fanout\"}");
        String definitions = "{\"queues\":[{\"name\":\"stays\",\"vhost\":\"/\",\"arguments\":{\"x-max-length\":7}},"
                + "{\"name\":\"made\",\"vhost\":\"/\"},{\"name\":\"amq.own\",\"vhost\":\"/\"}],"
                + "\"exchanges\":[{\"name\":\"same\",\"vhost\":\"/\",\"type\":\"topic\"}],"
                + "\"bindings\":[{\"source\":\"same\",\"vhost\":\"/\",\"destination\":\"made\",\"destination_type\":\"queue\","
                + "\"routing_key\":\"\",\"arguments\":{}}]}";
        assertThat(as("POST", "definitions", definitions).statusCode()).isEqualTo(204);
        assertThat(get("queues/%2F/stays")).contains("\"x-max-length\":5");
        assertThat(get("exchanges/%2F/same")).contains("fanout");
        assertThat(get("exchanges/%2F/same/bindings/source")).contains("\"destination\":\"made\"");
        for (String queue : new String[] {"stays", "made"}) {
            as("DELETE", "queues/%2F/" + queue, null);
        }
        as("DELETE", "exchanges/%2F/same", null);
    }

    @Test
    void anImportThatALimitStopsSaysWhatHolds() throws Exception {
        as("PUT", "vhosts/narrow", "{}");
        as("PUT", "vhost-limits/narrow/max-queues", "{\"value\":1}");
        String definitions = "{\"queues\":[{\"name\":\"first\"},{\"name\":\"second\"},{\"name\":\"third\"}]}";
        HttpResponse<String> stopped = as("POST", "definitions/narrow", definitions);
        assertThat(stopped.statusCode()).isEqualTo(400);
        assertThat(stopped.body())
                .contains("stopped at queue 'second' in vhost 'narrow'", "1 of 3 definitions hold (queues: 1)");
        assertThat(status("GET", "queues/narrow/first", null)).isEqualTo(200);
        as("DELETE", "vhosts/narrow", null);
    }

    @Test
    void copiesGoToTheKeysInCcAndBcc() throws Exception {
        for (String queue : new String[] {"to", "copy", "blind"}) {
            as("PUT", "queues/%2F/" + queue, "{}");
        }
        String message = "{\"properties\":{\"headers\":{\"CC\":[\"copy\"],\"BCC\":[\"blind\"]}},"
                + "\"routing_key\":\"to\",\"payload\":\"hello\",\"payload_encoding\":\"string\"}";
        assertThat(as("POST", "exchanges/%2F/amq.default/publish", message).body())
                .isEqualTo("{\"routed\":true}");
        for (String queue : new String[] {"to", "copy", "blind"}) {
            assertThat(as(
                                    "POST",
                                    "queues/%2F/" + queue + "/get",
                                    "{\"count\":1,\"ackmode\":\"ack_requeue_false\",\"encoding\":\"auto\"}")
                            .body())
                    .contains("\"payload\":\"hello\"", "\"CC\"")
                    .doesNotContain("BCC");
            as("DELETE", "queues/%2F/" + queue, null);
        }
        assertThat(status("POST", "exchanges/%2F/amq.default/publish", message.replace("[\"copy\"]", "\"copy\"")))
                .isEqualTo(400);
    }

    @Test
    void whatASingleNodeHasNothingToDoForIsDone() throws Exception {
        assertThat(status("POST", "rebalance/queues", null)).isEqualTo(204);
        assertThat(get("deprecated-features/used")).isEqualTo("[]");
    }

    @Test
    void oneObjectShowsWhatIsAskedForToo() throws Exception {
        assertThat(get("vhosts/%2F?columns=name,metadata.default_queue_type"))
                .isEqualTo("{\"name\":\"/\",\"metadata\":{\"default_queue_type\":\"classic\"}}");
        assertThat(get("overview?columns=contexts"))
                .contains(
                        "\"protocol\":\"http\"",
                        "\"port\":" + server.httpAddress().replaceAll(".*:", ""));
        assertThat(get("overview?columns=object_totals.queues")).matches("\\{\"object_totals\":\\{\"queues\":\\d+}}");
    }

    @Test
    void whoMayReadMayAskForTheHead() throws Exception {
        as("PUT", "users/reader", "{\"password\":\"w\",\"tags\":\"monitoring\"}");
        assertThat(send("reader:w", "GET", "queues/%2F", null).statusCode()).isEqualTo(200);
        assertThat(send("reader:w", "HEAD", "queues/%2F", null).statusCode()).isEqualTo(200);
        as("DELETE", "users/reader", null);
    }

    @Test
    void healthChecksAndTheAlivenessTestAnswer() throws Exception {
        assertThat(get("aliveness-test/%2F")).isEqualTo("{\"status\":\"ok\"}");
        for (String check : new String[] {
            "alarms",
            "local-alarms",
            "virtual-hosts",
            "node-is-quorum-critical",
            "protocol-listener/amqp",
            "protocol-listener/sqs",
            "port-listener/" + server.amqpPort()
        }) {
            assertThat(get("health/checks/" + check)).contains("\"status\":\"ok\"");
        }
        assertThat(status("GET", "health/checks/port-listener/1", null)).isEqualTo(503);
        assertThat(get("overview")).contains("\"queue_totals\"", "\"listeners\"");
        assertThat(get("nodes")).contains("\"running\":true");
        assertThat(get("connections")).isEqualTo("[]");
        assertThat(status("DELETE", "connections/absent", null)).isEqualTo(404);
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        assertThat(status("GET", "nonsense", null)).isEqualTo(404);
        assertThat(status("PATCH", "queues", null)).isEqualTo(405);
        assertThat(as("PUT", "queues/%2F/x", "{").body()).contains("\"error\":\"not_json\"");
        assertThat(as("PUT", "queues/%2F/x", "{\"arguments\":{\"x-max-length\":-1}}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(as("PUT", "exchanges/%2F/x", "{\"type\":\"nonsense\"}").statusCode())
                .isEqualTo(400);
        assertThat(as("PUT", "queues/absent/x", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void aBodyOfAStrangerIsCutOffSoon() throws Exception {
        assertThat(rawPut("", 4096)).contains("413");
        assertThat(rawPut("Authorization: " + basic("guest:wrong") + "\r\n", 4096))
                .contains("413");
        assertThat(rawPut("Authorization: " + basic("guest:guest") + "\r\n", 20 << 20))
                .contains("413");
    }

    /** Announces a body, and sends none. */
    private static String rawPut(String header, int contentLength) throws IOException {
        String[] address = server.httpAddress().split(":");
        try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write(("PUT /api/queues/%2F/x HTTP/1.1\r\nHost: x\r\n" + header + "Content-Length: " + contentLength
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}

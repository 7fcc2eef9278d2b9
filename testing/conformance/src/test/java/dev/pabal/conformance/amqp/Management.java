package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** The management HTTP API, as guest: users, permissions, policies and connections. */
final class Management {
    private final AmqpUnderTest broker;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Management(AmqpUnderTest broker) {
        this.broker = broker;
    }

    /** One path of the API from its parts, each percent-encoded. */
    static String path(String... parts) {
        StringBuilder path = new StringBuilder("/api");
        for (String part : parts) {
            path.append('/')
                    .append(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        return path.toString();
    }

    void put(String json, String... parts) throws IOException {
        HttpResponse<String> response = send("PUT", json, parts);
        assertThat(response.statusCode()).as(response.body()).isIn(201, 204);
    }

    String get(String... parts) throws IOException {
        HttpResponse<String> response = send("GET", "", parts);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    void delete(String... parts) throws IOException {
        HttpResponse<String> response = send("DELETE", "", parts);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
    }

    /** Deletes what may be missing. */
    void clear(String... parts) throws IOException {
        assertThat(send("DELETE", "", parts).statusCode()).isIn(204, 404);
    }

    private HttpResponse<String> send(String method, String json, String... parts) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(broker.http(path(parts)))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(AmqpTest.bytes("guest:guest")))
                .method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                .build();
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    void policy(String name, String pattern, String definition) throws IOException {
        put(
                "{\"pattern\":\"" + pattern + "\",\"definition\":{" + definition
                        + "},\"priority\":1,\"apply-to\":\"all\"}",
                "policies",
                "/",
                name);
    }
}

package dev.pabal.conformance.sqs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.StringJoiner;

/** Requests in both wire protocols as no SDK hides them: JSON 1.0, and Query with its answers in XML. */
final class Wire {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final SqsUnderTest broker;

    Wire(SqsUnderTest broker) {
        this.broker = broker;
    }

    /** A JSON request with any target and body. */
    HttpResponse<String> json(String target, String body) {
        return send(HttpRequest.newBuilder(broker.uri("/"))
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", target)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** A form POST to {@code /}: names and values by turns. */
    HttpResponse<String> post(String... parameters) {
        return postTo(broker.uri("/"), parameters);
    }

    HttpResponse<String> postTo(URI uri, String... parameters) {
        return send(HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(form(parameters))));
    }

    /** A GET of this address, such as a queue's URL, with these parameters. */
    HttpResponse<String> get(String url, String... parameters) {
        return send(HttpRequest.newBuilder(URI.create(url + "?" + form(parameters))));
    }

    private static String form(String... parameters) {
        StringJoiner form = new StringJoiner("&");
        for (int i = 0; i < parameters.length; i += 2) {
            form.add(encoded(parameters[i]) + "=" + encoded(parameters[i + 1]));
        }
        return form.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static JsonNode tree(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + response.body(), e);
        }
    }

    /** The name of a JSON error, without its name space. */
    static String type(HttpResponse<String> response) {
        String type = tree(response).path("__type").asText();
        return type.substring(type.indexOf('#') + 1);
    }
}

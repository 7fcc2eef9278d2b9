package dev.pabal.cli.amqp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pabal.cli.client.CommandFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The option {@code --http} of commands that ask the management API, and the questions. */
public final class ManagementOption {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int PAGE = 500;

    private final ObjectMapper json = new ObjectMapper();

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9080",
            description = "The broker's HTTP address (default: ${DEFAULT-VALUE}).")
    private String http = "127.0.0.1:9080";

    @Mixin
    private LoginOption login = new LoginOption();

    /** The path segment of the virtual host. */
    public String virtualHost() {
        return segment(login.virtualHost());
    }

    /** A name as a segment of a path. */
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * What stands at a path below {@code /api}.
     *
     * @throws CommandFailure where the broker does not answer, or refuses
     */
    public JsonNode read(String path) throws InterruptedException {
        return ask(request(path).GET().build());
    }

    /** Everything of a list, page by page. */
    public List<JsonNode> readAll(String path) throws InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        int pages = 1;
        for (int page = 1; page <= pages; page++) {
            JsonNode answer = read(path + "?page=" + page + "&page_size=" + PAGE);
            (answer.isArray() ? answer : answer.path("items")).forEach(all::add);
            pages = answer.path("page_count").asInt(1);
        }
        return all;
    }

    /** The answer to a body sent to a path. */
    public JsonNode post(String path, Object body) throws InterruptedException, JsonProcessingException {
        return ask(request(path)
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        HostAndPort address = HostAndPort.parse("--http", http);
        String credentials = login.user() + ":" + login.password();
        return HttpRequest.newBuilder(URI.create("http://" + address.host() + ":" + address.port() + "/api/" + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }

    private JsonNode ask(HttpRequest request) throws InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 == 2) {
                return json.readTree(response.body());
            }
            throw new CommandFailure(CommandFailure.FAILED, refusal(response));
        } catch (JsonProcessingException e) {
            throw new CommandFailure(
                    CommandFailure.FAILED, "What answers at " + http + " is not the management API; check --http.");
        } catch (IOException e) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "No broker answers at http://" + http
                            + "; start one with 'pabal start', or name another with --http HOST:PORT.");
        }
    }

    private String refusal(HttpResponse<byte[]> response) {
        return switch (response.statusCode()) {
            case 401 ->
                "The broker refuses user '" + login.user()
                        + "'; check --user and the environment variable AMQP_PASSWORD.";
            case 404 ->
                "There is no such thing in virtual host '" + login.virtualHost()
                        + "'; 'pabal queue list' and 'pabal exchange list' show what there is.";
            default ->
                "The broker answers " + response.statusCode() + ": "
                        + new String(response.body(), StandardCharsets.UTF_8).strip();
        };
    }
}

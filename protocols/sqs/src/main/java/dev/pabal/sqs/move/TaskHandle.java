package dev.pabal.sqs.move;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What clients cancel a task by: {@code {"taskId":"...","sourceArn":"..."}} in base64, as SQS writes it.
 *
 * @param taskId the task
 * @param sourceArn its source
 */
record TaskHandle(UUID taskId, String sourceArn) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The handle's text. */
    String encoded() {
        String json = MAPPER.createObjectNode()
                .put("taskId", taskId.toString())
                .put("sourceArn", sourceArn)
                .toString();
        return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** What the text says, null where it is no handle. */
    static @Nullable TaskHandle decoded(String text) {
        try {
            JsonNode json = MAPPER.readTree(Base64.getDecoder().decode(text));
            JsonNode source = json == null ? null : json.get("sourceArn");
            return source == null || !source.isTextual()
                    ? null
                    : new TaskHandle(UUID.fromString(json.path("taskId").asText()), source.asText());
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }
}

package dev.pabal.sqs.queue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** JSON texts inside of attributes: policies and task handles. Any thread. */
final class Documents {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Documents() {}

    /** An empty object. */
    static ObjectNode newObject() {
        return MAPPER.createObjectNode();
    }

    /** The text as an object, null where it is none. */
    static @Nullable ObjectNode object(String text) {
        try {
            JsonNode node = MAPPER.readTree(text.getBytes(StandardCharsets.UTF_8));
            return node instanceof ObjectNode object ? object : null;
        } catch (IOException e) {
            return null;
        }
    }

    static String text(JsonNode node) {
        return node.toString();
    }
}

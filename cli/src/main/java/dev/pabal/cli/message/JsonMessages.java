package dev.pabal.cli.message;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line. The body is a string where it is UTF-8, otherwise an object with its bytes in Base64; properties that are not set
 * are left out:
 *
 * <pre>{@code
 * {"exchange":"","key":"orders","redelivered":false,"properties":{"delivery-mode":2},"headers":{},"body":"text"}
 * }</pre>
 */
final class JsonMessages implements MessageFormat {
    private final ObjectMapper json = new ObjectMapper();

    @Override
    public void write(Envelope envelope, AMQP.BasicProperties properties, byte[] body, OutputStream out)
            throws IOException {
        ObjectNode message = json.createObjectNode();
        message.put("exchange", envelope.getExchange());
        message.put("key", envelope.getRoutingKey());
        message.put("redelivered", envelope.isRedeliver());
        ObjectNode set = message.putObject("properties");
        put(set, "content-type", properties.getContentType());
        put(set, "content-encoding", properties.getContentEncoding());
        put(set, "delivery-mode", properties.getDeliveryMode());
        put(set, "priority", properties.getPriority());
        put(set, "correlation-id", properties.getCorrelationId());
        put(set, "reply-to", properties.getReplyTo());
        put(set, "expiration", properties.getExpiration());
        put(set, "message-id", properties.getMessageId());
        put(
                set,
                "timestamp",
                properties.getTimestamp() == null
                        ? null
                        : properties.getTimestamp().getTime() / 1_000);
        put(set, "type", properties.getType());
        put(set, "user-id", properties.getUserId());
        put(set, "app-id", properties.getAppId());
        ObjectNode headers = message.putObject("headers");
        if (properties.getHeaders() != null) {
            properties.getHeaders().forEach((name, value) -> put(headers, name, value));
        }
        put(message, "body", body);
        out.write(json.writeValueAsBytes(message));
        out.write('\n');
    }

    private void put(ObjectNode object, String field, @Nullable Object value) {
        if (value != null) {
            object.set(field, json.valueToTree(plain(value)));
        }
    }

    /** AMQP's long strings are texts and its byte arrays are too, where they can be. */
    private static Object plain(Object value) {
        if (value instanceof byte[] bytes) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                return Map.of("base64", Base64.getEncoder().encodeToString(bytes));
            }
        } else if (value instanceof List<?> list) {
            return list.stream().map(JsonMessages::plain).toList();
        } else if (value instanceof Map<?, ?> table) {
            LinkedHashMap<String, Object> entries = new LinkedHashMap<>();
            table.forEach((name, entry) -> entries.put(String.valueOf(name), entry == null ? "" : plain(entry)));
            return entries;
        }
        return value instanceof Number || value instanceof Boolean ? value : value.toString();
    }
}
